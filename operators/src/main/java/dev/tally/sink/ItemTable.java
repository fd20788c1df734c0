package dev.tally.sink;

import dev.tally.item.Item;
import java.time.Duration;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * Whole items of one table, written and read one by one as any client of DynamoDB would: for demo
 * traffic and for what local runs measure. Every call blocks; a repeated write of the same item
 * changes nothing, so attempts of unknown outcome are repeated.
 */
public final class ItemTable implements AutoCloseable {

    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(10);
    private static final int CONCURRENCY = 8;
    private static final Attempts ATTEMPTS = new Attempts(5, Duration.ZERO);

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
