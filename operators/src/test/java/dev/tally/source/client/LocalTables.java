package dev.tally.source.client;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Tables of DynamoDB Local, made and written with our own values. */
public final class LocalTables {

    private LocalTables() {}

    /**
     * @param viewType null for a table without a stream
     */
    public static void create(DynamoDbClient client, String table, KeySchema key, String viewType) {
        List<AttributeDefinition> definitions = new ArrayList<>();
        List<KeySchemaElement> elements = new ArrayList<>();
        for (KeySchema.Attribute attribute : key.attributes()) {
            definitions.add(
                    AttributeDefinition.builder()
                            .attributeName(attribute.name())
                            .attributeType(attribute.type().name())
                            .build());
            elements.add(
                    KeySchemaElement.builder()
                            .attributeName(attribute.name())
                            .keyType(elements.isEmpty() ? KeyType.HASH : KeyType.RANGE)
                            .build());
        }
        client.createTable(
                request -> {
                    request.tableName(table)
                            .attributeDefinitions(definitions)
                            .keySchema(elements)
                            .billingMode(BillingMode.PAY_PER_REQUEST);
                    if (viewType != null) {
                        request.streamSpecification(
                                stream -> stream.streamEnabled(true).streamViewType(viewType));
                    }
                });
    }

    public static void disableStream(DynamoDbClient client, String table) {
        client.updateTable(
                request ->
                        request.tableName(table)
                                .streamSpecification(stream -> stream.streamEnabled(false)));
    }

    /** A new stream: the one before must be off. */
    public static void enableStream(DynamoDbClient client, String table, String viewType) {
        client.updateTable(
                request ->
                        request.tableName(table)
                                .streamSpecification(
                                        stream ->
                                                stream.streamEnabled(true)
                                                        .streamViewType(viewType)));
    }

    public static void put(DynamoDbClient client, String table, Item item) {
        client.putItem(
                request ->
                        request.tableName(table).item(AwsValues.toAttributes(item.attributes())));
    }

    /** At most 25 items, none of them twice; they are all taken. */
    public static void putAll(DynamoDbClient client, String table, List<Item> items) {
        List<WriteRequest> puts = new ArrayList<>();
        for (Item item : items) {
            Map<String, AttributeValue> attributes = AwsValues.toAttributes(item.attributes());
            puts.add(WriteRequest.builder().putRequest(put -> put.item(attributes)).build());
        }
        if (!client.batchWriteItem(request -> request.requestItems(Map.of(table, puts)))
                .unprocessedItems()
                .isEmpty()) {
            throw new IllegalStateException("cannot fill table " + table + ": some are left over");
        }
    }

    public static void delete(DynamoDbClient client, String table, Item keys) {
        client.deleteItem(
                request -> request.tableName(table).key(AwsValues.toAttributes(keys.attributes())));
    }

    public static void update(
            DynamoDbClient client,
            String table,
            Item keys,
            Map<String, Value> set,
            Collection<String> removed) {
        Map<String, String> names = new HashMap<>();
        Map<String, AttributeValue> values = new HashMap<>();
        List<String> sets = new ArrayList<>();
        List<String> removes = new ArrayList<>();
        for (Map.Entry<String, Value> attribute : set.entrySet()) {
            String name = "#n" + names.size();
            names.put(name, attribute.getKey());
            values.put(":v" + values.size(), AwsValues.toAttribute(attribute.getValue()));
            sets.add(name + " = :v" + (values.size() - 1));
        }
        for (String attribute : removed) {
            String name = "#n" + names.size();
            names.put(name, attribute);
            removes.add(name);
        }
        String expression =
                (sets.isEmpty() ? "" : "SET " + String.join(", ", sets))
                        + (removes.isEmpty() ? "" : " REMOVE " + String.join(", ", removes));
        client.updateItem(
                request ->
                        request.tableName(table)
                                .key(AwsValues.toAttributes(keys.attributes()))
                                .updateExpression(expression)
                                .expressionAttributeNames(names)
                                .expressionAttributeValues(values.isEmpty() ? null : values));
    }
}
