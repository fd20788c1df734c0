package dev.tally.source.enumerator;

import dev.tally.source.SourceOptions;
import dev.tally.source.client.Shard;
import dev.tally.source.client.TableDescription;
import dev.tally.source.enumerator.EnumeratorState.Pin;
import dev.tally.source.split.Fence;
import dev.tally.source.split.SegmentSplit;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import dev.tally.view.Progress;
import dev.tally.view.TableSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * One reading of the table: its pin, its shards, its scan and whether it is ready. Pure: what the
 * enumerator tells it is all it knows.
 */
final class Generation {

    private static final int FIRST_INCARNATION = 1;

    private final Pin pin;
    private final ShardGraph graph;
    private final SnapshotPlan plan;
    private final Readiness readiness;

    /** Submission that {@link Readiness#settledAt()} belongs to. */
    private long settledBy;

    private Generation(
            Pin pin, ShardGraph graph, SnapshotPlan plan, Readiness readiness, long settledBy) {
        this.pin = pin;
        this.graph = graph;
        this.plan = plan;
        this.readiness = readiness;
        this.settledBy = settledBy;
    }

    static Generation restored(EnumeratorState state) {
        return new Generation(
                state.pin(),
                ShardGraph.restored(state.shards()),
                SnapshotPlan.restored(state.pin().itemCount(), state.segments()),
                new Readiness(state.settledAt()),
                state.submission());
    }

    /**
     * The first generation of a table.
     *
     * @param shards all that are listed
     * @param segments of the scan; 0 for none
     */
    static Generation pinned(
            TableSpec.Start start,
            TableDescription table,
            List<Shard> shards,
            int segments,
            long submission) {
        long now = table.serviceTime();
        Pin pin =
                new Pin(
                        table.tableId(),
                        table.streamArn(),
                        FIRST_INCARNATION,
                        table.itemCount(),
                        fence(start, now));
        return new Generation(
                pin,
                ShardGraph.pinned(shards, now - SourceOptions.RETENTION.toMillis()),
                SnapshotPlan.of(now, segments, table.itemCount()),
                new Readiness(0),
                submission);
    }

    private static Fence fence(TableSpec.Start start, long now) {
        switch (start) {
            case TRIM_HORIZON:
                return new Fence(now, now, now);
            case LATEST:
                // Creation times are cut to the second.
                return new Fence(now - now % 1000, Fence.SKIP, now);
            default:
                return new Fence(now - SourceOptions.FENCE_OVERLAP.toMillis(), Fence.SKIP, now);
        }
    }

    /** Somebody has started from its state: ready means from now on the present moment. */
    void submitted(long submission, long serviceTime) {
        if (settledBy != submission) {
            settledBy = submission;
            if (readiness.settledAt() > 0) {
                readiness.settle(serviceTime);
            }
        }
    }

    Pin pin() {
        return pin;
    }

    ShardGraph graph() {
        return graph;
    }

    SnapshotPlan plan() {
        return plan;
    }

    Readiness readiness() {
        return readiness;
    }

    /** Whether all that can go before the fence's time plus the retention is older than it. */
    boolean onlyOlderThanFenceGone(long serviceTime) {
        return serviceTime < pin.fence().time() + SourceOptions.RETENTION.toMillis();
    }

    /**
     * Takes what a reader says of a split.
     *
     * @return whether a completed checkpoint holds its end: the reader need not keep it
     */
    boolean reported(TableSplit split, int subtask) {
        return split instanceof SegmentSplit
                ? plan.reported((SegmentSplit) split, subtask)
                : graph.reported((ShardSplit) split, subtask);
    }

    /** A subtask starts again, and the splits are those that its checkpoint does not hold. */
    void reset(int subtask, List<TableSplit> back) {
        List<ShardSplit> shards = new ArrayList<>();
        List<SegmentSplit> segments = new ArrayList<>();
        for (TableSplit split : back) {
            if (split instanceof ShardSplit) {
                shards.add((ShardSplit) split);
            } else {
                segments.add((SegmentSplit) split);
            }
        }
        graph.reset(subtask, shards);
        plan.reset(subtask, segments);
        if (readiness.settledAt() > 0 && !plan.allFinished()) {
            readiness.unsettle();
        } else {
            readiness.doubt();
        }
    }

    /** Every split that a checkpoint says is being read must be with a reader: none is dropped. */
    void requireAllClaimed(String table) {
        List<String> unclaimed = graph.unclaimed();
        unclaimed.addAll(plan.unclaimed());
        if (!unclaimed.isEmpty()) {
            throw new IllegalStateException(
                    "cannot restore the source of table "
                            + table
                            + ": the state says that "
                            + unclaimed.get(0)
                            + " is being read, and no reader has it ("
                            + unclaimed.size()
                            + " such splits)");
        }
    }

    EnumeratorState checkpointBegins(long checkpoint, long serviceTime) {
        graph.checkpointBegins(checkpoint);
        plan.checkpointBegins(checkpoint);
        readiness.checkpointBegins(checkpoint);
        return new EnumeratorState(
                pin, settledBy, readiness.settledAt(), serviceTime, plan.state(), graph.state());
    }

    /** The ends that are certain by this, and were not before. */
    CertainEnds checkpointCompleted(long checkpoint) {
        CertainEnds ends = new CertainEnds();
        graph.checkpointCompleted(checkpoint, pin.incarnation(), ends);
        plan.checkpointCompleted(checkpoint, ends);
        return ends;
    }

    /**
     * @param asOf service milliseconds; 0 if not known
     */
    Progress.Report report(long checkpoint, long asOf) {
        Progress.State state = Progress.State.HELD;
        if (readiness.announced()) {
            state = Progress.State.READY;
        } else if (readiness.settledAt() == 0) {
            state = Progress.State.BUILDING;
        }
        return new Progress.Report(state, plan.percent(), pin.generation(), checkpoint, asOf);
    }

    @Override
    public String toString() {
        return "generation "
                + pin.generation()
                + " of "
                + pin
                + ": "
                + graph.open()
                + " open shards, scan at "
                + plan.percent()
                + " percent";
    }
}
