package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.Value;
import dev.tally.testing.HoldingProxy;
import dev.tally.testing.LocalDynamoDb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Any client writes tasks: the counts are exact, the feed replays to the table, and DynamoDB is
 * asked for no more than that takes. The endpoint that the job talks to is a proxy that keeps
 * count.
 */
class ForeignClientITCase {

    private static final int OPERATIONS = Integer.getInteger("tally.operations", 2_500);
    private static final int LISTS = 40;
    private static final String ROWS = "foreign-counts";
    private static final String GUARD = ":g";
    private static final String POSITION = ":p";

    private final ObjectMapper json = new ObjectMapper();
    private final Random random = new Random(20_261_120);
    private final HoldingProxy proxy = new HoldingProxy(LocalDynamoDb.shared().endpoint());
    private TestTable tasks;
    private int added;

    @BeforeEach
    void watch() {
        tasks = new TestTable("foreign-tasks", TestTable.TASK_ID);
        proxy.watch(tasks.name());
        proxy.watch(ROWS);
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void countsAndFeedAreExactAndNothingIsReadTwice(@TempDir Path folder) throws Exception {
        for (int i = 0; i < 50; i++) {
            add();
        }
        Map<ItemKey, Item> start = new TreeMap<>(tasks.items());
        try (TestJob job =
                TestJob.behind(
                        proxy.endpoint(),
                        folder,
                        "tables: { tasks: { name: foreign-tasks } }",
                        "views:",
                        "  task-count:",
                        "    table: tasks",
                        "    group-by: [ListId]",
                        "    measures:",
                        "      TaskCount: count",
                        "      OpenTasks: { count: items, where: { Status: [open] } }",
                        "      Effort: { sum: Effort }",
                        "    to: { table: foreign-counts }",
                        "feeds:",
                        "  changes: { table: tasks, to: { stream: foreign-changes } }")) {
            job.start(2);
            job.awaitExact();
            int readsUntilReady = sourceReads();
            for (int i = 0; i < OPERATIONS; i++) {
                operation();
            }
            job.awaitExact();
            writesOnlyWhatChanged(job);
            writesNothingWhenIdle(job);
            assertThat(sourceReads()).as("reads of the source").isEqualTo(readsUntilReady);
            job.stop();

            TestJob.Verdict verdict = job.verify();
            assertThat(verdict.text()).contains("all equal");
            assertThat(verdict.code()).isZero();
        }
        assertThat(counts()).isEqualTo(recount());
        everyWriteIsAChange();
        /* Those of before the start are in the stream too, and after the fence. */
        Feed feed = Feed.read("foreign-changes", TestTable.TASK_ID);
        assertThat(feed.byId()).hasSizeGreaterThanOrEqualTo(OPERATIONS * 9 / 10);
        assertThat(feed.replay(Map.of())).isEqualTo(tasks.items()).isNotEqualTo(start);
    }

    private void writesOnlyWhatChanged(TestJob job) throws Exception {
        int before = writes();
        add();
        ItemKey task = tasks.keys().get(0);
        String other = "list-" + (listOf(tasks.items().get(task)) + 1) % LISTS;
        job.awaitExact();
        assertThat(writes() - before).as("writes for a new task").isEqualTo(1);

        before = writes();
        tasks.update(task, Map.of("ListId", Value.text(other)), List.of());
        job.awaitExact();
        assertThat(writes() - before).as("writes for a moved task").isEqualTo(2);

        before = writes();
        tasks.update(task, Map.of("Title", Value.text("nobody counts titles")), List.of());
        job.awaitExact();
        assertThat(writes() - before).as("writes for a new title").isZero();
    }

    private void writesNothingWhenIdle(TestJob job) {
        int before = proxy.requests("UpdateItem", ROWS).size();
        String checkpoint = job.statusOf("task-count", "Checkpoint");
        job.awaitExact();
        job.awaitExact();
        assertThat(job.statusOf("task-count", "Checkpoint")).isNotEqualTo(checkpoint);
        assertThat(proxy.requests("UpdateItem", ROWS)).hasSize(before);
    }

    private int writes() {
        return List.copyOf(new java.util.LinkedHashSet<>(proxy.requests("UpdateItem", ROWS)))
                .size();
    }

    private int sourceReads() {
        int reads = 0;
        for (String operation : List.of("Scan", "Query", "GetItem", "BatchGetItem")) {
            reads += proxy.requests(operation, tasks.name()).size();
        }
        return reads;
    }

    /** No row is written twice for one checkpoint, and none with the values that it has. */
    private void everyWriteIsAChange() throws IOException {
        Map<String, JsonNode> last = new HashMap<>();
        Map<String, String> position = new HashMap<>();
        for (String body : proxy.requests("UpdateItem", ROWS)) {
            JsonNode update = json.readTree(body);
            String row = update.get("Key").toString();
            Map<String, JsonNode> values = new TreeMap<>();
            update.get("ExpressionAttributeValues")
                    .properties()
                    .forEach(value -> values.put(value.getKey(), value.getValue()));
            values.remove(GUARD);
            String at = values.remove(POSITION).get("S").asText();
            String before = position.put(row, at);
            if (at.equals(before)) {
                continue; // An attempt of unknown outcome is repeated as it was.
            }
            assertThat(at).isGreaterThan(before == null ? "" : before);
            JsonNode now = json.valueToTree(values);
            assertThat(now).as("values of %s", row).isNotEqualTo(last.put(row, now));
        }
        assertThat(last).hasSize(LISTS);
    }

    private void operation() {
        int dice = random.nextInt(100);
        List<ItemKey> keys = new ArrayList<>(tasks.items().keySet());
        if (dice < 35 || keys.isEmpty()) {
            add();
            return;
        }
        ItemKey task = keys.get(random.nextInt(keys.size()));
        if (dice < 65) {
            tasks.update(task, Map.of("ListId", list()), List.of());
        } else if (dice < 75) {
            tasks.update(task, Map.of("Status", Value.text("done")), List.of("Due"));
        } else if (dice < 80) {
            tasks.put(task(task.values().get(0)));
        } else {
            tasks.delete(task);
        }
    }

    private void add() {
        tasks.put(task(Value.text("task-" + added++)));
    }

    private Item task(Value id) {
        return Item.of(
                Map.of(
                        "TaskId",
                        id,
                        "ListId",
                        list(),
                        "Title",
                        Value.text("title " + random.nextInt(1_000)),
                        "Status",
                        Value.text(random.nextBoolean() ? "open" : "done"),
                        "Effort",
                        Value.number(random.nextInt(100) + ".5"),
                        "Due",
                        Value.text("2026-12-" + (10 + random.nextInt(20)))));
    }

    private Value list() {
        return Value.text("list-" + random.nextInt(LISTS));
    }

    private static int listOf(Item task) {
        return Integer.parseInt(task.get("ListId").asText().substring("list-".length()));
    }

    /** Per list, what its row says: tasks, open ones, effort. */
    private Map<String, List<String>> counts() {
        Map<String, List<String>> counts = new TreeMap<>();
        for (Map<String, AttributeValue> row :
                LocalDynamoDb.shared().client().scan(scan -> scan.tableName(ROWS)).items()) {
            counts.put(
                    row.get("ListId").s(),
                    List.of(
                            row.get("TaskCount").n(),
                            row.get("OpenTasks").n(),
                            row.get("Effort").n()));
        }
        return counts;
    }

    /** The same, counted here in tenths; a list that is empty now was not always. */
    private Map<String, List<String>> recount() {
        Map<String, List<String>> counts = new TreeMap<>();
        for (int list = 0; list < LISTS; list++) {
            long count = 0;
            long open = 0;
            long tenths = 0;
            for (Item task : tasks.items().values()) {
                if (listOf(task) == list) {
                    count++;
                    open += task.get("Status").asText().equals("open") ? 1 : 0;
                    tenths += task.get("Effort").asNumber().movePointRight(1).longValueExact();
                }
            }
            String effort = tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10);
            counts.put("list-" + list, List.of("" + count, "" + open, effort));
        }
        return counts;
    }
}
