package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.testing.FaultyProxy;
import dev.tally.testing.FaultyProxy.Fault;
import dev.tally.testing.LocalDynamoDb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole pipeline over a network in trouble, from the scan on: server errors, throttling, broken
 * connections, answers lost, torn or slow, writes that land late, expired iterators, short pages.
 * No guard decreases meanwhile, and when it is over every row equals a recount. Which request meets
 * what depends on the seed, {@code -Dtally.seed}; for longer, {@code -Dtally.faults.seconds}.
 */
class PipelineFaultsITCase {

    private static final long SEED = Long.getLong("tally.seed", 1);
    private static final int SECONDS = Integer.getInteger("tally.faults.seconds", 8);
    private static final int LONGEST_SECONDS = 90;
    private static final Set<Fault> FAULTS =
            EnumSet.complementOf(EnumSet.of(Fault.DENY, Fault.LIMIT, Fault.HANG));

    private final TestTable tasks = new TestTable("faulty-tasks", TestTable.TASK_ID);
    private final TaskTraffic traffic = new TaskTraffic(tasks, 12, SEED);

    @Test
    void endsWithEveryRowRight(@TempDir Path folder) throws Exception {
        traffic.add(100);
        try (FaultyProxy proxy = new FaultyProxy(LocalDynamoDb.shared().endpoint(), SEED);
                TestJob job = job(proxy, folder)) {
            job.start(2);
            trouble(proxy.delay(Duration.ofSeconds(2)));
            try (GuardWatch committed = new GuardWatch("faulty-committed", "committed");
                    GuardWatch eager = new GuardWatch("faulty-eager", "eager")) {
                long begun = System.nanoTime();
                while (within(SECONDS, begun)
                        || (within(LONGEST_SECONDS, begun) && !allInjected(proxy))) {
                    traffic.change(5);
                }
                job.awaitExact();
                traffic.change(20);
                proxy.heal();
                proxy.landed().get(30, TimeUnit.SECONDS);
                job.awaitExact();
                assertThat(committed.decreases()).isEmpty();
                assertThat(eager.decreases()).isEmpty();
            }
            job.stop();
            assertThat(job.verify().text()).as("seed %s", SEED).contains("all equal");
            assertThat(job.verify().code()).isZero();
            for (Fault fault : FAULTS) {
                assertThat(proxy.injected(fault)).as(fault.name()).isPositive();
            }
        }
        assertThat(TaskTraffic.rows("faulty-committed")).isEqualTo(traffic.recount());
        assertThat(TaskTraffic.rows("faulty-eager")).isEqualTo(traffic.recount());
    }

    private static boolean within(int seconds, long begun) {
        return System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(seconds);
    }

    /** On a busy machine there are few calls. */
    private static boolean allInjected(FaultyProxy proxy) {
        return FAULTS.stream().allMatch(fault -> proxy.injected(fault) > 0);
    }

    private static TestJob job(FaultyProxy proxy, Path folder) throws Exception {
        String view =
                "  %1$s: { table: tasks, group-by: [ListId], measures: "
                        + TaskTraffic.MEASURES
                        + ", to: { table: faulty-%1$s, freshness: %1$s } }";
        return TestJob.behind(
                        proxy.endpoint().toString(),
                        folder,
                        "tables: { tasks: { name: faulty-tasks } }",
                        "views:",
                        String.format(view, "committed"),
                        String.format(view, "eager"))
                .restarting();
    }

    private static void trouble(FaultyProxy proxy) {
        proxy.often(0.05, "UpdateItem", Fault.LAND_LATE)
                .often(0.05, "UpdateItem", Fault.LOSE_ANSWER)
                .often(0.03, "UpdateItem", Fault.TEAR_ANSWER)
                .often(0.1, "UpdateItem", Fault.THROTTLE)
                .often(0.05, "GetRecords", Fault.EXPIRE_ITERATOR)
                .often(0.2, "GetRecords", Fault.SHORT_PAGE)
                .often(0.05, "GetRecords", Fault.TEAR_ANSWER)
                .often(0.05, "GetRecords", Fault.THROTTLE)
                .often(0.4, "Scan", Fault.SHORT_PAGE)
                .often(0.05, FaultyProxy.ANY, Fault.FAIL)
                .often(0.03, FaultyProxy.ANY, Fault.RESET)
                .often(0.05, FaultyProxy.ANY, Fault.SLOW);
    }
}
