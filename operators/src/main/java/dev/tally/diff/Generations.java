package dev.tally.diff;

import dev.tally.change.ItemChange;

/** Which generations a subtask has heard of: by the stamps of changes, and as being ready. */
final class Generations {

    private long ready = StageMark.UNKNOWN;
    private long swept = StageMark.UNKNOWN;
    private long open = StageMark.UNKNOWN;
    private long base = StageMark.UNKNOWN;

    /**
     * Goes on from the marks of all subtasks: what is not ready everywhere is not ready, what one
     * has heard of is open.
     */
    void restore(Iterable<StageMark> marks) {
        long oldest = Long.MAX_VALUE;
        for (StageMark mark : marks) {
            oldest = Math.min(oldest, mark.ready());
            long told = mark.open() == StageMark.UNTOLD ? mark.ready() : mark.open();
            open(told, mark.base());
        }
        swept = oldest == Long.MAX_VALUE ? StageMark.UNKNOWN : oldest;
        ready = swept;
    }

    void heard(ItemChange change) {
        if (change.generation() > open || change.base() > base) {
            open(Math.max(change.generation(), change.base()), change.base());
        }
    }

    private void open(long generation, long itsBase) {
        base = generation > open ? itsBase : Math.max(base, itsBase);
        open = Math.max(open, generation);
    }

    /** If no change of it has come by here its base is not known: then itself, to be safe. */
    void ready(long generation) {
        ready = Math.max(ready, generation);
        if (generation > open) {
            open(generation, generation);
        }
    }

    void swept(long generation) {
        swept = generation;
    }

    /** The newest generation that is ready; its sweep may be under way. */
    long ready() {
        return ready;
    }

    /** The newest generation that is ready and swept. */
    long swept() {
        return swept;
    }

    /** The newest generation heard of; above {@link #ready} it is open. */
    long open() {
        return open;
    }

    /**
     * Of the changes read since it is open: what must be ready before rows show of views that were
     * complete.
     */
    long base() {
        return base;
    }
}
