package dev.tally.source.enumerator;

import dev.tally.source.enumerator.EnumeratorState.SegmentState;
import dev.tally.source.split.Fence;
import dev.tally.source.split.SegmentSplit;
import java.util.ArrayList;
import java.util.List;

/**
 * The scan of a generation: which segments there are, who reads them, how far they are. Pure: no
 * clock, no calls. The number of segments is frozen when the generation is pinned, because a key
 * resumes a segment only among as many segments.
 */
final class SnapshotPlan {

    /** A segment of about so many bytes is read within a minute or two. */
    private static final long SEGMENT_BYTES = 128L << 20;

    /** Below this one segment does: a page or two. */
    private static final long SMALL_BYTES = 2L << 20;

    private static final int SEGMENTS_MAX = 10_000;

    private final long itemCount;
    private final List<Entry> entries = new ArrayList<>();

    private SnapshotPlan(long itemCount) {
        this.itemCount = itemCount;
    }

    /**
     * @param segments 0 for a generation without a scan
     */
    static SnapshotPlan of(Fence fence, int segments, long itemCount) {
        SnapshotPlan plan = new SnapshotPlan(itemCount);
        for (int i = 0; i < segments; i++) {
            plan.entries.add(
                    new Entry(
                            SegmentSplit.start(i, segments, fence.generation(), fence.base()),
                            Tenure.fresh()));
        }
        return plan;
    }

    static SnapshotPlan restored(long itemCount, List<SegmentState> segments) {
        SnapshotPlan plan = new SnapshotPlan(itemCount);
        for (SegmentState segment : segments) {
            plan.entries.add(new Entry(segment.split(), Tenure.restored(segment.phase())));
        }
        return plan;
    }

    /**
     * How many segments a scan gets: as configured; else one for a small table, and for others
     * enough that every reader has some and a lost page costs little.
     */
    static int segments(int configured, long sizeBytes, int readers) {
        if (configured > 0) {
            return Math.min(configured, SEGMENTS_MAX);
        }
        if (sizeBytes < SMALL_BYTES) {
            return 1;
        }
        long bySize = (sizeBytes + SEGMENT_BYTES - 1) / SEGMENT_BYTES;
        return (int) Math.min(SEGMENTS_MAX, Math.max(bySize, 2L * readers));
    }

    /** The next segment that nobody has, given to the subtask; null if there is none. */
    SegmentSplit assignNext(int subtask) {
        for (Entry entry : entries) {
            if (entry.tenure.waiting()) {
                entry.tenure.assign(subtask);
                return entry.split;
            }
        }
        return null;
    }

    /** Segments that the subtask is reading. */
    int reading(int subtask) {
        int count = 0;
        for (Entry entry : entries) {
            if (entry.tenure.reading() && entry.tenure.owner() == subtask) {
                count++;
            }
        }
        return count;
    }

    boolean waiting() {
        return entries.stream().anyMatch(entry -> entry.tenure.waiting());
    }

    /**
     * Takes what a reader says of a segment.
     *
     * @return whether a completed checkpoint holds its end: the reader need not keep it
     */
    boolean reported(SegmentSplit split, int subtask) {
        if (split.segment() >= entries.size()
                || split.total() != entries.size()
                || split.generation() != entries.get(0).split.generation()) {
            throw new IllegalStateException(
                    "subtask " + subtask + " reports " + split + ", which is not of this scan");
        }
        Entry entry = entries.get(split.segment());
        entry.tenure.claim(subtask);
        entry.split = split;
        if (split.finished()) {
            entry.tenure.finish();
        }
        return entry.tenure.finished() && entry.tenure.certain();
    }

    /** A subtask starts again, and the splits are those that its checkpoint does not hold. */
    void reset(int subtask, List<SegmentSplit> back) {
        for (Entry entry : entries) {
            if (entry.tenure.owner() == subtask) {
                entry.tenure.forgetUncertainEnd();
            }
        }
        for (SegmentSplit split : back) {
            Entry entry = entries.get(split.segment());
            entry.split = split;
            entry.tenure.giveBack();
        }
    }

    /** Segments that a checkpoint says are being read and that no reader has reported. */
    List<String> unclaimed() {
        List<String> ids = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.tenure.reading() && entry.tenure.owner() == Tenure.NOBODY) {
                ids.add(entry.split.splitId());
            }
        }
        return ids;
    }

    void checkpointBegins(long checkpoint) {
        entries.forEach(entry -> entry.tenure.checkpointBegins(checkpoint));
    }

    /** Adds the segments whose end has become certain to those of their owners. */
    void checkpointCompleted(long checkpoint, CertainEnds ends) {
        for (Entry entry : entries) {
            if (entry.tenure.checkpointCompleted(checkpoint) && entry.tenure.finished()) {
                ends.add(entry.tenure.owner(), entry.split.splitId());
            }
        }
    }

    boolean allFinished() {
        for (Entry entry : entries) {
            if (!entry.tenure.finished()) {
                return false;
            }
        }
        return true;
    }

    /** From 0 to 100, and 100 only at the end. */
    int percent() {
        if (entries.isEmpty() || allFinished()) {
            return 100;
        }
        double expected = Math.max(1.0, (double) itemCount / entries.size());
        double done = 0;
        for (Entry entry : entries) {
            done += entry.tenure.finished() ? 1 : Math.min(0.99, entry.split.emitted() / expected);
        }
        return (int) Math.min(99, 100 * done / entries.size());
    }

    List<SegmentState> state() {
        List<SegmentState> states = new ArrayList<>();
        for (Entry entry : entries) {
            states.add(new SegmentState(entry.tenure.phase(), entry.split));
        }
        return states;
    }

    private static final class Entry {
        private final Tenure tenure;
        private SegmentSplit split;

        Entry(SegmentSplit split, Tenure tenure) {
            this.split = split;
            this.tenure = tenure;
        }
    }
}
