package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.ItemKey;
import dev.tally.testing.HoldingProxy;
import dev.tally.testing.LocalDynamoDb;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any client writes tasks: the counts are exact, the feed replays to the table, and DynamoDB is
 * asked for no more than that takes. The endpoint that the job talks to is a proxy that keeps
 * count.
 */
class ForeignClientITCase {

    private static final int OPERATIONS = Integer.getInteger("tally.operations", 2_500);
    private static final int LISTS = 40;
    private static final String ROWS = "foreign-counts";

    private final HoldingProxy proxy = new HoldingProxy(LocalDynamoDb.shared().endpoint());
    private TestTable tasks;
    private TaskTraffic traffic;

    @BeforeEach
    void watch() {
        tasks = new TestTable("foreign-tasks", TestTable.TASK_ID);
        traffic = new TaskTraffic(tasks, LISTS, 20_261_120L);
        proxy.watch(tasks.name());
        proxy.watch(ROWS);
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void countsAndFeedAreExactAndNothingIsReadTwice(@TempDir Path folder) throws Exception {
        traffic.add(50);
        try (TestJob job =
                TestJob.behind(
                        proxy.endpoint(),
                        folder,
                        "tables: { tasks: { name: foreign-tasks } }",
                        "views:",
                        "  task-count:",
                        "    table: tasks",
                        "    group-by: [ListId]",
                        "    measures: " + TaskTraffic.MEASURES,
                        "    to: { table: foreign-counts }",
                        "feeds:",
                        "  changes: { table: tasks, to: { stream: foreign-changes } }")) {
            job.start(2);
            job.awaitExact();
            int readsUntilReady = sourceReads();
            assertThat(readsUntilReady).isPositive();
            traffic.change(OPERATIONS);
            job.awaitExact();
            writesOnlyWhatChanged(job);
            writesNothingWhenIdle(job);
            assertThat(sourceReads()).as("reads of the source").isEqualTo(readsUntilReady);
            job.stop();

            TestJob.Verdict verdict = job.verify();
            assertThat(verdict.text()).contains("all equal");
            assertThat(verdict.code()).isZero();
        }
        assertThat(TaskTraffic.rows(ROWS)).isEqualTo(traffic.recount());
        RowWrites.seen(proxy, ROWS).assertEveryOneIsAChange();
        /* Those of before the start are in the stream too, and after the fence. */
        Feed feed = Feed.read("foreign-changes", TestTable.TASK_ID);
        assertThat(feed.byId()).hasSize(traffic.changes());
        assertThat(feed.replay(Map.of())).isEqualTo(tasks.items());
    }

    private void writesOnlyWhatChanged(TestJob job) throws Exception {
        ItemKey task = tasks.items().firstKey();
        assertThat(writesOf(job, () -> traffic.add())).as("writes for a new task").isEqualTo(1);
        assertThat(writesOf(job, () -> traffic.move(task))).as("for a moved one").isEqualTo(2);
        assertThat(writesOf(job, () -> traffic.retitle(task))).as("for a new title").isZero();
    }

    private int writesOf(TestJob job, Runnable change) throws Exception {
        int before = RowWrites.seen(proxy, ROWS).count();
        change.run();
        job.awaitExact();
        return RowWrites.seen(proxy, ROWS).count() - before;
    }

    private void writesNothingWhenIdle(TestJob job) {
        int before = proxy.requests("UpdateItem", ROWS).size();
        String checkpoint = job.statusOf("task-count", "Checkpoint");
        job.awaitExact();
        job.awaitExact();
        assertThat(job.statusOf("task-count", "Checkpoint")).isNotEqualTo(checkpoint);
        assertThat(proxy.requests("UpdateItem", ROWS)).hasSize(before);
    }

    private int sourceReads() {
        int reads = 0;
        for (String operation : List.of("Scan", "Query", "GetItem", "BatchGetItem")) {
            reads += proxy.requests(operation, tasks.name()).size();
        }
        return reads;
    }
}
