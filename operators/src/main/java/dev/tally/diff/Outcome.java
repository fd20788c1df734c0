package dev.tally.diff;

import dev.tally.change.ItemDiff;
import java.util.Objects;

/** What the reconciler makes of one change. */
final class Outcome {

    private final Verdict verdict;
    private final ItemState state;
    private final ItemDiff diff;

    Outcome(Verdict verdict, ItemState state, ItemDiff diff) {
        this.verdict = Objects.requireNonNull(verdict);
        this.state = state;
        this.diff = diff;
    }

    Verdict verdict() {
        return verdict;
    }

    /** The item's state from now on: the same object if nothing changed, null if it has none. */
    ItemState state() {
        return state;
    }

    /** What feeds get; null for nothing. */
    ItemDiff diff() {
        return diff;
    }

    @Override
    public String toString() {
        return verdict + ", state " + state + ", diff " + diff;
    }
}
