package dev.tally.sink;

import static software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure.ALL_OLD;

import dev.tally.change.DeadLetter;
import dev.tally.item.Item;
import dev.tally.json.DynamoDbJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** The dead letters in the table of {@link DeadLetters}, to look at and to be done with. */
public final class LetterTable implements AutoCloseable {

    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(15);
    private static final Attempts ATTEMPTS = new Attempts(10, Duration.ofMillis(50));

    private static final Map<String, String> NAMES = Map.of("#r", "Reason", "#v", "Version");

    private final String table;
    private final DynamoDbAsyncClient client;
    private long unreadable;

    public LetterTable(String table, TargetSettings settings) {
        this.table = table;
        this.client = settings.forTable(table).open(ATTEMPT_LIMIT, 1);
    }

    /**
     * Hands over each letter, as stored: its id may be the hash of the original one, and an item
     * that was left out is null. Blocks.
     *
     * @throws TargetException if the table cannot be read, with what to do
     */
    public void read(Consumer<DeadLetter> taker) {
        Map<String, AttributeValue> after = null;
        do {
            Map<String, AttributeValue> from = after;
            ScanResponse page =
                    ATTEMPTS.repeat(
                            "read the dead letters in table " + table,
                            () ->
                                    client.scan(
                                                    scan ->
                                                            scan.tableName(table)
                                                                    .consistentRead(true)
                                                                    .exclusiveStartKey(from))
                                            .join());
            for (Map<String, AttributeValue> stored : page.items()) {
                DeadLetter letter = letter(stored);
                if (letter == null) {
                    unreadable++;
                } else {
                    taker.accept(letter);
                }
            }
            after = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null;
        } while (after != null && !after.isEmpty());
    }

    /** Items that are no letters, or of a newer release. */
    public long unreadable() {
        return unreadable;
    }

    private static DeadLetter letter(Map<String, AttributeValue> stored) {
        String source = text(stored, "Source");
        String reason = text(stored, "Reason");
        String keys = text(stored, "Keys");
        if (source == null || reason == null || keys == null) {
            return null;
        }
        try {
            String item = text(stored, "Item");
            String time = text(stored, "Time");
            return new DeadLetter(
                    text(stored, "Id"),
                    source,
                    reason,
                    item(keys),
                    text(stored, "Version"),
                    time == null ? 0 : Instant.parse(time).toEpochMilli(),
                    item == null || !item.startsWith("{") ? null : item(item));
        } catch (IOException | DateTimeParseException e) {
            return null;
        }
    }

    private static String text(Map<String, AttributeValue> stored, String name) {
        AttributeValue value = stored.get(name);
        return value == null ? null : value.s();
    }

    private static Item item(String json) throws IOException {
        return DynamoDbJson.readItem(json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Removes a letter, unless the same thing was refused anew since it was read.
     *
     * @return whether it is gone
     */
    public boolean remove(DeadLetter letter) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":r", AttributeValues.text(letter.reason()));
        String version = "attribute_not_exists(#v)";
        if (letter.version() != null) {
            version = "#v = :v";
            values.put(":v", AttributeValues.text(letter.version()));
        }
        String condition = "#r = :r AND " + version;
        Map<String, AttributeValue> id = Map.of("Id", AttributeValues.text(letter.id()));
        try {
            ATTEMPTS.repeat(
                    "remove a dead letter from table " + table,
                    () ->
                            client.deleteItem(
                                            delete ->
                                                    delete.tableName(table)
                                                            .key(id)
                                                            .conditionExpression(condition)
                                                            .expressionAttributeNames(NAMES)
                                                            .expressionAttributeValues(values)
                                                            .returnValuesOnConditionCheckFailure(
                                                                    ALL_OLD))
                                    .join());
            return true;
        } catch (ConditionalCheckFailedException e) {
            return !e.hasItem();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
