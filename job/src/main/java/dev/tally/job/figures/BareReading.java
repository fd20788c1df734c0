package dev.tally.job.figures;

import dev.tally.source.client.ChangePage;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.Shard;
import dev.tally.source.client.ShardPage;
import dev.tally.source.client.TableClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * The least that reading a stream can cost: GetRecords on one shard after the other, from the
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
            long records = 0;
            for (String iterator : iterators) {
                records += readShard(iterator);
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

    private long readShard(String start) throws ExecutionException, InterruptedException {
        long records = 0;
        String iterator = start;
        while (iterator != null) {
            ChangePage page = client.getRecords(iterator, RECORDS_PER_PAGE).get();
            records += page.changes().size();
            iterator = page.changes().isEmpty() ? null : page.nextIterator();
        }
        return records;
    }
}
