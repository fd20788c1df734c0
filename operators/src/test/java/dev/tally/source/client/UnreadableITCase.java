package dev.tally.source.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tally.change.ItemChange;
import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.source.SimulatedReader;
import dev.tally.source.SourceOptions;
import dev.tally.source.split.Fence;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.SegmentSplit;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import dev.tally.testing.FaultyProxy;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.util.clock.SystemClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Attributes that this release cannot read, as a later DynamoDB might send them: the proxy puts
 * them into what DynamoDB Local answers. Only they are missing, and it is said and counted.
 */
class UnreadableITCase {

    private static final KeySchema KEY =
            KeySchema.of(new KeySchema.Attribute("TaskId", Value.Type.S));

    private final LocalDynamoDb local = LocalDynamoDb.shared();
    private final FaultyProxy proxy = new FaultyProxy(local.endpoint(), 1);
    private final List<AutoCloseable> opened = new ArrayList<>(List.of(proxy));

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private AwsTableClient table(String name) {
        LocalTables.create(local.client(), name, KEY, "NEW_AND_OLD_IMAGES");
        ClientSettings settings =
                ClientSettings.of(LocalDynamoDb.region().id(), null, proxy.endpoint(), null);
        AwsTableClient client =
                AwsTableClients.open(
                        name,
                        settings,
                        LocalDynamoDb.credentials(),
                        Wanted.ALL,
                        true,
                        new ArrayList<>());
        opened.add(client);
        return client;
    }

    private void put(String table, String id, long effort) {
        LocalTables.put(
                local.client(),
                table,
                Item.of(
                        Map.of(
                                "TaskId", Value.text(id),
                                "ListId", Value.text("home"),
                                "Effort", Value.number(effort))));
    }

    private static String strange(String answer) {
        String deep = "{\"L\":[".repeat(40) + "{\"NULL\":true}" + "]}".repeat(40);
        return answer.replace("{\"N\":\"7001\"}", "{\"N\":\"" + "7".repeat(40) + "\"}")
                .replace("{\"N\":\"7002\"}", "{\"N\":\"seven\"}")
                .replace("{\"N\":\"7003\"}", "{\"T\":\"2026-11-24\"}")
                .replace("{\"N\":\"7004\"}", deep)
                .replace("{\"S\":\"task-7005\"}", "{\"T\":\"2026-11-24\"}");
    }

    private void strangeAnswers() {
        for (String operation : List.of("Scan", "GetRecords", "GetItem")) {
            proxy.rewrite(operation, UnreadableITCase::strange);
        }
    }

    @Test
    void theClientLeavesThemOutAndSaysWhy() {
        AwsTableClient client = table("unreadable-scan");
        for (int i = 7000; i <= 7004; i++) {
            put("unreadable-scan", "task-" + i, i);
        }
        strangeAnswers();
        ScanPage page = client.scan(0, 1, null, 100).join();
        Map<String, String> problems = new HashMap<>();
        for (int i = 0; i < page.items().size(); i++) {
            Item item = page.items().get(i);
            problems.put(item.get("TaskId").asText(), page.unread(i).sentence());
            assertThat(item.get("ListId")).isEqualTo(Value.text("home"));
            assertThat(item.get("Effort") == null).isEqualTo(page.unread(i).has("Effort"));
        }
        String cannot = "cannot read attribute Effort of the item: ";
        String left = ". What cannot be read is left out.";
        assertThat(problems)
                .containsEntry("task-7000", null)
                .containsEntry(
                        "task-7001",
                        cannot
                                + "cannot hold a number of 40 digits and exponent 39: DynamoDB"
                                + " allows 38 digits and exponents from -130 to 125"
                                + left)
                .containsEntry(
                        "task-7002",
                        cannot + "cannot read a number: its text is not a decimal number" + left)
                .containsEntry(
                        "task-7003", cannot + "its type is none of the ten known ones" + left)
                .containsEntry(
                        "task-7004", cannot + "it is nested deeper than DynamoDB allows" + left);

        ScanPage one = client.get(Item.of(Map.of("TaskId", Value.text("task-7003")))).join();
        assertThat(one.items()).containsExactly(page.items().get(indexOf(page, "task-7003")));
        assertThat(one.unread(0).has("Effort")).isTrue();
        assertThat(client.get(Item.of(Map.of("TaskId", Value.text("none")))).join().items())
                .isEmpty();
    }

    private static int indexOf(ScanPage page, String id) {
        for (int i = 0; i < page.items().size(); i++) {
            if (page.items().get(i).get("TaskId").equals(Value.text(id))) {
                return i;
            }
        }
        throw new AssertionError("no " + id);
    }

    @Test
    void theReaderPassesThemOnAndCounts() {
        AwsTableClient client = table("unreadable-read");
        put("unreadable-read", "task-7000", 7000);
        put("unreadable-read", "task-7001", 7001);
        put("unreadable-read", "task-7001", 7000);
        strangeAnswers();
        SimulatedReader reader = reader(client);
        List<ItemChange> changes = read(reader, 5);
        Map<String, Integer> problems = new HashMap<>();
        for (ItemChange change : changes) {
            if (change.problem() != null) {
                problems.merge(change.problem().replaceAll(": .*", ""), 1, Integer::sum);
            }
        }
        assertThat(problems)
                .containsOnly(
                        Map.entry("cannot read attribute Effort of the item", 1),
                        Map.entry("cannot read attribute Effort of the item before the change", 1));
        assertThat(reader.metrics().count("unreadableAttributes")).isEqualTo(2);
        assertThat(reader.metrics().count("unreadableRecords")).isZero();
    }

    @Test
    void aRecordWithoutItsKeyFailsByName() {
        AwsTableClient client = table("unreadable-key");
        put("unreadable-key", "task-7005", 1);
        strangeAnswers();
        SimulatedReader reader = reader(client);
        assertThatThrownBy(() -> read(reader, 2))
                .hasRootCauseMessage(
                        "cannot take the key of an item in segment 0 of 1 of table tasks"
                                + " (unreadable-read): cannot read attribute TaskId of the item:"
                                + " its type is none of the ten known ones. What cannot be read is"
                                + " left out. Take a newer release, and report it.");
        assertThat(reader.metrics().count("unreadableRecords")).isEqualTo(1);
    }

    /** Of scan and stream. */
    private SimulatedReader reader(AwsTableClient client) {
        TableSpec spec =
                new TableSpec(
                        "tasks",
                        "unreadable-read",
                        null,
                        null,
                        TableSpec.Start.SNAPSHOT,
                        TableSpec.OnGap.FAIL,
                        TableSpec.Reader.TALLY,
                        0);
        SimulatedReader reader =
                new SimulatedReader(
                        0,
                        1,
                        spec,
                        client,
                        SourceOptions.defaults(),
                        SystemClock.getInstance(),
                        new Random(1),
                        event -> {});
        opened.add(reader);
        reader.reader().start();
        TableDescription table = client.describeTable().join();
        Fence fence = new Fence(0, Fence.SKIP, 1);
        reader.reader()
                .handleSourceEvents(ReaderOrder.begin(KEY, true, table.serviceTime(), fence, 1));
        String arn = table.streamArn();
        String shard = client.describeStream(arn, null).join().shards().get(0).shardId();
        TableSplit stream =
                new ShardSplit(
                        shard,
                        null,
                        arn,
                        1,
                        fence,
                        ShardSplit.Position.start(true, table.serviceTime()));
        reader.reader().addSplits(List.of(SegmentSplit.start(0, 1, 1, 1), stream));
        return reader;
    }

    private static List<ItemChange> read(SimulatedReader reader, int wanted) {
        List<ItemChange> changes = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> {
                            reader.run();
                            reader.output().forEach(change -> changes.add((ItemChange) change));
                            reader.output().clear();
                            return changes.size() >= wanted;
                        });
        return changes;
    }
}
