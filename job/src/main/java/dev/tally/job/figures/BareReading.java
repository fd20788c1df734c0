package dev.tally.job.figures;

import dev.tally.source.client.ClientException;
import dev.tally.source.client.Shard;
import dev.tally.source.client.ShardPage;
import dev.tally.source.client.TableClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The least that reading a stream can cost: GetRecords on all shards at once, of each from the
 * oldest record until there is none, the next call when the last is answered, records decoded and
 * dropped. What a pipeline is compared with.
 */
final class BareReading {

    private static final int RECORDS_PER_PAGE = 1000;

    private final TableClient client;

    BareReading(TableClient client) {
        this.client = client;
    }

    /** Reads a stream that nobody writes to now. */
    Speed read(String streamArn) throws ClientException, InterruptedException {
        try {
            List<String> iterators = new ArrayList<>();
            for (Shard shard : shards(streamArn)) {
                iterators.add(client.shardIterator(streamArn, shard.shardId(), null).get());
            }
            long start = System.nanoTime();
            List<CompletableFuture<Long>> readings = new ArrayList<>();
            for (String iterator : iterators) {
                readings.add(readOn(iterator, 0));
            }
            long records = 0;
            for (CompletableFuture<Long> reading : readings) {
                records += reading.get();
            }
            return new Speed(records, System.nanoTime() - start);
        } catch (ExecutionException e) {
            throw ClientException.of(e);
        }
    }

    private List<Shard> shards(String streamArn) throws ExecutionException, InterruptedException {
        List<Shard> shards = new ArrayList<>();
        String after = null;
        do {
            ShardPage page = client.describeStream(streamArn, after).get();
            shards.addAll(page.shards());
            after = page.lastShardId();
        } while (after != null);
        return shards;
    }

    /** Completes with the records of the shard, those before the iterator included. */
    private CompletableFuture<Long> readOn(String iterator, long before) {
        return client.getRecords(iterator, RECORDS_PER_PAGE)
                .thenCompose(
                        page -> {
                            long records = before + page.changes().size();
                            boolean more = !page.changes().isEmpty() && page.nextIterator() != null;
                            return more
                                    ? readOn(page.nextIterator(), records)
                                    : CompletableFuture.completedFuture(records);
                        });
    }
}
