package dev.tally.sink;

import dev.tally.item.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Whole items of one table, written and read as any client of DynamoDB would: for demo traffic and
 * for what local runs measure. Every call blocks; a repeated write of the same item changes
 * nothing, so attempts of unknown outcome are repeated.
 */
public final class ItemTable implements AutoCloseable {

    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(10);
    private static final int CONCURRENCY = 8;
    private static final Attempts ATTEMPTS = new Attempts(5, Duration.ZERO);

    /** Items that one request may have, as the reference of BatchWriteItem says. */
    private static final int BATCH = 25;

    private static final Attempts UNPROCESSED = new Attempts(6, Duration.ofMillis(50));

    private final String table;
    private final DynamoDbAsyncClient client;

    public ItemTable(TargetSettings settings, String table) {
        this.table = table;
        this.client = settings.open(ATTEMPT_LIMIT, CONCURRENCY);
    }

    public void put(Item item) {
        ATTEMPTS.repeat(
                "write to table " + table,
                () ->
                        client.putItem(put -> put.tableName(table).item(AttributeValues.of(item)))
                                .join());
    }

    /** Different items, in requests of as many as one may have. */
    public void putAll(List<Item> items) {
        for (int from = 0; from < items.size(); from += BATCH) {
            List<WriteRequest> batch = new ArrayList<>();
            for (Item item : items.subList(from, Math.min(items.size(), from + BATCH))) {
                PutRequest put = PutRequest.builder().item(AttributeValues.of(item)).build();
                batch.add(WriteRequest.builder().putRequest(put).build());
            }
            write(Map.of(table, batch));
        }
    }

    /** Also what DynamoDB gives back since it is too much at once. */
    private void write(Map<String, List<WriteRequest>> batch) {
        Map<String, List<WriteRequest>> left = batch;
        for (int attempt = 1; !left.isEmpty(); attempt++) {
            if (attempt > UNPROCESSED.most()) {
                throw new TargetException(
                        "cannot write to table "
                                + table
                                + ": it takes "
                                + left.get(table).size()
                                + " items of a batch in none of "
                                + UNPROCESSED.most()
                                + " attempts. Raise its write capacity.");
            }
            if (attempt > 1) {
                UNPROCESSED.pause("write to table " + table, attempt - 1);
            }
            Map<String, List<WriteRequest>> now = left;
            left =
                    ATTEMPTS.repeat(
                            "write to table " + table,
                            () ->
                                    client.batchWriteItem(write -> write.requestItems(now))
                                            .join()
                                            .unprocessedItems());
        }
    }

    /**
     * @param keys the key attributes
     */
    public void delete(Item keys) {
        ATTEMPTS.repeat(
                "delete from table " + table,
                () ->
                        client.deleteItem(
                                        delete ->
                                                delete.tableName(table)
                                                        .key(AttributeValues.of(keys)))
                                .join());
    }

    /**
     * Reads consistently.
     *
     * @param keys the key attributes
     * @return empty if there is no such item
     */
    public Item get(Item keys) {
        return ATTEMPTS.repeat(
                "read table " + table,
                () ->
                        AttributeValues.toItem(
                                client.getItem(
                                                get ->
                                                        get.tableName(table)
                                                                .key(AttributeValues.of(keys))
                                                                .consistentRead(true))
                                        .join()
                                        .item()));
    }

    @Override
    public void close() {
        client.close();
    }
}
