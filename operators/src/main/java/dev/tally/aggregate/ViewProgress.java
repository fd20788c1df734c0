package dev.tally.aggregate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * In which {@link Phase} one view is in one subtask of the group stage, and which of its key groups
 * have been compared with the target.
 *
 * <p>A key group is compared once per submission, before the submission's first row for it:
 * afterwards the target lags behind what state knows to be under way. {@code reconciled} remembers
 * it through failures. The exception: {@link Outlet#renews}.
 */
final class ViewProgress {

    private final String view;
    private final long submission;
    private final int firstKeyGroup;
    private final int lastKeyGroup;

    private Phase phase = Phase.HOLD;
    private long ready;
    private long seen;
    private long needs;

    /** Indexed from the first key group. */
    private final BitSet reconciled = new BitSet();

    /** Of those, the ones whose targets were looked at again, when no late write is left. */
    private final BitSet cleared = new BitSet();

    /** First barrier since rows are let out; 0 if there was none yet. */
    private long releaseBarrier;

    private boolean releaseCompleted;

    /**
     * @param lastKeyGroup inclusive
     */
    ViewProgress(String view, long submission, int firstKeyGroup, int lastKeyGroup) {
        this.view = view;
        this.submission = submission;
        this.firstKeyGroup = firstKeyGroup;
        this.lastKeyGroup = lastKeyGroup;
    }

    /** A view without groups yet, added when the stage had heard of that generation. */
    void startAfter(long generation) {
        needs = generation + 1;
    }

    /** Goes on from the marks of all subtasks; once, before anything else. */
    void restore(Iterable<StageMark> marks) {
        for (StageMark mark : marks) {
            if (mark.isOf(view)) {
                seen = Math.max(seen, mark.seen());
                needs = Math.max(needs, mark.needs());
            }
        }
        phase = Phase.LIVE;
        ready = Long.MAX_VALUE;
        for (int keyGroup = firstKeyGroup; keyGroup <= lastKeyGroup; keyGroup++) {
            StageMark mark = markOf(keyGroup, marks);
            if (mark == null) {
                phase = Phase.HOLD;
                continue;
            }
            phase = mark.phase().compareTo(phase) < 0 ? mark.phase() : phase;
            ready = Math.min(ready, mark.ready());
            reconciled.set(keyGroup - firstKeyGroup, mark.reconciled());
            cleared.set(keyGroup - firstKeyGroup, mark.cleared());
        }
        if (phase == Phase.HOLD) {
            ready = 0;
        }
        releaseCompleted = phase.letsRowsOut();
    }

    /** Marks of other submissions say nothing. */
    private StageMark markOf(int keyGroup, Iterable<StageMark> marks) {
        for (StageMark mark : marks) {
            if (mark.isOf(view) && mark.submission() == submission && mark.covers(keyGroup)) {
                return mark;
            }
        }
        return null;
    }

    /**
     * For state: one mark per run of key groups that are equally far.
     *
     * @param heard the newest generation that the stage has heard of
     */
    List<StageMark> marks(long heard) {
        List<StageMark> marks = new ArrayList<>();
        int from = firstKeyGroup;
        while (from <= lastKeyGroup) {
            int to = from;
            while (to < lastKeyGroup && isAsFar(from, to + 1)) {
                to++;
            }
            marks.add(
                    new StageMark(
                            view,
                            from,
                            to,
                            submission,
                            phase,
                            isReconciled(from),
                            isCleared(from),
                            ready,
                            seen,
                            needs,
                            heard));
            from = to + 1;
        }
        return marks;
    }

    private boolean isAsFar(int keyGroup, int other) {
        return isReconciled(keyGroup) == isReconciled(other)
                && isCleared(keyGroup) == isCleared(other);
    }

    Phase phase() {
        return phase;
    }

    /** Whether it may be ready at the generation at all. */
    boolean reaches(long generation) {
        return generation >= needs;
    }

    boolean isReconciled(int keyGroup) {
        return reconciled.get(keyGroup - firstKeyGroup);
    }

    boolean allReconciled() {
        return reconciled.cardinality() == lastKeyGroup - firstKeyGroup + 1;
    }

    boolean isCleared(int keyGroup) {
        return cleared.get(keyGroup - firstKeyGroup);
    }

    boolean allCleared() {
        return cleared.cardinality() == lastKeyGroup - firstKeyGroup + 1;
    }

    /** The target was looked at again, and no late write is left in it. */
    void cleared() {
        cleared.set(0, lastKeyGroup - firstKeyGroup + 1);
    }

    /**
     * A contribution has come.
     *
     * @return whether it takes the view back to HOLD
     */
    boolean stamp(long generation) {
        seen = Math.max(seen, generation);
        if (phase == Phase.HOLD || generation <= ready) {
            return false;
        }
        phase = phase.to(Phase.HOLD);
        releaseBarrier = 0;
        releaseCompleted = false;
        return true;
    }

    /**
     * A generation is ready.
     *
     * @return whether it takes the view to RECONCILE
     */
    boolean watermark(long generation) {
        if (generation < seen || !reaches(generation)) {
            return false;
        }
        ready = Math.max(ready, generation);
        if (phase != Phase.HOLD) {
            return false;
        }
        phase = phase.to(Phase.RECONCILE);
        return true;
    }

    /** The target may hold what the comparison did not meet: it is to be compared anew. */
    void forgetReconciled() {
        reconciled.clear();
    }

    /** All rows of the target have been compared. */
    void reconciled() {
        phase = phase.to(Phase.RELEASE);
        reconciled.set(0, lastKeyGroup - firstKeyGroup + 1);
    }

    /** All groups have been walked. */
    void released() {
        phase = phase.to(Phase.LIVE);
    }

    void barrier(long checkpoint) {
        if (releaseBarrier == 0 && phase.letsRowsOut()) {
            releaseBarrier = checkpoint;
        }
    }

    void completed(long checkpoint) {
        releaseCompleted |= releaseBarrier > 0 && checkpoint >= releaseBarrier;
    }

    /**
     * Not before a checkpoint taken after RECONCILE has completed: a failure before would compare
     * again, with eager rows possibly still on their way to the target.
     */
    boolean letsEagerRowsOut() {
        return releaseCompleted && phase.letsRowsOut();
    }
}
