package dev.tally.source.enumerator;

import dev.tally.source.client.Shard;
import java.util.List;

/** All pages of one listing of the stream's shards. */
final class Listing {

    private final List<Shard> shards;
    private final boolean streamEnabled;
    private final long begunAt;

    /**
     * @param begunAt service milliseconds that had been seen before the first page was asked for
     */
    Listing(List<Shard> shards, boolean streamEnabled, long begunAt) {
        this.shards = List.copyOf(shards);
        this.streamEnabled = streamEnabled;
        this.begunAt = begunAt;
    }

    List<Shard> shards() {
        return shards;
    }

    boolean streamEnabled() {
        return streamEnabled;
    }

    long begunAt() {
        return begunAt;
    }
}
