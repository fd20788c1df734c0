package dev.tally.bench.drift;

import dev.tally.source.client.Change;
import dev.tally.source.client.ChangePage;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.Shard;
import dev.tally.source.client.ShardPage;
import dev.tally.source.client.TableClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Reads a stream as the alternatives do: from the oldest record, page by page, each page handed on
 * as it comes. Where a position is no longer in the stream, it goes on with the oldest record that
 * is, as they do.
 */
final class StreamReader {

    /** As Lambda's batches are by default. */
    static final int PAGE = 100;

    /** Takes a page of one shard. */
    interface Pages {
        void page(List<Change> changes) throws Exception;
    }

    private final TableClient client;
    private final boolean parentsFirst;
    private Map<String, String> read = new HashMap<>();
    private Set<String> ended = new HashSet<>();
    private Map<String, String> markedRead = Map.of();
    private Set<String> markedEnded = Set.of();

    /**
     * @param parentsFirst whether a shard is read to its end before its children; else all are read
     *     at once, in turns
     */
    StreamReader(TableClient client, boolean parentsFirst) {
        this.client = client;
        this.parentsFirst = parentsFirst;
    }

    void mark() {
        markedRead = Map.copyOf(read);
        markedEnded = Set.copyOf(ended);
    }

    void goBack() {
        read = new HashMap<>(markedRead);
        ended = new HashSet<>(markedEnded);
    }

    /** Reads all that is there. */
    void readAll(Pages pages) throws Exception {
        List<Shard> listed = shards();
        Map<String, String> iterators = new HashMap<>();
        boolean more = true;
        while (more) {
            more = false;
            for (Shard shard : listed) {
                more |= mayBeRead(shard, listed) && step(shard.shardId(), iterators, pages);
            }
        }
    }

    private boolean mayBeRead(Shard shard, List<Shard> listed) {
        if (ended.contains(shard.shardId())) {
            return false;
        }
        boolean parentListed =
                listed.stream().anyMatch(s -> s.shardId().equals(shard.parentShardId()));
        return !parentsFirst || !parentListed || ended.contains(shard.parentShardId());
    }

    /** One page; returns whether there may be another one, of this shard or of its children. */
    private boolean step(String shard, Map<String, String> iterators, Pages pages)
            throws Exception {
        String iterator = iterators.get(shard);
        if (iterator == null) {
            iterator = iterator(shard);
        }
        ChangePage page = client.getRecords(iterator, PAGE).get();
        if (!page.changes().isEmpty()) {
            pages.page(page.changes());
            read.put(shard, page.changes().get(page.changes().size() - 1).sequenceNumber());
        }
        if (page.nextIterator() == null) {
            ended.add(shard);
            return true;
        }
        iterators.put(shard, page.nextIterator());
        return !page.changes().isEmpty();
    }

    private String iterator(String shard) throws Exception {
        String stream = stream();
        try {
            return client.shardIterator(stream, shard, read.get(shard)).get();
        } catch (ExecutionException e) {
            if (ClientException.of(e).kind() != ClientException.Kind.TRIMMED) {
                throw e;
            }
            return client.shardIterator(stream, shard, null).get();
        }
    }

    private List<Shard> shards() throws Exception {
        List<Shard> shards = new ArrayList<>();
        String after = null;
        do {
            ShardPage page = client.describeStream(stream(), after).get();
            shards.addAll(page.shards());
            after = page.lastShardId();
        } while (after != null);
        return shards;
    }

    private String stream() throws Exception {
        return client.describeTable().get().streamArn();
    }
}
