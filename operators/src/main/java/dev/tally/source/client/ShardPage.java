package dev.tally.source.client;

import java.util.List;

/** One page of DescribeStream. */
public final class ShardPage {

    private final List<Shard> shards;
    private final String lastShardId;
    private final boolean streamEnabled;
    private final long serviceTime;

    public ShardPage(
            List<Shard> shards, String lastShardId, boolean streamEnabled, long serviceTime) {
        this.shards = shards;
        this.lastShardId = lastShardId;
        this.streamEnabled = streamEnabled;
        this.serviceTime = serviceTime;
    }

    public List<Shard> shards() {
        return shards;
    }

    /** Where the next page goes on; null after the last page. */
    public String lastShardId() {
        return lastShardId;
    }

    public boolean streamEnabled() {
        return streamEnabled;
    }

    public long serviceTime() {
        return serviceTime;
    }
}
