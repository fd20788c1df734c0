package dev.tally.sink;

import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbAsyncWaiter;

/** Describes and creates tables, at start and for local runs; every call blocks. */
public final class Tables implements AutoCloseable {

    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(15);
    private static final Duration ACTIVE_LIMIT = Duration.ofMinutes(2);
    private static final int CONCURRENCY = 4;
    private static final int ATTEMPTS_MAX = 5;

    /** Holds for no item, there or not. */
    private static final String NEVER = "attribute_exists(#k) AND attribute_not_exists(#k)";

    private final DynamoDbAsyncClient client;

    public Tables(TargetSettings settings) {
        this.client = settings.open(ATTEMPT_LIMIT, CONCURRENCY);
    }

    /**
     * The key of a table; empty if there is no such table.
     *
     * @throws TargetException if it cannot be described, with what to do
     */
    public Optional<KeySchema> key(String table) {
        for (int attempt = 1; ; attempt++) {
            try {
                TableDescription found =
                        client.describeTable(describe -> describe.tableName(table)).join().table();
                return Optional.of(keyOf(found));
            } catch (CompletionException e) {
                String action = "describe table " + table;
                if (ServiceErrors.notFound(e)) {
                    return Optional.empty();
                }
                if (!ServiceErrors.outcome(action, e).repeat() || attempt == ATTEMPTS_MAX) {
                    throw ServiceErrors.named(action, e);
                }
            }
        }
    }

    /**
     * Makes each kind of call that a row sink makes, in a form that changes nothing, so that a
     * missing permission shows at start and not hours later.
     *
     * @param deletes whether rows are removed too
     * @throws TargetException if a call is denied, with what to do
     */
    public void probe(String table, KeySchema key, boolean deletes) {
        Map<String, AttributeValue> nobody = new HashMap<>();
        for (KeySchema.Attribute attribute : key.attributes()) {
            nobody.put(attribute.name(), AttributeValues.of(probeOf(attribute.type())));
        }
        Map<String, String> names = Map.of("#k", key.attributes().get(0).name());
        probe(
                "write to",
                table,
                client.updateItem(
                        update ->
                                update.tableName(table)
                                        .key(nobody)
                                        .conditionExpression(NEVER)
                                        .expressionAttributeNames(names)));
        probe("read", table, client.scan(scan -> scan.tableName(table).limit(1)));
        if (deletes) {
            probe("read", table, client.getItem(get -> get.tableName(table).key(nobody)));
            probe(
                    "delete from",
                    table,
                    client.deleteItem(
                            delete ->
                                    delete.tableName(table)
                                            .key(nobody)
                                            .conditionExpression(NEVER)
                                            .expressionAttributeNames(names)));
        }
    }

    /** Only a denial counts: whatever else goes wrong is the business of the call that matters. */
    private static void probe(String what, String table, CompletableFuture<?> call) {
        try {
            call.join();
        } catch (CompletionException e) {
            if (ServiceErrors.denied(e)) {
                throw ServiceErrors.named(what + " table " + table, e);
            }
        }
    }

    private static Value probeOf(Type type) {
        switch (type) {
            case N:
                return Value.number(0);
            case B:
                return Value.binary(new byte[] {0});
            default:
                return Value.text("tally-probe");
        }
    }

    private static KeySchema keyOf(TableDescription table) {
        List<KeySchema.Attribute> attributes = new ArrayList<>();
        for (KeyType role : List.of(KeyType.HASH, KeyType.RANGE)) {
            for (KeySchemaElement element : table.keySchema()) {
                if (element.keyType() == role) {
                    attributes.add(
                            new KeySchema.Attribute(
                                    element.attributeName(),
                                    typeOf(table, element.attributeName())));
                }
            }
        }
        return KeySchema.of(attributes);
    }

    private static Type typeOf(TableDescription table, String attribute) {
        for (AttributeDefinition definition : table.attributeDefinitions()) {
            if (definition.attributeName().equals(attribute)) {
                return Type.valueOf(definition.attributeTypeAsString());
            }
        }
        throw new TargetException(
                "cannot read the key of table " + table.tableName() + ": no type for " + attribute);
    }

    /**
     * Creates a table, billed on demand, and waits until it can be used; fine if it is there.
     *
     * @param streamed whether it gets a stream of new and old images
     */
    public void create(String table, KeySchema key, boolean streamed) {
        CreateTableRequest.Builder request =
                CreateTableRequest.builder()
                        .tableName(table)
                        .billingMode(BillingMode.PAY_PER_REQUEST);
        List<KeySchemaElement> elements = new ArrayList<>();
        List<AttributeDefinition> definitions = new ArrayList<>();
        for (KeySchema.Attribute attribute : key.attributes()) {
            KeyType role = elements.isEmpty() ? KeyType.HASH : KeyType.RANGE;
            elements.add(
                    KeySchemaElement.builder()
                            .attributeName(attribute.name())
                            .keyType(role)
                            .build());
            definitions.add(
                    AttributeDefinition.builder()
                            .attributeName(attribute.name())
                            .attributeType(ScalarAttributeType.fromValue(attribute.type().name()))
                            .build());
        }
        if (streamed) {
            request.streamSpecification(
                    StreamSpecification.builder()
                            .streamEnabled(true)
                            .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)
                            .build());
        }
        try {
            client.createTable(
                            request.keySchema(elements).attributeDefinitions(definitions).build())
                    .join();
        } catch (CompletionException e) {
            if (!ServiceErrors.code(e).equals("ResourceInUseException")) {
                throw ServiceErrors.named("create table " + table, e);
            }
        }
        awaitActive(table);
    }

    private void awaitActive(String table) {
        try (DynamoDbAsyncWaiter waiter = client.waiter()) {
            waiter.waitUntilTableExists(describe -> describe.tableName(table))
                    .get(ACTIVE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new TargetException(
                    "cannot create table "
                            + table
                            + ": it is not active after "
                            + ACTIVE_LIMIT.toSeconds()
                            + " s. Look at it in the console and start again.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TargetException("cannot wait for table " + table + ": interrupted", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
