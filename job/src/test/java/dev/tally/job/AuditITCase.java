package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.source.client.LocalTables;
import dev.tally.testing.FaultyProxy;
import dev.tally.testing.LocalDynamoDb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** That audit finds what was done to somebody's counters, and touches nothing. */
class AuditITCase {

    private static final DynamoDbClient CLIENT = LocalDynamoDb.shared().client();

    private final FaultyProxy proxy = new FaultyProxy(LocalDynamoDb.shared().endpoint(), 1);

    @BeforeAll
    static void createTasks() {
        TestTable tasks = new TestTable("audit-tasks", TestTable.TASK_ID);
        for (int i = 0; i < 60; i++) {
            tasks.put(
                    Item.of(
                            Map.of(
                                    "TaskId", Value.text("task-" + i),
                                    "ListId", Value.text("list-" + i % 6),
                                    "Status", Value.text(i % 2 == 0 ? "open" : "done"),
                                    "Effort", Value.number(i))));
        }
    }

    @AfterEach
    void writesNothing() {
        try {
            assertThat(proxy.operations()).isSubsetOf("DescribeTable", "Scan");
        } finally {
            proxy.close();
        }
    }

    private TestJob.Verdict audit(String... options) {
        List<String> line = new ArrayList<>(List.of("audit", "--table", "audit-tasks"));
        line.addAll(List.of("--dynamodb-endpoint", proxy.endpoint().toString()));
        line.addAll(List.of(options));
        return TestJob.Verdict.of(line);
    }

    private static void counters(String table, String... key) {
        List<KeySchema.Attribute> attributes = new ArrayList<>();
        for (String name : key) {
            attributes.add(new KeySchema.Attribute(name, Value.Type.S));
        }
        LocalTables.create(CLIENT, table, KeySchema.of(attributes), null);
    }

    private static void count(String table, String key, long count) {
        LocalTables.put(
                CLIENT,
                table,
                Item.of(Map.of("id", Value.text(key), "TaskCount", Value.number(count))));
    }

    @Test
    void findsWhatWasTamperedWith() {
        counters("audit-counts", "id");
        for (int i = 0; i < 6; i++) {
            count("audit-counts", "list-" + i, 10);
        }
        count("audit-counts", "gone", 0);
        String[] options = {"--group-by", "ListId", "--against", "audit-counts.TaskCount"};
        TestJob.Verdict right = audit(options);
        assertThat(right.text())
                .contains(
                        "counters audit-counts.TaskCount: 7 groups compared with a recount of 60"
                                + " items of table audit-tasks\n"
                                + "no group differs: every counter is right\n"
                                + "1 readings took ");
        assertThat(right.code()).isZero();

        count("audit-counts", "list-0", 12);
        count("audit-counts", "list-1", 9);
        count("audit-counts", "gone", 4);
        LocalTables.delete(CLIENT, "audit-counts", Item.of(Map.of("id", Value.text("list-2"))));
        List<String> more = new ArrayList<>(List.of(options));
        more.addAll(List.of("--examples", "3", "--read-capacity", "5000"));
        TestJob.Verdict wrong = audit(more.toArray(new String[0]));
        assertThat(wrong.text())
                .contains(
                        "counters audit-counts.TaskCount: 7 groups compared with a recount of 60"
                                + " items of table audit-tasks\n"
                                + "4 groups differ, by 17 in sum (-5 net): 1 without a counter, 1"
                                + " counters of groups without items\n"
                                + "  list-2: the counter says nothing, the recount 10\n"
                                + "  gone: the counter says 4, the recount nothing\n"
                                + "  list-0: the counter says 12, the recount 10\n"
                                + "  and 1 more; --examples N shows more\n"
                                + "3 readings took ")
                .containsPattern("took [0-9.]+ read units, about \\$0.0");
        assertThat(wrong.code()).isEqualTo(1);
    }

    @Test
    void countersMayStandInTheTableItselfUnderTemplates() {
        counters("audit-single", "PK", "SK");
        for (int i = 0; i < 6; i++) {
            Map<String, Value> key =
                    Map.of("PK", Value.text("LIST#list-" + i), "SK", Value.text("COUNT"));
            long sum = 0;
            for (int task = i; task < 60; task += 6) {
                sum += task % 2 == 0 ? task : 0;
            }
            LocalTables.put(CLIENT, "audit-single", Item.of(key).with("Effort", Value.number(sum)));
        }
        Map<String, Value> other = Map.of("PK", Value.text("USER#1"), "SK", Value.text("COUNT"));
        LocalTables.put(CLIENT, "audit-single", Item.of(other).with("Effort", Value.number(3)));
        TestJob.Verdict right =
                audit(
                        "--group-by",
                        "ListId",
                        "--measure",
                        "sum:Effort",
                        "--where",
                        "{\"Status\": [\"open\"]}",
                        "--against",
                        "audit-single.Effort",
                        "--key",
                        "PK=LIST#{ListId}",
                        "--key",
                        "SK=COUNT");
        assertThat(right.text()).contains("6 groups compared").contains("every counter is right");
        assertThat(right.code()).isZero();
    }

    @Test
    void mistakesAreSaidInALineAndCodeTwo() {
        refused("cannot audit: there is no --against", "--group-by", "ListId");
        refused("cannot use --against x: write the counters' table", "--against", "x");
        refused(
                "cannot audit the counters of table none-such: there is no such table.",
                "--against",
                "none-such.TaskCount");
        refused(
                "cannot find the counters of []: the key of their table is",
                "--against",
                "audit-tasks.TaskCount");
        refused(
                "the options of audit",
                "--against",
                "audit-tasks.TaskCount",
                "--group-by",
                "ListId",
                "--measure",
                "summ:Effort");
    }

    private void refused(String message, String... options) {
        TestJob.Verdict verdict = audit(options);
        assertThat(verdict.text()).contains(message).doesNotContain("not expected");
        assertThat(verdict.code()).isEqualTo(2);
    }
}
