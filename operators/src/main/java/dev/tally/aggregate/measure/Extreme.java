package dev.tally.aggregate.measure;

import dev.tally.item.Value;
import dev.tally.view.MeasureSpec;

/** The smallest or largest value, with all others behind it. */
final class Extreme extends OrderedMeasure {

    private final boolean largest;

    Extreme(String view, MeasureSpec spec, ValuePages pages, boolean largest) {
        super(view, spec, new OrderedMultiset(pages));
        this.largest = largest;
    }

    @Override
    ValueKey key(Value input) {
        if (!ValueKey.hasOrder(input)) {
            throw unusable(input);
        }
        return largest ? ValueKey.descending(input) : ValueKey.ascending(input);
    }

    @Override
    public Value result() {
        return values.first() == null ? null : values.first().value(largest);
    }

    @Override
    public Amount amount() {
        Value extreme = result();
        return amount(extreme);
    }

    @Override
    public void restore(Amount amount) {
        Value extreme = amount.extreme();
        values.restore(amount, extreme == null ? null : key(extreme));
    }
}
