package dev.tally.aggregate.measure;

import dev.tally.item.Value;
import dev.tally.view.MeasureSpec;

/** What the ordered measures share: all values that are there, with how often. */
abstract class OrderedMeasure extends Measure {

    final OrderedMultiset values;

    OrderedMeasure(String view, MeasureSpec spec, OrderedMultiset values) {
        super(view, spec);
        this.values = values;
    }

    abstract ValueKey key(Value input);

    @Override
    public final void add(Value input) {
        values.change(key(input), 1);
    }

    /** Whether the value was there shows when it is settled. */
    @Override
    public final void retract(Value input) {
        values.change(key(input), -1);
    }

    @Override
    public final void merge(Measure other) {
        other.settle();
        values.merge(((OrderedMeasure) other).values);
    }

    @Override
    public final void settle() {
        if (!values.settle()) {
            throw broken("it does not hold the value");
        }
    }

    @Override
    public final int waiting() {
        return values.waiting();
    }

    final Amount amount(Value extreme) {
        return values.distinct() == 0
                ? Amount.ZERO
                : new Amount(values.distinct(), extreme, values.only(), values.paged());
    }

    @Override
    public final boolean isZero() {
        return values.distinct() == 0 && values.waiting() == 0;
    }
}
