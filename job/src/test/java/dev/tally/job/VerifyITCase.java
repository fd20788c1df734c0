package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.source.client.LocalTables;
import dev.tally.testing.LocalDynamoDb;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** That verify finds whatever somebody else does to the rows, and names the group. */
class VerifyITCase {

    private static final String ROWS = "verify-counts";

    private final DynamoDbClient client = LocalDynamoDb.shared().client();

    @Test
    void namesEveryRowThatIsNotTheRecount(@TempDir Path folder) throws Exception {
        TestTable tasks = new TestTable("verify-tasks", TestTable.TASK_ID);
        for (int i = 0; i < 60; i++) {
            tasks.put(task(i));
        }
        try (TestJob job =
                TestJob.of(
                        folder,
                        "tables: { tasks: { name: verify-tasks } }",
                        "views:",
                        "  task-count:",
                        "    table: tasks",
                        "    group-by: [ListId]",
                        "    measures: { TaskCount: count, Effort: { sum: Effort } }",
                        "    to: { table: verify-counts }")) {
            job.start(2);
            job.awaitExact();
            job.stop();
            TestJob.Verdict exact = job.verify();
            assertThat(exact.text()).contains("6 groups compared with a recount of 60 items");
            assertThat(exact.text()).contains("all equal");
            assertThat(exact.code()).isZero();

            changed(job);
            removed(job);
            ghost(job);
            assertThat(job.verify().code()).isZero();
        }
    }

    @Test
    void repairsWhileTheJobRuns(@TempDir Path folder) throws Exception {
        TestTable tasks = new TestTable("repair-tasks", TestTable.TASK_ID);
        for (int i = 0; i < 60; i++) {
            tasks.put(task(i));
        }
        try (TestJob job =
                TestJob.of(
                        folder,
                        "tables: { tasks: { name: repair-tasks } }",
                        "views:",
                        "  task-count:",
                        "    table: tasks",
                        "    group-by: [ListId]",
                        "    measures: { TaskCount: count, Effort: { sum: Effort } }",
                        "    to: { table: repair-counts }")) {
            job.start(2);
            job.awaitExact();
            String rows = "repair-counts";
            set(rows, "list-3", 11);
            LocalTables.delete(client, rows, Item.of(list("list-4")));
            Item ghost = TestTable.read(job.config(), rows, list("list-5"));
            LocalTables.put(client, rows, ghost.with("ListId", Value.text("ghost")));
            LocalTables.put(
                    client, rows, Item.of(list("foreign")).with("TaskCount", Value.number(5)));

            TestJob.Verdict repaired = job.command("verify", "--repair", "--read-capacity", "2000");
            assertThat(repaired.text())
                    .contains("8 groups compared with a recount of 60 items, 4 differ: not exact")
                    .contains("group list-3 TaskCount is 11, the recount says 10")
                    .contains("group foreign has a row that Tally did not write; it is left.")
                    .contains("view task-count: 3 repaired, 0 written by the job meanwhile, 1 not")
                    .contains("1 differ: not exact")
                    .containsPattern("reading took [0-9.,]+ read units, about \\$0.0");
            assertThat(repaired.code()).isEqualTo(1);
            LocalTables.delete(client, rows, Item.of(list("foreign")));
            assertThat(count(job, "list-3")).isEqualTo(10);
            assertThat(count(job, "list-4")).isEqualTo(10);
            assertThat(count(job, "ghost")).isZero();

            tasks.put(task(3).with("ListId", Value.text("list-4")));
            job.awaitExact();
            assertThat(count(job, "list-3")).isEqualTo(9);
            assertThat(count(job, "list-4")).isEqualTo(11);
            TestJob.Verdict exact = job.command("verify");
            assertThat(exact.text()).contains("7 groups compared with a recount of 60 items, all");
            assertThat(exact.code()).isZero();
        }
    }

    private void set(String rows, String list, long count) {
        LocalTables.update(
                client,
                rows,
                Item.of(list(list)),
                Map.of("TaskCount", Value.number(count)),
                List.of());
    }

    private static long count(TestJob job, String list) {
        Item row = TestTable.read(job.config(), "repair-counts", list(list));
        return row.get("TaskCount").asNumber().longValueExact();
    }

    private void changed(TestJob job) throws Exception {
        Item row = TestTable.read(job.config(), ROWS, list("list-3"));
        LocalTables.update(
                client,
                ROWS,
                Item.of(list("list-3")),
                Map.of("TaskCount", Value.number(11)),
                List.of());
        differs(job, "group list-3 TaskCount is 11, the recount says 10");
        LocalTables.put(client, ROWS, row);
    }

    private void removed(TestJob job) throws Exception {
        Item row = TestTable.read(job.config(), ROWS, list("list-4"));
        LocalTables.delete(client, ROWS, Item.of(list("list-4")));
        differs(job, "group list-4 has no row; the recount says TaskCount 10");
        LocalTables.put(client, ROWS, row);
    }

    private void ghost(TestJob job) throws Exception {
        Item row = TestTable.read(job.config(), ROWS, list("list-5"));
        LocalTables.put(client, ROWS, row.with("ListId", Value.text("list-none")));
        differs(job, "group list-none has a row with TaskCount 10");
        LocalTables.delete(client, ROWS, Item.of(list("list-none")));
    }

    private static void differs(TestJob job, String line) throws Exception {
        TestJob.Verdict verdict = job.verify();
        assertThat(verdict.text()).contains(line).contains("1 differ: not exact");
        assertThat(verdict.code()).isEqualTo(1);
    }

    private static Item task(int number) {
        return Item.of(
                Map.of(
                        "TaskId",
                        Value.text("task-" + number),
                        "ListId",
                        Value.text("list-" + number % 6),
                        "Effort",
                        Value.number(number)));
    }

    private static Map<String, Value> list(String id) {
        return Map.of("ListId", Value.text(id));
    }
}
