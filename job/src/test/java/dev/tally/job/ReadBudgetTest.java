package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadBudgetTest {

    private final AtomicLong now = new AtomicLong(1_000);

    @Test
    void withoutALimitNobodyWaits() {
        ReadBudget budget = new ReadBudget(0, now::get);
        budget.spent(1000, 1e9);
        assertThat(budget.waitNanos()).isZero();
        assertThat(budget.limit()).isEqualTo(1000);
    }

    @Test
    void aPageIsPaidForBeforeTheNext() {
        ReadBudget budget = new ReadBudget(10, now::get);
        assertThat(budget.waitNanos()).isLessThanOrEqualTo(0);
        budget.spent(10, 25);
        assertThat(budget.waitNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(2500));
        now.addAndGet(TimeUnit.SECONDS.toNanos(2));
        budget.spent(10, 5);
        assertThat(budget.waitNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(1));
        now.addAndGet(TimeUnit.SECONDS.toNanos(100));
        budget.spent(10, 10);
        assertThat(budget.waitNanos())
                .as("idle time is not saved up")
                .isEqualTo(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void pagesFitTheRate() {
        ReadBudget budget = new ReadBudget(40, now::get);
        assertThat(budget.limit()).isEqualTo(10);
        budget.spent(10, 5);
        assertThat(budget.limit()).isEqualTo(20);
        budget.spent(0, 1e6);
        assertThat(budget.limit()).isEqualTo(1);
    }

    @Test
    void theCostIsInUnitsAndDollars() {
        ReadBudget budget = new ReadBudget(0, now::get);
        budget.spent(1, 2_000_000.5);
        assertThat(budget.cost()).isEqualTo("2,000,000.5 read units, about $0.2500 on demand");
    }
}
