package dev.tally.source.reader;

import dev.tally.item.Item;
import dev.tally.source.client.Change;
import dev.tally.source.client.ChangePage;
import java.util.List;

/** A page of a shard that waits to be emitted. */
final class Fetched {

    /** Heap of a record, decoded, to what DynamoDB counts of it. */
    private static final int HEAP_TIMES = 3;

    private final ChangePage page;
    private final long begunAt;

    /**
     * @param begunAt service milliseconds before which it was not asked for, or {@link
     *     PageCall#AHEAD}
     */
    Fetched(ChangePage page, long begunAt) {
        this.page = page;
        this.begunAt = begunAt;
    }

    ChangePage page() {
        return page;
    }

    long begunAt() {
        return begunAt;
    }

    /** Heap that changes take, roughly: the first, the middle and the last one stand for all. */
    static long heapBytes(List<Change> changes) {
        int count = changes.size();
        long some = size(changes.get(0)) + size(changes.get(count / 2));
        return HEAP_TIMES * count * (some + size(changes.get(count - 1))) / 3;
    }

    private static long size(Change change) {
        return change.keys().size() + size(change.oldImage()) + size(change.newImage());
    }

    private static long size(Item image) {
        return image == null ? 0 : image.size();
    }
}
