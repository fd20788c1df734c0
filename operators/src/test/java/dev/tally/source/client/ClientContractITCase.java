package dev.tally.source.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tally.codec.RandomValues;
import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTableClient;
import dev.tally.testing.LocalDynamoDb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Goal: the simulated table is a DynamoDB table, as far as the source can see. Method: the same
 * random writes of all types go to it and to DynamoDB Local; scans must have the same items, and
 * streams the same records but for ids, sequence numbers and times. It cannot catch what DynamoDB
 * Local itself does unlike DynamoDB: it never splits a shard, trims or throttles.
 */
class ClientContractITCase {

    private static final KeySchema KEY =
            KeySchema.of(
                    new KeySchema.Attribute("Owner", Value.Type.S),
                    new KeySchema.Attribute("Number", Value.Type.N));

    private static final int WRITES = 600;

    private final LocalDynamoDb local = LocalDynamoDb.shared();
    private final List<TableClient> opened = new ArrayList<>();

    @AfterEach
    void closeClients() {
        opened.forEach(TableClient::close);
    }

    private TableClient real(String table) {
        return real(table, true);
    }

    private TableClient real(String table, boolean ownReading) {
        ClientSettings settings =
                ClientSettings.of(LocalDynamoDb.region().id(), null, local.endpoint(), null);
        TableClient client =
                AwsTableClients.open(
                        table,
                        settings,
                        LocalDynamoDb.credentials(),
                        Wanted.ALL,
                        ownReading,
                        new ArrayList<>());
        opened.add(client);
        return client;
    }

    private static TableClient simulated(SimulatedTable table) {
        return new SimulatedTableClient(table, Faults.none(), Runnable::run);
    }

    @ParameterizedTest
    @EnumSource(
            value = ViewType.class,
            names = {"NEW_AND_OLD_IMAGES", "NEW_IMAGE"})
    void bothTablesHaveTheSameItemsAndTheSameRecords(ViewType viewType) {
        String name = "contract-" + viewType;
        LocalTables.create(local.client(), name, KEY, viewType.name());
        SimulatedTable table =
                new SimulatedTable(name, KEY, viewType, 1, 1, () -> 1_790_000_000_000L);
        writeToBoth(table, name, 42, WRITES);
        TableClient real = real(name);
        TableClient simulated = simulated(table);

        for (int segments : new int[] {1, 4}) {
            Set<Item> items = scan(real, segments, 7);
            assertThat(items).isEqualTo(scan(simulated, segments, 7)).isNotEmpty();
        }
        List<List<Object>> expected = records(simulated);
        await().atMost(Duration.ofSeconds(60)).until(() -> records(real).size() >= expected.size());
        List<List<Object>> actual = records(real);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).as("record %d", i).isEqualTo(expected.get(i));
        }
        assertThat(actual).hasSameSizeAs(expected);
        assertThat(changes(real)).isEqualTo(changes(real(name, false)));
        TableDescription described = real.describeTable().join();
        assertThat(described.key()).isEqualTo(KEY);
        assertThat(described.viewType()).isEqualTo(viewType);
        assertThat(described.streamEnabled()).isTrue();
        assertThat(described.replicas()).isZero();
        assertThat(described.tableId()).isNotNull();
    }

    private void writeToBoth(SimulatedTable table, String name, long seed, int writes) {
        RandomValues values = new RandomValues(seed);
        Random random = values.random();
        for (int i = 0; i < writes; i++) {
            Item keys =
                    Item.of(
                            Map.of(
                                    "Owner", Value.text("owner-" + random.nextInt(5)),
                                    "Number", Value.number(random.nextInt(8) + ".50")));
            int dice = random.nextInt(10);
            Item before = table.get(keys);
            if (dice < 2) {
                table.delete(keys);
                LocalTables.delete(local.client(), name, keys);
            } else if (dice < 5) {
                Item item = whole(values.item(), keys);
                table.put(item);
                LocalTables.put(local.client(), name, item);
            } else if (dice < 7 && before != null) {
                table.put(before);
                LocalTables.put(local.client(), name, before);
            } else {
                Map<String, Value> set = new TreeMap<>(values.item().attributes());
                List<String> removed = List.of("a." + random.nextInt(20), "a.20");
                removed.forEach(set::remove);
                table.update(keys, set, removed);
                LocalTables.update(local.client(), name, keys, set, removed);
            }
        }
    }

    private static Item whole(Item attributes, Item keys) {
        Item item = attributes;
        for (Map.Entry<String, Value> key : keys.attributes().entrySet()) {
            item = item.with(key.getKey(), key.getValue());
        }
        return item;
    }

    private static Set<Item> scan(TableClient client, int segments, int limit) {
        Set<Item> items = new HashSet<>();
        for (int segment = 0; segment < segments; segment++) {
            Item after = null;
            do {
                ScanPage page = client.scan(segment, segments, after, limit).join();
                assertThat(page.items().size()).isLessThanOrEqualTo(limit);
                page.items().forEach(item -> assertThat(items.add(item)).isTrue());
                assertThat(page.items().isEmpty() || page.consumedCapacity() > 0).isTrue();
                assertThat(page.serviceTime()).isPositive();
                after = page.lastKey();
            } while (after != null);
        }
        return items;
    }

    /** All of the first records, with what is different in each stream. */
    private static List<List<Object>> changes(TableClient client) {
        String stream = client.describeTable().join().streamArn();
        String shard = client.describeStream(stream, null).join().shards().get(0).shardId();
        String iterator = client.shardIterator(stream, shard, null).join();
        ChangePage page = client.getRecords(iterator, 1000).join();
        assertThat(page.changes()).isNotEmpty();
        return page.changes().stream().map(AnswerReaderTest::fields).collect(Collectors.toList());
    }

    /** All records of the one shard, without what is different in each stream. */
    private static List<List<Object>> records(TableClient client) {
        String stream = client.describeTable().join().streamArn();
        ShardPage shards = client.describeStream(stream, null).join();
        assertThat(shards.streamEnabled()).isTrue();
        assertThat(shards.lastShardId()).isNull();
        assertThat(shards.shards()).hasSize(1);
        String shard = shards.shards().get(0).shardId();
        List<Change> changes = new ArrayList<>();
        String iterator = client.shardIterator(stream, shard, null).join();
        List<String> named = new ArrayList<>();
        ChangePage page = client.getRecords(iterator, 100, named::add).join();
        while (!page.changes().isEmpty()) {
            assertThat(named).endsWith(page.nextIterator());
            changes.addAll(page.changes());
            page = client.getRecords(page.nextIterator(), 100, named::add).join();
        }
        assertThat(page.nextIterator()).isNotNull();
        if (!changes.isEmpty()) {
            Change middle = changes.get(changes.size() / 2);
            String after = client.shardIterator(stream, shard, middle.sequenceNumber()).join();
            assertThat(client.getRecords(after, 1000).join().changes())
                    .hasSize(changes.size() - changes.size() / 2 - 1);
        }
        return changes.stream().map(ClientContractITCase::content).collect(Collectors.toList());
    }

    private static List<Object> content(Change change) {
        List<Object> content = new ArrayList<>();
        content.add(change.keys());
        content.add(change.oldImage());
        content.add(change.newImage());
        content.add(change.removal());
        content.add(change.ttl());
        return content;
    }

    @Test
    void aDisabledStreamCanBeReadToItsEnd() {
        String name = "contract-disabled";
        LocalTables.create(local.client(), name, KEY, "NEW_IMAGE");
        SimulatedTable table =
                new SimulatedTable(name, KEY, ViewType.NEW_IMAGE, 1, 1, () -> 1_790_000_000_000L);
        writeToBoth(table, name, 7, 20);
        TableClient real = real(name);
        int written = records(simulated(table)).size();
        await().atMost(Duration.ofSeconds(60)).until(() -> records(real).size() == written);
        table.disableStream();
        LocalTables.disableStream(local.client(), name);

        for (TableClient client : List.of(real, simulated(table))) {
            TableDescription description = client.describeTable().join();
            assertThat(description.streamEnabled()).isFalse();
            assertThat(description.viewType()).isEqualTo(ViewType.NEW_IMAGE);
            ShardPage page = client.describeStream(description.streamArn(), null).join();
            assertThat(page.streamEnabled()).isFalse();
            assertThat(page.shards()).extracting(Shard::closed).containsExactly(true);
            String shard = page.shards().get(0).shardId();
            String iterator = client.shardIterator(description.streamArn(), shard, null).join();
            int read = 0;
            while (iterator != null) {
                ChangePage changes = client.getRecords(iterator, 7).join();
                read += changes.changes().size();
                iterator = changes.nextIterator();
            }
            assertThat(read).isEqualTo(written);
        }
    }

    @Test
    void errorsAreOfTheSameClass() {
        LocalTables.create(local.client(), "contract-errors", KEY, "NEW_IMAGE");
        SimulatedTable table =
                new SimulatedTable(
                        "contract-errors", KEY, ViewType.NEW_IMAGE, 1, 1, () -> 1_790_000_000_000L);
        for (TableClient client : List.of(real("contract-errors"), simulated(table))) {
            String stream = client.describeTable().join().streamArn();
            String shard = client.describeStream(stream, null).join().shards().get(0).shardId();
            String gone = stream.substring(0, stream.length() - 4) + "9999";
            String other = shard.substring(0, shard.length() - 4) + "9999";

            assertThat(failure(() -> client.describeStream(gone, null).join()).kind())
                    .isEqualTo(ClientException.Kind.NOT_FOUND);
            assertThat(failure(() -> client.shardIterator(gone, shard, null).join()).kind())
                    .isEqualTo(ClientException.Kind.NOT_FOUND);
            assertThat(failure(() -> client.shardIterator(stream, other, null).join()).kind())
                    .isEqualTo(ClientException.Kind.NOT_FOUND);
            assertThat(failure(() -> client.getRecords("nonsense", 10).join()).kind())
                    .isEqualTo(ClientException.Kind.REFUSED);
        }
    }

    @Test
    void aMissingTableIsNamed() {
        ClientException failure = failure(() -> real("contract-none").describeTable().join());

        assertThat(failure.kind()).isEqualTo(ClientException.Kind.NOT_FOUND);
        assertThat(failure)
                .hasMessageStartingWith(
                        "cannot describe table contract-none: there is none (any more). Check its"
                                + " name, the region and the account (ResourceNotFoundException,"
                                + " request ");
        assertThat(failure(() -> real("contract-none").scan(0, 1, null, 1).join()).kind())
                .isEqualTo(ClientException.Kind.NOT_FOUND);
    }

    private static ClientException failure(Runnable call) {
        try {
            call.run();
        } catch (CompletionException e) {
            return (ClientException) Objects.requireNonNull(e.getCause());
        }
        throw new AssertionError("the call succeeded");
    }
}
