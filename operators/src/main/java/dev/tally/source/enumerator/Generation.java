package dev.tally.source.enumerator;

import dev.tally.source.enumerator.EnumeratorState.Pin;
import dev.tally.source.split.Fence;
import dev.tally.source.split.SegmentSplit;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import dev.tally.view.Progress;
import dev.tally.view.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One reading of the table: its pin, its shards, its scan, which views it feeds and whether it is
 * ready. Pure: what the enumerator tells it is all it knows.
 *
 * <p>The next one takes over the shards, if they are of the same stream and their order is known;
 * else all of the stream is read anew, as another incarnation. Everything else begins anew. While
 * one only builds new views, the generation that it is based on is announced again after a restore,
 * as soon as its rows are of the present: complete views do not wait for the scan.
 */
final class Generation {

    private static final int FIRST_INCARNATION = 1;

    private final Pin pin;
    private final ShardGraph graph;
    private final SnapshotPlan plan;
    private final Announcements announcements;

    /** Submission that the moments belong to. */
    private long settledBy;

    private boolean ready;
    private int gaps;
    private Coverage coverage;

    /** Known and not healed; null for none. While there is one, nothing is announced. */
    private Gap gap;

    private Generation(
            Pin pin,
            ShardGraph graph,
            SnapshotPlan plan,
            long settledAt,
            long settledBy,
            Standing standing) {
        this.pin = pin;
        this.graph = graph;
        this.plan = plan;
        this.settledBy = settledBy;
        this.ready = standing.ready();
        this.gaps = standing.gaps();
        this.coverage = standing.coverage();
        this.gap = standing.gap();
        boolean based = pin.fence().builds() && !ready;
        this.announcements =
                new Announcements(
                        pin.generation(),
                        new Readiness(settledAt),
                        pin.fence().base(),
                        based ? new Readiness(standing.baseSettledAt()) : null);
    }

    static Generation restored(EnumeratorState state) {
        return new Generation(
                state.pin(),
                ShardGraph.restored(state.shards()),
                SnapshotPlan.restored(state.pin().itemCount(), state.segments()),
                state.settledAt(),
                state.submission(),
                state.standing());
    }

    /** The first generation of a table. */
    static Generation first(TableSpec.Start start, Pinned pinned, long submission) {
        Fence fence = firstFence(start, pinned);
        return new Generation(
                pinned.pin(FIRST_INCARNATION, fence, Reason.FIRST),
                pinned.graph(),
                pinned.plan(fence),
                0,
                submission,
                new Standing(false, 0, 0, Coverage.building(pinned.views()), null));
    }

    private static Fence firstFence(TableSpec.Start start, Pinned pinned) {
        long now = pinned.time();
        switch (start) {
            case TRIM_HORIZON:
                return new Fence(now, now, now);
            case LATEST:
                // Creation times are cut to the second.
                return new Fence(now - now % 1000, Fence.SKIP, now);
            default:
                return new Fence(pinned.fenceTime(), Fence.SKIP, now);
        }
    }

    /**
     * The one after this, which must not be used any more. It heals if changes were lost or it is
     * asked for, else it builds what views lack, if that can be done beside complete ones: with old
     * images those stay right meanwhile.
     *
     * @param moment service milliseconds after which rows are of the present
     */
    Generation next(Pinned pinned, long moment) {
        boolean known = TableChecks.same(pinned.table(), pin);
        boolean builds = gap == null && pinned.oldImages() && lastReady() > 0;
        long number = Math.max(pinned.time(), pin.generation() + 1);
        boolean same = known && (builds || graph.readsOn(pinned.shards()));
        boolean again = known && !same;
        Fence fence =
                new Fence(
                        pinned.fenceTime(),
                        again ? Fence.SKIP : pin.generation(),
                        number,
                        builds ? lastReady() : number);
        if (same) {
            graph.fenced();
        }
        Generation next =
                new Generation(
                        pinned.pin(
                                same ? pin.incarnation() : pin.incarnation() + 1,
                                fence,
                                gap == null ? Reason.VIEWS : gap.reason()),
                        same ? graph : pinned.graph(),
                        pinned.plan(fence),
                        0,
                        settledBy,
                        new Standing(false, gaps, 0, coverage.extended(pinned.views()), null));
        next.announcements.resumed(moment);
        return next;
    }

    /** The generation that complete views are of; 0 if none ever was ready. */
    private long lastReady() {
        if (ready) {
            return pin.generation();
        }
        return pin.fence().builds() ? pin.fence().base() : 0;
    }

    /** Whether its state is of another submission. */
    boolean ofAnother(long submission) {
        return settledBy != submission;
    }

    /**
     * Somebody starts from its state with these views: of others it is not complete any more, as
     * from the first checkpoint the aggregate stage has given up their groups.
     */
    void coverOnly(Map<String, String> views) {
        coverage = coverage.only(views);
    }

    /**
     * Somebody has started from its state, and the table is known.
     *
     * @param moment service milliseconds that all shards must have passed before rows show
     */
    void resumed(long submission, long moment) {
        if (settledBy != submission) {
            settledBy = submission;
            announcements.resumed(moment);
        }
    }

    boolean lacks(Map<String, String> views) {
        return coverage.lacks(views);
    }

    /** Changes are lost, or a new reading is wanted: this one is not announced any more. */
    void lose(Gap lost) {
        gap = lost;
        gaps += lost.reason() == Reason.GAP ? 1 : 0;
        announcements.doubt();
    }

    /** Null for none. */
    Gap gap() {
        return gap;
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

    boolean scanDone() {
        return announcements.settledAt() > 0;
    }

    boolean first() {
        return pin.reason() == Reason.FIRST;
    }

    /** Whether all of its stream, or up to a moment, was read. */
    boolean readTo(long moment, Set<String> excused) {
        return graph.allFinished() || graph.allPast(moment, excused);
    }

    /** Whether rows of complete views are not exact before something is ready. */
    boolean stale() {
        return gap != null || (!first() && !pin.fence().builds() && !ready);
    }

    /** Whether the split is one that readers may have: of this generation and stream. */
    boolean owns(TableSplit split) {
        return split instanceof SegmentSplit
                ? ((SegmentSplit) split).generation() == pin.generation()
                : ((ShardSplit) split).incarnation() == pin.incarnation();
    }

    /**
     * Takes what a reader says of a split.
     *
     * @return whether a completed checkpoint holds its end: the reader need not keep it
     */
    boolean reported(TableSplit split, int subtask) {
        return split instanceof SegmentSplit
                ? plan.reported((SegmentSplit) split, subtask)
                : graph.reported(((ShardSplit) split).under(pin.fence()), subtask);
    }

    /** A subtask starts again, and the splits are those that its checkpoint does not hold. */
    void reset(int subtask, List<TableSplit> back) {
        List<ShardSplit> shards = new ArrayList<>();
        List<SegmentSplit> segments = new ArrayList<>();
        for (TableSplit split : back) {
            if (!owns(split)) {
                continue;
            }
            if (split instanceof ShardSplit) {
                shards.add(((ShardSplit) split).under(pin.fence()));
            } else {
                segments.add((SegmentSplit) split);
            }
        }
        graph.reset(subtask, shards);
        plan.reset(subtask, segments);
        announcements.doubt();
        if (scanDone() && !plan.allFinished()) {
            announcements.scanNotDone();
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

    /**
     * @param begunAt when a listing of the shards began that is now part of the graph
     */
    void listed(long begunAt) {
        announcements.listed(begunAt);
    }

    boolean wantsListing(long serviceTime) {
        return announcements.wantsListing(serviceTime);
    }

    /**
     * Looks whether it is ready by now.
     *
     * @param excused ends whose missing child is not waited for any more
     */
    void observe(long serviceTime, Set<String> excused) {
        if (gap != null) {
            return;
        }
        if (!scanDone() && plan.allFinished()) {
            announcements.scanDone(serviceTime);
        }
        announcements.observe(graph, excused);
    }

    EnumeratorState checkpointBegins(long checkpoint, long serviceTime) {
        graph.checkpointBegins(checkpoint);
        plan.checkpointBegins(checkpoint);
        announcements.checkpointBegins(checkpoint);
        return new EnumeratorState(
                pin,
                settledBy,
                announcements.settledAt(),
                serviceTime,
                new Standing(ready, gaps, announcements.baseSettledAt(), coverage, gap),
                plan.state(),
                graph.state());
    }

    /** The ends that are certain by this, and were not before. */
    CertainEnds checkpointCompleted(long checkpoint) {
        CertainEnds ends = new CertainEnds();
        graph.checkpointCompleted(checkpoint, pin.incarnation(), ends);
        plan.checkpointCompleted(checkpoint, ends);
        return ends;
    }

    /** The generation that is to be announced by the completion of a checkpoint; 0 for none. */
    long announcedBy(long checkpoint) {
        long due = gap == null ? announcements.dueAt(checkpoint) : 0;
        if (due == pin.generation()) {
            ready = true;
            coverage = coverage.complete();
        }
        return due;
    }

    /** The generation that a reader which comes now is to be told of; 0 for none. */
    long announced() {
        return gap == null ? announcements.said() : 0;
    }

    /**
     * @param asOf service milliseconds; 0 if not known
     */
    Progress.Report report(long checkpoint, long asOf) {
        return new Progress.Report(
                state(),
                plan.percent(),
                pin.generation(),
                checkpoint,
                asOf,
                pin.fence().base(),
                pin.reason().name().toLowerCase(Locale.ROOT),
                gaps,
                pin.reason() == Reason.VIEWS ? coverage.building() : Set.of());
    }

    private Progress.State state() {
        if (stale()) {
            return Progress.State.STALE;
        }
        if (announced() > 0) {
            return Progress.State.READY;
        }
        boolean scanning = !scanDone() && !pin.fence().builds();
        return scanning ? Progress.State.BUILDING : Progress.State.HELD;
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
