package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tally.testing.HoldingProxy;
import dev.tally.testing.LocalDynamoDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stopped with a savepoint, the table changed meanwhile, restored, also at another parallelism:
 * exact, without past values in the rows and without a gap in the feed.
 */
class SavepointITCase {

    private static final int WHILE_DOWN = Integer.getInteger("tally.while.down", 1_000);
    private static final String ROWS = "savepoint-counts";
    private static final String STREAM = "savepoint-changes";

    private final HoldingProxy proxy = new HoldingProxy(LocalDynamoDb.shared().endpoint());
    private TestTable tasks;
    private TaskTraffic traffic;

    @BeforeEach
    void watch() {
        tasks = new TestTable("savepoint-tasks", TestTable.TASK_ID);
        traffic = new TaskTraffic(tasks, 20, 7);
        proxy.watch(ROWS);
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void goesOnWhereItWasAtAnyParallelism(@TempDir Path folder) throws Exception {
        traffic.add(100);
        try (TestJob job =
                TestJob.behind(
                        proxy.endpoint(),
                        folder,
                        "tables: { tasks: { name: savepoint-tasks } }",
                        "views:",
                        "  task-count:",
                        "    table: tasks",
                        "    group-by: [ListId]",
                        "    measures: " + TaskTraffic.MEASURES,
                        "    to: { table: savepoint-counts }",
                        "feeds:",
                        "  changes: { table: tasks, to: { stream: savepoint-changes } }")) {
            job.start(2);
            job.awaitExact();
            traffic.change(50);
            job.awaitExact();
            String first = job.stop();
            exact(job);

            Set<String> known = Feed.read(STREAM, TestTable.TASK_ID).byId().keySet();
            assertThat(known).hasSize(traffic.changes());
            Map<String, List<String>> before = TaskTraffic.rows(ROWS);
            traffic.change(WHILE_DOWN);
            job.start(1, first);
            job.awaitExact();
            onlyNewValues(before, job.submission());
            traffic.change(50);
            job.awaitExact();
            String second = job.stop();
            exact(job);

            before = TaskTraffic.rows(ROWS);
            traffic.change(50);
            job.start(3, second);
            job.awaitExact();
            onlyNewValues(before, job.submission());
            job.stop();
            exact(job);
            feedHasNoGap(known);
        }
    }

    private void exact(TestJob job) throws Exception {
        TestJob.Verdict verdict = job.verify();
        assertThat(verdict.text()).contains("all equal");
        assertThat(verdict.code()).isZero();
        assertThat(TaskTraffic.rows(ROWS)).isEqualTo(traffic.recount());
    }

    /** Rows that are right stay; each of the others is written once: with what is true now. */
    private void onlyNewValues(Map<String, List<String>> before, long submission) throws Exception {
        Map<String, List<String>> now = traffic.recount();
        Set<String> changed = new HashSet<>(now.keySet());
        changed.removeIf(list -> now.get(list).equals(before.get(list)));
        Map<String, List<Map<String, JsonNode>>> written =
                RowWrites.seen(proxy, ROWS).of(submission);
        assertThat(written.keySet()).isEqualTo(changed);
        written.forEach(
                (list, values) -> {
                    assertThat(values).as(list).hasSize(1);
                    List<String> shown = new ArrayList<>();
                    values.get(0).values().forEach(value -> shown.add(value.get("N").asText()));
                    assertThat(shown).as(list).isEqualTo(now.get(list));
                });
    }

    /** Entries of before the stop may come again, as they were. */
    private void feedHasNoGap(Set<String> known) throws Exception {
        Feed feed = Feed.read(STREAM, TestTable.TASK_ID);
        assertThat(feed.byId().keySet()).hasSize(traffic.changes()).containsAll(known);
        assertThat(feed.replay(Map.of())).isEqualTo(tasks.items());
    }
}
