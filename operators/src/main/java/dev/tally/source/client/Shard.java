package dev.tally.source.client;

/** A shard as it is listed. */
public final class Shard {

    private final String shardId;
    private final String parentShardId;
    private final boolean closed;

    public Shard(String shardId, String parentShardId, boolean closed) {
        this.shardId = shardId;
        this.parentShardId = parentShardId;
        this.closed = closed;
    }

    public String shardId() {
        return shardId;
    }

    /** Null without one. */
    public String parentShardId() {
        return parentShardId;
    }

    /** Whether it has an ending sequence number. */
    public boolean closed() {
        return closed;
    }
}
