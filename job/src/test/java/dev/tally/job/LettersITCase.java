package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.json.DynamoDbJson;
import dev.tally.source.client.LocalTables;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.OwnMetric;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Dead letters of a real job, tried again before and after their causes are gone; and the metrics
 * that this job registers, since it has something of everything.
 */
class LettersITCase {

    private static final String LETTERS = "letters-letters";
    private static final String ROWS = "letters-counts";

    private final DynamoDbClient client = LocalDynamoDb.shared().client();

    @Test
    void areDoneWhenTheirCauseIsGone(@TempDir Path folder) throws Exception {
        TestTable tasks = new TestTable("letters-tasks", TestTable.TASK_ID);
        tasks.put(task(1, "home", Value.number(1)));
        tasks.put(task(2, "home", Value.text("much")));
        tasks.put(task(3, "large", Value.number(3)));
        KeySchema key = KeySchema.of(new KeySchema.Attribute("ListId", Value.Type.S));
        LocalTables.create(client, ROWS, key, null);
        Value title = Value.text("x".repeat(409_500));
        LocalTables.put(client, ROWS, Item.of(Map.of("ListId", Value.text("large"), "T", title)));
        try (TestJob job =
                TestJob.with(
                                List.of("-Ddead-letters.table=" + LETTERS),
                                LocalDynamoDb.shared().endpoint().toString(),
                                folder,
                                "tables: { tasks: { name: letters-tasks } }",
                                "views:",
                                "  task-count:",
                                "    table: tasks",
                                "    group-by: [ListId]",
                                "    measures: { TaskCount: count, Effort: { sum: Effort } }",
                                "    to: { table: letters-counts }")
                        .exposing()) {
            job.start(2);
            await().atMost(Duration.ofSeconds(60)).until(() -> letters() == 2);
            Scrape scrape = job.scrape();
            scrape.assertOwnMetrics(job.config().views());
            Dashboard.read().assertShows(scrape);
            assertThat(scrape.sum(OwnMetric.DEAD_LETTERS)).isGreaterThanOrEqualTo(2);
            assertThat(scrape.sum(OwnMetric.ROWS_WRITTEN)).isPositive();
            assertThat(job.command("dead-letters").text())
                    .contains("2 dead letters in table " + LETTERS)
                    .contains("  1  view task-count: cannot use attribute Effort for measure")
                    .contains("  1  view task-count: ValidationException");
            TestJob.Verdict early = job.command("dead-letters", "reapply");
            assertThat(early.text())
                    .contains(
                            "0 dead letters of table " + LETTERS + " are done and removed, 2 stay")
                    .contains("  1 rows are refused still")
                    .contains("  1 items are as they were");
            assertThat(early.code()).isEqualTo(1);

            LocalTables.update(
                    client,
                    ROWS,
                    Item.of(Map.of("ListId", Value.text("large"))),
                    Map.of("T", Value.text("short")),
                    List.of());
            tasks.put(task(2, "home", Value.number(2)));
            unreadable("task-1", task(1, "home", Value.number(1)).without("Effort"));
            unreadable("task-0", Item.EMPTY);
            job.awaitExact();
            TestJob.Verdict done = job.command("dead-letters", "reapply");
            assertThat(done.text())
                    .contains(
                            "4 dead letters of table " + LETTERS + " are done and removed, 0 stay")
                    .contains("  1 rows are written again")
                    .contains("  1 values are right now")
                    .contains("  1 items can be read now")
                    .contains("  1 items are gone")
                    .contains("start it with --resnapshot tasks");
            assertThat(done.code()).isZero();
            assertThat(letters()).isZero();
            assertThat(job.command("verify").text()).contains("2 groups compared", "all equal");
        }
    }

    private int letters() {
        return client.scan(scan -> scan.tableName(LETTERS)).count();
    }

    /** As the item stage would write it of an item with an attribute that could not be read. */
    private void unreadable(String task, Item item) {
        LocalTables.put(
                client,
                LETTERS,
                Item.of(
                        Map.of(
                                "Id",
                                Value.text("unreadable-" + task),
                                "Source",
                                Value.text("table tasks"),
                                "Reason",
                                Value.text("cannot read attribute Effort of the item: it is new"),
                                "Keys",
                                Value.text("{\"TaskId\":{\"S\":\"" + task + "\"}}"),
                                "Item",
                                Value.text(
                                        new String(
                                                DynamoDbJson.toBytes(item),
                                                StandardCharsets.UTF_8)))));
    }

    private static Item task(int number, String list, Value effort) {
        return Item.of(
                Map.of(
                        "TaskId",
                        Value.text("task-" + number),
                        "ListId",
                        Value.text(list),
                        "Effort",
                        effort));
    }
}
