package dev.tally.sink;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Takes back the rows of a view that nobody keeps any more, before a job starts without it; every
 * call blocks. Each row loses the view's own attributes under the condition that its guard is still
 * the one that was read, and gets a guard above all that the old job can still send. What others
 * keep on the item stays.
 */
public final class RemovedRows implements AutoCloseable {

    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(15);
    private static final int CONCURRENCY = 4;
    private static final Attempts ATTEMPTS = new Attempts(8, Duration.ZERO);

    private final String table;
    private final String guard;
    private final List<String> measures;
    private final DynamoDbAsyncClient client;
    private long cleared;
    private long deleted;
    private long left;

    /**
     * @param guard name of the view's guard attribute
     * @param measures names of the view's measures
     */
    public RemovedRows(TargetSettings settings, String table, String guard, List<String> measures) {
        this.table = table;
        this.guard = guard;
        this.measures = List.copyOf(measures);
        this.client = settings.forTable(table).open(ATTEMPT_LIMIT, CONCURRENCY);
    }

    /**
     * @param submission above that of every row
     * @param delete whether items with nothing else on them go as a whole: no write of the old job
     *     may be under way any more, or it would bring them back
     * @return a sentence that says how many rows went
     */
    public String clear(long submission, boolean delete) {
        Set<String> keys = keys();
        Map<String, AttributeValue> after = null;
        do {
            ScanRequest.Builder page =
                    ScanRequest.builder()
                            .tableName(table)
                            .consistentRead(true)
                            .exclusiveStartKey(after)
                            .filterExpression("attribute_exists(#g)")
                            .expressionAttributeNames(Map.of("#g", guard));
            ScanResponse answer = call("read", () -> client.scan(page.build()).join());
            for (Map<String, AttributeValue> item : answer.items()) {
                clear(item, keys, submission, delete);
            }
            after = answer.hasLastEvaluatedKey() ? answer.lastEvaluatedKey() : null;
        } while (after != null && !after.isEmpty());
        return "table "
                + table
                + ": "
                + deleted
                + " rows deleted, "
                + cleared
                + " emptied but for key and guard"
                + (left == 0 ? "" : ", " + left + " left that somebody else has written since");
    }

    private Set<String> keys() {
        DescribeTableResponse described =
                call("describe", () -> client.describeTable(d -> d.tableName(table)).join());
        Set<String> keys = new HashSet<>();
        described.table().keySchema().forEach(key -> keys.add(key.attributeName()));
        return keys;
    }

    private void clear(
            Map<String, AttributeValue> item, Set<String> keys, long submission, boolean delete) {
        Optional<Guard> seen =
                item.get(guard).s() == null ? Optional.empty() : Guard.parse(item.get(guard).s());
        if (seen.isEmpty() || seen.get().submission() >= submission) {
            left++;
            return;
        }
        Map<String, AttributeValue> key = new HashMap<>(item);
        key.keySet().retainAll(keys);
        Set<String> others = new HashSet<>(item.keySet());
        others.removeAll(keys);
        others.removeAll(measures);
        others.remove(guard);
        try {
            if (delete && others.isEmpty()) {
                call(
                        "delete from",
                        () ->
                                client.deleteItem(
                                                request ->
                                                        request.tableName(table)
                                                                .key(key)
                                                                .conditionExpression("#g = :seen")
                                                                .expressionAttributeNames(
                                                                        Map.of("#g", guard))
                                                                .expressionAttributeValues(
                                                                        Map.of(
                                                                                ":seen",
                                                                                item.get(guard))))
                                        .join());
                deleted++;
            } else {
                call("write to", () -> client.updateItem(empty(item, key, submission)).join());
                cleared++;
            }
        } catch (ConditionalCheckFailedException moved) {
            left++;
        }
    }

    private UpdateItemRequest empty(
            Map<String, AttributeValue> item, Map<String, AttributeValue> key, long submission) {
        Map<String, String> names = new HashMap<>(Map.of("#g", guard));
        StringBuilder remove = new StringBuilder();
        for (String measure : measures) {
            String name = "#m" + names.size();
            names.put(name, measure);
            remove.append(remove.length() == 0 ? " REMOVE " : ", ").append(name);
        }
        String above = Guard.of(submission, 0, 0, 0).text();
        return UpdateItemRequest.builder()
                .tableName(table)
                .key(key)
                .updateExpression("SET #g = :above" + remove)
                .conditionExpression("#g = :seen")
                .expressionAttributeNames(names)
                .expressionAttributeValues(
                        Map.of(":above", AttributeValues.text(above), ":seen", item.get(guard)))
                .build();
    }

    private <T> T call(String what, Supplier<T> attempt) {
        return ATTEMPTS.repeat(what + " table " + table, attempt);
    }

    @Override
    public void close() {
        client.close();
    }
}
