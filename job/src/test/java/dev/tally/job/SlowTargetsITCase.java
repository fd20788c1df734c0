package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tally.testing.HoldingProxy;
import dev.tally.testing.HoldingProxy.Fate;
import dev.tally.testing.LocalDynamoDb;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A target that takes 5 writes a second, and one that takes none for a while, beside two others of
 * the same table: nothing restarts, no barrier waits, the others' rows come as soon as without
 * them, and no more waits than one row per group. Ten minutes of it: {@code
 * -Dtally.slow.seconds=600}.
 */
class SlowTargetsITCase {

    private static final int SECONDS = Integer.getInteger("tally.slow.seconds", 5);
    private static final int LISTS = 25;
    private static final int GROUPS = LISTS + 1;
    private static final int CHANGES_A_ROUND = 12;

    private static final String[] OTHERS = {
        "tables: { tasks: { name: slow-tasks } }",
        "views:",
        view("fast", ""),
        view("quick", ", freshness: eager"),
    };
    private static final String[] ALL = {
        OTHERS[0],
        OTHERS[1],
        OTHERS[2],
        OTHERS[3],
        view("slow", ", write-capacity: 5"),
        view("stuck", "")
    };

    private final TestTable tasks = new TestTable("slow-tasks", TestTable.TASK_ID);
    private final TaskTraffic traffic = new TaskTraffic(tasks, LISTS, 11);

    private static String view(String name, String more) {
        return String.format(
                "  %1$s: { table: tasks, group-by: [ListId],"
                        + " measures: { TaskCount: count, Effort: { sum: Effort } },"
                        + " to: { table: slow-%1$s%2$s } }",
                name, more);
    }

    @Test
    void delayNobodyElse(@TempDir Path folder) throws Exception {
        traffic.add(60);
        RowProbe without = new RowProbe(tasks.name(), "slow-fast");
        try (TestJob job = TestJob.of(folder, OTHERS)) {
            job.start(2);
            job.awaitExact();
            rounds(without);
            job.stop();
        }
        RowProbe with = new RowProbe(tasks.name(), "slow-fast");
        RowProbe eager = new RowProbe(tasks.name(), "slow-quick");
        try (HoldingProxy proxy = new HoldingProxy(LocalDynamoDb.shared().endpoint());
                TestJob job = TestJob.behind(proxy.endpoint(), folder, ALL)) {
            job.start(2);
            job.awaitExact();
            // Those that were due before all tasks ran count as failed.
            int failedAtStart = checkpoints(job).at("/counts/failed").asInt();
            proxy.next(
                    Integer.MAX_VALUE, "UpdateItem", "\"TableName\":\"slow-stuck\"", Fate.THROTTLE);
            rounds(with);
            rounds(eager);
            assertThat(LocalMetrics.count("rows-stuck", "writesThrottled")).isPositive();
            assertThat(LocalMetrics.count("rows-slow", "writesThrottled")).isZero();
            proxy.forget();
            job.awaitExact();
            assertCalm(checkpoints(job), failedAtStart);
            job.stop();
            assertThat(job.verify().text()).contains("all equal");
            assertThat(job.verify().code()).isZero();
        }
        String figures = "without: " + without + "; with: " + with + "; eager: " + eager;
        System.out.println("slow targets, change to row " + figures);
        assertThat(with.quantile(0.99)).as(figures).isLessThan(2_000 + 2 * without.quantile(0.99));
        assertThat(eager.quantile(0.5)).as(figures).isLessThan(1_000 + with.quantile(0.5));
    }

    private void rounds(RowProbe probe) {
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        while (System.nanoTime() < end || probe.count() < 5) {
            traffic.change(CHANGES_A_ROUND);
            probe.measure();
            for (String view : new String[] {"slow", "stuck", "fast", "quick"}) {
                assertThat(LocalMetrics.max("rows-" + view, "backlog"))
                        .as(view)
                        .isLessThanOrEqualTo(GROUPS);
            }
        }
    }

    private static JsonNode checkpoints(TestJob job) throws Exception {
        return RestPages.json(job.web(), "/jobs/" + job.id() + "/checkpoints");
    }

    /** No checkpoint failed or was slow, and nothing was restored. */
    private static void assertCalm(JsonNode checkpoints, int failedAtStart) {
        assertThat(checkpoints.at("/counts/failed").asInt()).isEqualTo(failedAtStart);
        assertThat(checkpoints.at("/counts/restored").asInt()).isZero();
        assertThat(checkpoints.at("/counts/completed").asInt()).isPositive();
        assertThat(checkpoints.at("/summary/end_to_end_duration/p95").asLong()).isLessThan(5_000);
    }
}
