package dev.tally.source.client;

import dev.tally.item.Item;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The calls that the source makes on one table and its stream; all are asynchronous and may run
 * concurrently. Implementations: the AWS SDK, and the simulated table.
 *
 * <p>Futures fail with a {@link ClientException} only, whose class says how to react. Nothing here
 * retries or waits: the callers own their budgets. Every answer carries the service's own time,
 * from its HTTP {@code Date}, in milliseconds.
 */
public interface TableClient extends AutoCloseable {

    /** DescribeTable: id, key, size and the latest stream. */
    CompletableFuture<TableDescription> describeTable();

    /**
     * One page of DescribeStream.
     *
     * @param afterShardId where the last page ended, or null for the first
     */
    CompletableFuture<ShardPage> describeStream(String streamArn, String afterShardId);

    /**
     * One page of a strongly consistent Scan. Attributes that cannot be read are left out of their
     * item, here and in {@link #getRecords}, and said beside it.
     *
     * @param after key attributes of the last item already read, or null for the segment's start
     * @param limit most items, 1 or more; the page also ends at 1 MB
     */
    CompletableFuture<ScanPage> scan(int segment, int totalSegments, Item after, int limit);

    /**
     * GetShardIterator.
     *
     * @param afterSequenceNumber null for TRIM_HORIZON
     */
    CompletableFuture<String> shardIterator(
            String streamArn, String shardId, String afterSequenceNumber);

    /** GetRecords, for callers that wait for its records. */
    default CompletableFuture<ChangePage> getRecords(String iterator, int limit) {
        return getRecords(iterator, limit, next -> {});
    }

    /**
     * GetRecords.
     *
     * @param limit most records, 1 to 1000
     * @param next told the next iterator once, on any thread, when the answer is there and its
     *     records are not read yet; perhaps never. The page may fail all the same
     */
    CompletableFuture<ChangePage> getRecords(String iterator, int limit, Consumer<String> next);

    @Override
    void close();
}
