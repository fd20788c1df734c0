package dev.tally.aggregate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Decides in which {@link Phase} a subtask of the group stage is. Checkpointed as {@link
 * StageMark}s, whole in every subtask (union list state), so that after a rescale each key group
 * knows how far it was; the phase is that of the key group least far, and unknown means held.
 *
 * <p>A key group is compared with the target once per submission, before the submission's first row
 * for it: afterwards the target lags behind what state knows to be under way. {@code reconciled}
 * remembers it through failures.
 */
final class StageProgress {

    private final long submission;
    private final int firstKeyGroup;
    private final int lastKeyGroup;

    private Phase phase = Phase.HOLD;
    private long ready;
    private long seen;

    /** Indexed from the first key group. */
    private final BitSet reconciled = new BitSet();

    /**
     * @param lastKeyGroup inclusive
     */
    StageProgress(long submission, int firstKeyGroup, int lastKeyGroup) {
        this.submission = submission;
        this.firstKeyGroup = firstKeyGroup;
        this.lastKeyGroup = lastKeyGroup;
    }

    /** Goes on from the marks of all subtasks; once, before anything else. */
    void restore(Iterable<StageMark> marks) {
        phase = Phase.LIVE;
        ready = Long.MAX_VALUE;
        for (StageMark mark : marks) {
            seen = Math.max(seen, mark.seen());
        }
        for (int keyGroup = firstKeyGroup; keyGroup <= lastKeyGroup; keyGroup++) {
            StageMark mark = markOf(keyGroup, marks);
            if (mark == null) {
                phase = Phase.HOLD;
                ready = 0;
                continue;
            }
            phase = mark.phase().compareTo(phase) < 0 ? mark.phase() : phase;
            ready = Math.min(ready, mark.ready());
            reconciled.set(keyGroup - firstKeyGroup, mark.reconciled());
        }
        if (phase == Phase.HOLD) {
            ready = 0;
        }
    }

    /** Marks of other submissions say nothing. */
    private StageMark markOf(int keyGroup, Iterable<StageMark> marks) {
        for (StageMark mark : marks) {
            if (mark.submission() == submission && mark.covers(keyGroup)) {
                return mark;
            }
        }
        return null;
    }

    /** For state: one mark per run of key groups that are equally far. */
    List<StageMark> marks() {
        List<StageMark> marks = new ArrayList<>();
        int from = firstKeyGroup;
        while (from <= lastKeyGroup) {
            boolean done = isReconciled(from);
            int to = from;
            while (to < lastKeyGroup && isReconciled(to + 1) == done) {
                to++;
            }
            marks.add(new StageMark(from, to, submission, phase, done, ready, seen));
            from = to + 1;
        }
        return marks;
    }

    Phase phase() {
        return phase;
    }

    boolean owns(int keyGroup) {
        return firstKeyGroup <= keyGroup && keyGroup <= lastKeyGroup;
    }

    boolean isReconciled(int keyGroup) {
        return reconciled.get(keyGroup - firstKeyGroup);
    }

    boolean allReconciled() {
        return reconciled.cardinality() == lastKeyGroup - firstKeyGroup + 1;
    }

    /**
     * A contribution has come.
     *
     * @return whether it takes the stage back to HOLD
     */
    boolean stamp(long generation) {
        seen = Math.max(seen, generation);
        if (phase == Phase.HOLD || generation <= ready) {
            return false;
        }
        phase = phase.to(Phase.HOLD);
        return true;
    }

    /**
     * A generation is ready.
     *
     * @return whether it takes the stage to RECONCILE
     */
    boolean watermark(long generation) {
        if (generation < seen) {
            return false;
        }
        ready = Math.max(ready, generation);
        if (phase != Phase.HOLD) {
            return false;
        }
        phase = phase.to(Phase.RECONCILE);
        return true;
    }

    /** All rows of the targets have been compared. */
    void reconciled() {
        phase = phase.to(Phase.RELEASE);
        reconciled.set(0, lastKeyGroup - firstKeyGroup + 1);
    }

    /** All groups have been walked. */
    void released() {
        phase = phase.to(Phase.LIVE);
    }
}
