package dev.tally.source.client;

import dev.tally.item.KeySchema;

/** What DescribeTable says of a table. */
public final class TableDescription {

    /** What the records of a stream carry. */
    public enum ViewType {
        NEW_AND_OLD_IMAGES,
        NEW_IMAGE,
        OLD_IMAGE,
        KEYS_ONLY
    }

    private final String tableId;
    private final String tableArn;
    private final KeySchema key;
    private final long itemCount;
    private final long sizeBytes;
    private final String streamArn;
    private final boolean streamEnabled;
    private final ViewType viewType;
    private final int replicas;
    private final long serviceTime;

    public TableDescription(
            String tableId,
            String tableArn,
            KeySchema key,
            long itemCount,
            long sizeBytes,
            String streamArn,
            boolean streamEnabled,
            ViewType viewType,
            int replicas,
            long serviceTime) {
        this.tableId = tableId;
        this.tableArn = tableArn;
        this.key = key;
        this.itemCount = itemCount;
        this.sizeBytes = sizeBytes;
        this.streamArn = streamArn;
        this.streamEnabled = streamEnabled;
        this.viewType = viewType;
        this.replicas = replicas;
        this.serviceTime = serviceTime;
    }

    /** Of this very table: a table deleted and created anew has another. */
    public String tableId() {
        return tableId;
    }

    public String tableArn() {
        return tableArn;
    }

    public KeySchema key() {
        return key;
    }

    /** About six hours old. */
    public long itemCount() {
        return itemCount;
    }

    /** About six hours old. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Latest stream; null if there never was one. */
    public String streamArn() {
        return streamArn;
    }

    public boolean streamEnabled() {
        return streamEnabled;
    }

    /** Of the latest stream, also of a disabled one; null if there is none to read. */
    public ViewType viewType() {
        return viewType;
    }

    /** Replicas in other regions: of a global table one reader a shard is advised. */
    public int replicas() {
        return replicas;
    }

    public long serviceTime() {
        return serviceTime;
    }
}
