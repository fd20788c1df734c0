package dev.tally.sink;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.view.GroupKey;
import dev.tally.view.MeasureSpec;
import dev.tally.view.TargetRow;
import dev.tally.view.TargetRows;
import dev.tally.view.ViewSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * The rows that DynamoDB tables hold, by strongly consistent scans; only keys, guards and measures
 * are sent over. Safe for all threads; answers come on threads of the client.
 */
public final class DynamoDbTargetRows implements TargetRows {

    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(DynamoDbTargetRows.class);
    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(15);
    private static final int CONCURRENCY = 8;
    private static final long BACKOFF_FIRST = 100;
    private static final long BACKOFF_MAX = 10_000;

    private final HashMap<String, KeySchema> keys;
    private final HashMap<String, TargetSettings> settings;
    private final AtomicLong skipped = new AtomicLong();
    private transient Map<String, DynamoDbAsyncClient> clients;

    /**
     * @param keys of the target table, by name of the view
     * @param settings of the target table, by name of the view
     */
    public DynamoDbTargetRows(Map<String, KeySchema> keys, Map<String, TargetSettings> settings) {
        this.keys = new HashMap<>(keys);
        this.settings = new HashMap<>(settings);
    }

    @Override
    public CompletableFuture<Page> read(ViewSpec view, Item after) {
        return attempt(view, request(view, after).build(), BACKOFF_FIRST);
    }

    /**
     * A page of one segment of a parallel scan, of at most so many items.
     *
     * @param after {@link Page#next} of the segment's page before, or null for the first
     */
    public CompletableFuture<Page> read(
            ViewSpec view, int segment, int segments, Item after, int limit) {
        ScanRequest request =
                request(view, after).segment(segment).totalSegments(segments).limit(limit).build();
        return attempt(view, request, BACKOFF_FIRST);
    }

    private CompletableFuture<Page> attempt(ViewSpec view, ScanRequest request, long wait) {
        return client(view)
                .scan(request)
                .handle(
                        (answer, error) ->
                                error == null
                                        ? CompletableFuture.completedFuture(page(view, answer))
                                        : again(view, request, wait, error))
                .thenCompose(page -> page);
    }

    private CompletableFuture<Page> again(
            ViewSpec view, ScanRequest request, long wait, Throwable error) {
        String action = "read the rows of view " + view.name() + " in table " + view.to().table();
        if (!ServiceErrors.outcome(action, error).repeat()) {
            return CompletableFuture.failedFuture(ServiceErrors.named(action, error));
        }
        LOG.warn(
                "view={}: cannot read a page of its rows, again in {} ms: {}",
                view.name(),
                wait,
                ServiceErrors.code(error));
        Executor later = CompletableFuture.delayedExecutor(wait, TimeUnit.MILLISECONDS);
        long next = Math.min(BACKOFF_MAX, 2 * wait);
        return CompletableFuture.supplyAsync(() -> attempt(view, request, next), later)
                .thenCompose(page -> page);
    }

    private ScanRequest.Builder request(ViewSpec view, Item after) {
        Map<String, String> names = new HashMap<>();
        names.put("#g", view.to().guard());
        StringBuilder shown = new StringBuilder("#g");
        StringBuilder ours = new StringBuilder("attribute_exists(#g)");
        for (MeasureSpec measure : view.measures()) {
            String name = "#m" + names.size();
            names.put(name, measure.name());
            shown.append(", ").append(name);
            ours.append(" OR attribute_exists(").append(name).append(')');
        }
        for (KeySchema.Attribute attribute : keys.get(view.name()).attributes()) {
            String name = "#k" + names.size();
            names.put(name, attribute.name());
            shown.append(", ").append(name);
        }
        return ScanRequest.builder()
                .tableName(view.to().table())
                .consistentRead(true)
                .exclusiveStartKey(after == null ? null : AttributeValues.of(after))
                .projectionExpression(shown.toString())
                .filterExpression(ours.toString())
                .expressionAttributeNames(names)
                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    }

    private Page page(ViewSpec view, ScanResponse answer) {
        List<TargetRow> rows = new ArrayList<>();
        for (Map<String, AttributeValue> found : answer.items()) {
            TargetRow row = row(view, AttributeValues.toItem(found));
            if (row == null) {
                skipped.incrementAndGet();
            } else {
                rows.add(row);
            }
        }
        Map<String, AttributeValue> last = answer.lastEvaluatedKey();
        ConsumedCapacity consumed = answer.consumedCapacity();
        return new Page(
                rows,
                last.isEmpty() ? null : AttributeValues.toItem(last),
                answer.scannedCount() == null ? rows.size() : answer.scannedCount(),
                consumed == null ? 0 : consumed.capacityUnits());
    }

    private TargetRow row(ViewSpec view, Item item) {
        List<Value> key = new ArrayList<>(2);
        for (KeySchema.Attribute attribute : keys.get(view.name()).attributes()) {
            Value value = item.get(attribute.name());
            if (value == null || !value.is(attribute.type())) {
                return null;
            }
            key.add(value);
        }
        Value[] measures = new Value[view.measures().size()];
        for (int i = 0; i < measures.length; i++) {
            measures[i] = item.get(view.measures().get(i).name());
        }
        Value stored = item.get(view.to().guard());
        Optional<Guard> guard =
                stored == null || !stored.is(Value.Type.S)
                        ? Optional.empty()
                        : Guard.parse(stored.asText());
        return new TargetRow(
                GroupKey.of(view.name(), key),
                measures,
                stored != null,
                guard.map(Guard::submission).orElse(0L),
                guard.isPresent() ? stored.asText() : null);
    }

    /** Rows passed over since their key is not of the types given for the table. */
    public long skipped() {
        return skipped.get();
    }

    private synchronized DynamoDbAsyncClient client(ViewSpec view) {
        if (clients == null) {
            clients = new HashMap<>();
        }
        return clients.computeIfAbsent(
                view.name(),
                name ->
                        settings.get(name)
                                .forTable(view.to().table())
                                .open(ATTEMPT_LIMIT, CONCURRENCY));
    }

    @Override
    public synchronized void close() {
        if (clients != null) {
            clients.values().forEach(DynamoDbAsyncClient::close);
            clients = null;
        }
    }
}
