package dev.tally.sink;

import dev.tally.change.ItemDiff;
import dev.tally.change.ItemDiff.Kind;
import dev.tally.item.Item;
import dev.tally.json.FeedJson;
import dev.tally.sink.async.Conversion;
import dev.tally.view.FeedSpec;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Which diffs a feed gets, and as what records; what it does not get is counted. */
final class FeedEntries implements Conversion<ItemDiff, StreamEntry> {

    private final FeedSpec spec;
    private final FeedJson json;
    private final int recordBytesMax;

    /** Diffs of which neither image matches the feed's {@code where}. */
    private final Counter filtered;

    /** Rows of a scan, on a feed without them. */
    private final Counter snapshot;

    /** Diffs whose images did not fit into a record. */
    private final Counter truncated;

    /**
     * @param recordBytesMax for data and partition key together
     */
    FeedEntries(FeedSpec spec, FeedJson json, int recordBytesMax, MetricGroup metrics) {
        this.spec = spec;
        this.json = json;
        this.recordBytesMax = recordBytesMax;
        this.filtered = metrics.counter("diffsFiltered");
        this.snapshot = metrics.counter("diffsOfSnapshotLeftOut");
        this.truncated = metrics.counter("diffsTruncated");
    }

    @Override
    public StreamEntry apply(ItemDiff diff) {
        if (diff.kind() == Kind.READ && !spec.includeSnapshot()) {
            snapshot.inc();
            return null;
        }
        if (spec.where() != null && !matches(diff.before()) && !matches(diff.after())) {
            filtered.inc();
            return null;
        }
        String key = StreamEntry.partitionKey(diff.key().values());
        int dataMax = recordBytesMax - StreamEntry.bytes(key);
        byte[] data = json.whole(diff);
        if (data.length > dataMax) {
            truncated.inc();
            data = json.truncated(diff, dataMax);
        }
        return new StreamEntry(key, data);
    }

    private boolean matches(Item image) {
        return image != null && spec.where().matches(image);
    }

    @Override
    public long size(StreamEntry entry) {
        return entry.size();
    }
}
