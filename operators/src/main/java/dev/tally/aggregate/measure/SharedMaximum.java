package dev.tally.aggregate.measure;

import dev.tally.item.Value;
import dev.tally.view.MeasureSpec;

/**
 * The largest value where a minimum of the same inputs keeps them: they are there once. It takes no
 * inputs of its own; the minimum takes the same ones, and is settled and restored beside it.
 *
 * <p>Its amount is the extreme alone, without a count. State of before has a count and values of
 * its own: in the amount, which are not read, or in pages, which go when it is settled.
 */
final class SharedMaximum extends Measure {

    private final OrderedMultiset values;
    private final ValuePages before;
    private boolean beforeInPages;

    /**
     * @param before where it kept values itself, when it did
     */
    SharedMaximum(String view, MeasureSpec spec, ValuePages before, Extreme minimum) {
        super(view, spec);
        this.values = minimum.values;
        this.before = before;
        values.keepLast();
    }

    @Override
    public void add(Value input) {}

    @Override
    public void retract(Value input) {}

    @Override
    public void merge(Measure other) {}

    @Override
    public void settle() {
        if (beforeInPages) {
            before.firsts().forEach(before::remove);
            before.takeSingles((value, count) -> {});
            beforeInPages = false;
        }
    }

    @Override
    public boolean isZero() {
        return values.distinct() == 0 && values.waiting() == 0;
    }

    @Override
    public Value result() {
        return values.last() == null ? null : values.last().value(false);
    }

    @Override
    public Amount amount() {
        Value extreme = result();
        return extreme == null ? Amount.ZERO : new Amount(0, extreme, null, false);
    }

    @Override
    public void restore(Amount amount) {
        Value extreme = amount.extreme();
        values.restoreLast(extreme == null ? null : ValueKey.ascending(extreme));
        beforeInPages = amount.count() > 0 && amount.values() == null;
    }
}
