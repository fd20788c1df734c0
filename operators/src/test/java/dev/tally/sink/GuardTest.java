package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GuardTest {

    private static final long SEVEN_PM = 1_795_201_200_000L;

    @Test
    void isATextThatOrdersWithTheTimeBehindIt() {
        assertThat(Guard.of(7, 42, 0, SEVEN_PM).text())
                .isEqualTo("0000000007-0000000000000042-0000000000/2026-11-20T19:00:00.000Z");
        assertThat(Guard.of(7, 42, 3, 0).text())
                .isEqualTo("0000000007-0000000000000042-0000000003/");
    }

    @Test
    void readsBackWhatItWrote() {
        Guard guard = Guard.of(7, 42, 9, SEVEN_PM + 1);

        Guard read = Guard.parse(guard.text()).orElseThrow();

        assertThat(read).isEqualTo(guard);
        assertThat(read.text()).isEqualTo(guard.text());
        assertThat(read.submission()).isEqualTo(7);
        assertThat(read.checkpoint()).isEqualTo(42);
        assertThat(read.counter()).isEqualTo(9);
    }

    @Test
    void takesNoTextOfSomebodyElseForAGuard() {
        assertThat(Guard.parse("")).isEmpty();
        assertThat(Guard.parse("7-42-0/")).isEmpty();
        assertThat(Guard.parse("0000000007-0000000000000042-0000000000")).isEmpty();
    }

    @Test
    void refusesNumbersThatWouldBreakTheOrder() {
        assertThatThrownBy(() -> Guard.of(10_000_000_000L, 1, 0, 0))
                .hasMessageContaining("submission 10000000000 is not in 0 to 9999999999");
        assertThatThrownBy(() -> Guard.of(1, -1, 0, 0)).hasMessageContaining("checkpoint -1");
        assertThatThrownBy(() -> Guard.of(1, 1, 10_000_000_000L, 0))
                .hasMessageContaining("counter 10000000000");
    }

    @Test
    void aBarePositionIsBelowEveryGuardOfThatPositionAndAboveAllBefore() {
        Guard guard = Guard.of(7, 42, 0, SEVEN_PM);

        assertThat(guard.position()).isLessThan(guard.text());
        assertThat(guard.position()).isLessThan(Guard.of(7, 42, 0, 0).text());
        assertThat(guard.position()).isGreaterThan(Guard.of(7, 41, 99, SEVEN_PM * 2).text());
    }

    @Test
    void textsOrderAsGuardsDo() {
        Random random = new Random(1);
        List<Guard> guards = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            guards.add(
                    Guard.of(
                            random.nextInt(12),
                            random.nextInt(120),
                            random.nextInt(12),
                            random.nextInt(3) * SEVEN_PM));
        }
        for (Guard a : guards) {
            for (Guard b : guards) {
                int texts = Integer.signum(a.position().compareTo(b.position()));
                assertThat(Integer.signum(a.compareTo(b))).isEqualTo(texts);
                boolean letIn = b.text().compareTo(a.position()) < 0;
                assertThat(letIn).isEqualTo(a.compareTo(b) > 0);
            }
        }
    }
}
