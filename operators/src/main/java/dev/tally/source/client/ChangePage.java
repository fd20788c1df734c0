package dev.tally.source.client;

import java.util.List;

/** One page of GetRecords. */
public final class ChangePage {

    private final List<Change> changes;
    private final String nextIterator;
    private final long serviceTime;

    public ChangePage(List<Change> changes, String nextIterator, long serviceTime) {
        this.changes = changes;
        this.nextIterator = nextIterator;
        this.serviceTime = serviceTime;
    }

    public List<Change> changes() {
        return changes;
    }

    /** Null at the end of the shard. */
    public String nextIterator() {
        return nextIterator;
    }

    public long serviceTime() {
        return serviceTime;
    }
}
