package dev.tally.aggregate.measure;

import dev.tally.item.Value;
import dev.tally.view.MeasureSpec;

/** How many different values there are, exactly; values of all types. */
final class DistinctCount extends OrderedMeasure {

    DistinctCount(String view, MeasureSpec spec, ValuePages pages) {
        super(view, spec, new OrderedMultiset(pages));
    }

    @Override
    ValueKey key(Value input) {
        return ValueKey.unordered(input);
    }

    @Override
    public Value result() {
        return Value.number(values.distinct());
    }

    @Override
    public Amount amount() {
        return amount(null);
    }

    @Override
    public void restore(Amount amount) {
        values.restore(amount, null);
    }
}
