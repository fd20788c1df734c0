package dev.tally.job;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.sink.ItemTable;
import dev.tally.source.client.LocalTables;
import dev.tally.source.simulated.Workload;
import dev.tally.testing.LocalDynamoDb;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A table of DynamoDB Local that a foreign client writes, with its own notion of what is in it:
 * every write is made in the table and in the model.
 */
final class TestTable {

    static final KeySchema TASK_ID = KeySchema.of(new KeySchema.Attribute("TaskId", Value.Type.S));

    private static final int BATCH_MAX = 25;

    private final DynamoDbClient client = LocalDynamoDb.shared().client();
    private final String name;
    private final KeySchema key;
    private final SortedMap<ItemKey, Item> model = new ConcurrentSkipListMap<>();

    /** Makes it, with a stream of new and old images. */
    TestTable(String name, KeySchema key) {
        this(name, key, "NEW_AND_OLD_IMAGES");
    }

    /**
     * @param viewType of its stream; null for none
     */
    TestTable(String name, KeySchema key, String viewType) {
        this.name = name;
        this.key = key;
        LocalTables.create(client, name, key, viewType);
    }

    String name() {
        return name;
    }

    KeySchema key() {
        return key;
    }

    void put(Item item) {
        LocalTables.put(client, name, item);
        model.put(ItemKey.of(key, item), item);
    }

    /** Puts many, 25 at a time; nobody else writes meanwhile. */
    void fill(Stream<Item> items) {
        List<Item> batch = new ArrayList<>();
        items.forEach(
                item -> {
                    batch.add(item);
                    if (batch.size() == BATCH_MAX) {
                        putAll(batch);
                    }
                });
        putAll(batch);
    }

    private void putAll(List<Item> batch) {
        if (!batch.isEmpty()) {
            LocalTables.putAll(client, name, batch);
            batch.forEach(item -> model.put(ItemKey.of(key, item), item));
            batch.clear();
        }
    }

    /** What a workload does. */
    void apply(Workload.Operation operation) {
        ItemKey of = ItemKey.of(key, operation.keys());
        switch (operation.kind()) {
            case PUT:
                put(operation.after());
                break;
            case DELETE:
                delete(of);
                break;
            default:
                update(of, operation.set(), List.of());
        }
    }

    /** Changes attributes of an item that exists. */
    void update(ItemKey of, Map<String, Value> set, Collection<String> removed) {
        LocalTables.update(client, name, of.toItem(key), set, removed);
        Item item = model.get(of);
        for (Map.Entry<String, Value> attribute : set.entrySet()) {
            item = item.with(attribute.getKey(), attribute.getValue());
        }
        for (String attribute : removed) {
            item = item.without(attribute);
        }
        model.put(of, item);
    }

    void delete(ItemKey of) {
        LocalTables.delete(client, name, of.toItem(key));
        model.remove(of);
    }

    /** What should be in the table. */
    SortedMap<ItemKey, Item> items() {
        return model;
    }

    List<ItemKey> keys() {
        return List.copyOf(model.keySet());
    }

    /** An item of any table of DynamoDB Local; empty if there is none. */
    static Item read(PipelineConfig config, String table, Map<String, Value> keys) {
        try (ItemTable rows = new ItemTable(config.targetSettings(null, null), table)) {
            return rows.get(Item.of(keys));
        }
    }
}
