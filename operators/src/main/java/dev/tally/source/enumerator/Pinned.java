package dev.tally.source.enumerator;

import dev.tally.source.SourceOptions;
import dev.tally.source.client.Shard;
import dev.tally.source.client.TableDescription;
import dev.tally.source.enumerator.EnumeratorState.Pin;
import dev.tally.source.split.Fence;
import java.util.List;
import java.util.Map;

/** All that was seen of a table when a generation was pinned. */
final class Pinned {

    private final TableDescription table;
    private final boolean oldImages;
    private final List<Shard> shards;
    private final int segments;
    private final Map<String, String> views;

    /**
     * @param oldImages whether the records of its stream have them
     * @param shards all that are listed
     * @param segments of the scan; 0 for none
     * @param views what each view that is fed counts, by its name
     */
    Pinned(
            TableDescription table,
            boolean oldImages,
            List<Shard> shards,
            int segments,
            Map<String, String> views) {
        this.table = table;
        this.oldImages = oldImages;
        this.shards = List.copyOf(shards);
        this.segments = segments;
        this.views = views;
    }

    TableDescription table() {
        return table;
    }

    boolean oldImages() {
        return oldImages;
    }

    List<Shard> shards() {
        return shards;
    }

    Map<String, String> views() {
        return views;
    }

    /** Service milliseconds. */
    long time() {
        return table.serviceTime();
    }

    /** The fence's time, more than clocks may differ before the pin. */
    long fenceTime() {
        return time() - SourceOptions.FENCE_OVERLAP.toMillis();
    }

    Pin pin(int incarnation, Fence fence, Reason reason) {
        return new Pin(
                table.tableId(),
                table.streamArn(),
                incarnation,
                oldImages,
                table.itemCount(),
                fence,
                reason);
    }

    ShardGraph graph() {
        return ShardGraph.pinned(shards, time() - SourceOptions.RETENTION.toMillis());
    }

    SnapshotPlan plan(Fence fence) {
        return SnapshotPlan.of(fence, segments, table.itemCount());
    }
}
