package dev.tally.sink;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.Row;
import dev.tally.view.ViewSpec;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A new target table in DynamoDB Local, and what a test does to it from outside. */
final class SinkTable {

    private final DynamoDbClient client = LocalDynamoDb.shared().client();
    private final String name = "target-" + UUID.randomUUID();

    SinkTable() {
        this(SinkViews.KEY);
    }

    SinkTable(KeySchema key) {
        try (Tables tables = new Tables(settings())) {
            tables.create(name, key, false);
        }
    }

    static TargetSettings settings() {
        return settings(LocalDynamoDb.shared().endpoint().toString());
    }

    static TargetSettings settings(String endpoint) {
        return new TargetSettings(LocalDynamoDb.region().id(), null, endpoint);
    }

    static StatusTable status() {
        String table = "status-" + UUID.randomUUID();
        Targets.status(table, settings(), true);
        return new StatusTable(table, settings(), Clock.systemUTC());
    }

    /** Writes rows as a job would, outside of one. */
    static void write(ViewSpec view, Row... rows) {
        TargetTable target = new TargetTable(view, SinkViews.KEY, 1);
        for (Row row : rows) {
            LocalDynamoDb.shared().client().updateItem(target.put(row));
        }
    }

    String name() {
        return name;
    }

    Item get(String list) {
        return AttributeValues.toItem(
                client.getItem(get -> get.tableName(name).key(key(list)).consistentRead(true))
                        .item());
    }

    long count(String list) {
        Value count = get(list).get("TaskCount");
        return count == null ? -1 : count.asNumber().longValueExact();
    }

    void put(String list, Map<String, Value> attributes) {
        Item item = Item.of(attributes).with("ListId", Value.text(list));
        client.putItem(put -> put.tableName(name).item(AttributeValues.of(item)));
    }

    void set(String list, String attribute, Value value) {
        client.updateItem(
                update ->
                        update.tableName(name)
                                .key(key(list))
                                .updateExpression("SET #a = :a")
                                .expressionAttributeNames(Map.of("#a", attribute))
                                .expressionAttributeValues(
                                        Map.of(":a", AttributeValues.of(value))));
    }

    void drop() {
        client.deleteTable(delete -> delete.tableName(name));
    }

    private static Map<String, AttributeValue> key(String list) {
        return AttributeValues.of(Item.of(Map.of("ListId", Value.text(list))));
    }

    static List<String> names(Item item) {
        return List.copyOf(item.attributes().keySet());
    }
}
