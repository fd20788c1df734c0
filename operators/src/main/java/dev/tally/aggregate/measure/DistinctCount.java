package dev.tally.aggregate.measure;

import dev.tally.item.Value;

/** How many different values there are, exactly; values of all types. */
final class DistinctCount extends OrderedMeasure {

    DistinctCount(String name, ValueCounts counts) {
        super(name, new OrderedMultiset(counts, false));
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
        long distinct = values.distinct();
        return distinct == 0 ? Amount.ZERO : new Amount(distinct, null, null);
    }

    @Override
    public void restore(Amount amount) {
        values.restore(amount.count(), null);
    }
}
