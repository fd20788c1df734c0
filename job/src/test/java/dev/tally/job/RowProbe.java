package dev.tally.job;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.source.client.LocalTables;
import dev.tally.testing.LocalDynamoDb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How long a change takes until its row shows it: one item of its own, one row of its own. */
final class RowProbe {

    static final String LIST = "probe";

    private final String tasks;
    private final String target;
    private final List<Long> millis = new ArrayList<>();
    private int effort;

    /**
     * @param target whose rows have the sum of Effort per ListId
     */
    RowProbe(String tasks, String target) {
        this.tasks = tasks;
        this.target = target;
    }

    void measure() {
        effort++;
        long start = System.nanoTime();
        LocalTables.put(
                LocalDynamoDb.shared().client(),
                tasks,
                Item.of(
                        Map.of(
                                "TaskId", Value.text(LIST),
                                "ListId", Value.text(LIST),
                                "Effort", Value.number(effort))));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> Integer.toString(effort).equals(shown()));
        millis.add((System.nanoTime() - start) / 1_000_000);
    }

    private String shown() {
        Map<String, AttributeValue> row =
                LocalDynamoDb.shared()
                        .client()
                        .getItem(
                                get ->
                                        get.tableName(target)
                                                .consistentRead(true)
                                                .key(Map.of("ListId", AttributeValue.fromS(LIST))))
                        .item();
        return row.containsKey("Effort") ? row.get("Effort").n() : "";
    }

    int count() {
        return millis.size();
    }

    /** Milliseconds. */
    long quantile(double of) {
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        return sorted.get((int) Math.min(sorted.size() - 1, of * sorted.size()));
    }

    @Override
    public String toString() {
        return "p50 " + quantile(0.5) + " ms, p99 " + quantile(0.99) + " ms of " + count();
    }
}
