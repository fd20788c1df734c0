package dev.tally.aggregate.measure;

import dev.tally.item.Value;
import dev.tally.view.MeasureSpec;

/**
 * What one measure amounts to in one group, kept by adding and retracting inputs.
 *
 * <p>Two kinds. <em>Invertible</em> ({@code count}, {@code sum}, {@code avg}): an input is taken
 * back by arithmetic, one small {@link Amount} is all there is. <em>Ordered</em> ({@code min},
 * {@code max}, {@code count-distinct}): nothing but the values themselves tells what is left after
 * one goes, so they are kept as a multiset; the amount holds how many different ones there are, the
 * extreme, and the values themselves unless they are too many: then {@link ValuePages} have them.
 *
 * <p>Laws, checked for every measure by one test ({@code MeasureLawsTest}):
 *
 * <ol>
 *   <li>retract undoes add: add(x), retract(x) leaves the amount as it was;
 *   <li>zero equals fresh: when everything added has been retracted, the amount is {@link
 *       Amount#ZERO} and {@link #isZero} holds, whatever the order and the numbers;
 *   <li>merge is associative and commutative, fresh is its neutral element, and merging parts
 *       equals adding all their inputs to one.
 * </ol>
 *
 * <p>Nothing may be retracted that was not added: that is a broken invariant and throws, since a
 * wrong result is worse than a stopped job. For task threads; not thread safe.
 */
public abstract class Measure {

    private final String view;
    private final MeasureSpec spec;

    Measure(String view, MeasureSpec spec) {
        this.view = view;
        this.spec = spec;
    }

    /**
     * A fresh one.
     *
     * @param pages where an ordered one keeps many values; nobody else's
     */
    public static Measure of(String view, MeasureSpec spec, ValuePages pages) {
        switch (spec.kind()) {
            case COUNT:
                return new Count(view, spec);
            case SUM:
                return new Sum(view, spec, false);
            case AVG:
                return new Sum(view, spec, true);
            case MIN:
                return new Extreme(view, spec, pages, false);
            case MAX:
                return new Extreme(view, spec, pages, true);
            case COUNT_DISTINCT:
                return new DistinctCount(view, spec, pages);
            default:
                throw new IllegalArgumentException("no measure is of kind " + spec.kind());
        }
    }

    /**
     * A fresh maximum of the same inputs as a minimum, which go into that one alone.
     *
     * @param before where earlier releases kept values of this one
     */
    public static Measure sharedMaximum(
            String view, MeasureSpec spec, ValuePages before, Measure minimum) {
        return new SharedMaximum(view, spec, before, (Extreme) minimum);
    }

    public abstract void add(Value input);

    public abstract void retract(Value input);

    /** Takes in everything that the other one, of the same spec, holds; the other stays. */
    public abstract void merge(Measure other);

    public abstract boolean isZero();

    /**
     * The result as it is written: count, sum and count-distinct of nothing are 0, avg, min and max
     * of nothing are absent (null). Settled first by the caller.
     */
    public abstract Value result();

    /** Whether there is a result that DynamoDB's numbers cannot hold; it is absent then. */
    public boolean overflows() {
        return false;
    }

    /** For state; settled first by the caller. */
    public abstract Amount amount();

    /** Goes on from an amount of state; only on a fresh one. */
    public abstract void restore(Amount amount);

    /** Merges values that wait on the heap into all of them; nothing if invertible. */
    public void settle() {}

    /** Weight of the values that wait on the heap; bounded by those who call {@link #settle}. */
    public int waiting() {
        return 0;
    }

    /** How errors name it: measure and view, never values. */
    private String name() {
        return "measure " + spec.name() + " of view " + view;
    }

    final IllegalStateException broken(String what) {
        return new IllegalStateException(
                "cannot retract from "
                        + name()
                        + ": "
                        + what
                        + ". The state is damaged or an item was counted twice; start again"
                        + " without a savepoint, and report it.");
    }

    final IllegalStateException unusable(Value input) {
        return new IllegalStateException(
                "cannot take "
                        + input
                        + " into "
                        + name()
                        + ": such values are sorted out before the aggregate stage. Report it.");
    }
}
