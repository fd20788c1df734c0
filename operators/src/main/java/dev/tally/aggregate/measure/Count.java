package dev.tally.aggregate.measure;

import dev.tally.item.Value;
import dev.tally.view.MeasureSpec;

/** Counts its inputs, whatever they are. */
final class Count extends Measure {

    private long count;

    Count(String view, MeasureSpec spec) {
        super(view, spec);
    }

    @Override
    public void add(Value input) {
        count++;
    }

    @Override
    public void retract(Value input) {
        if (count == 0) {
            throw broken("it has counted nothing");
        }
        count--;
    }

    @Override
    public void merge(Measure other) {
        count = Math.addExact(count, ((Count) other).count);
    }

    @Override
    public boolean isZero() {
        return count == 0;
    }

    @Override
    public Value result() {
        return Value.number(count);
    }

    @Override
    public Amount amount() {
        return count == 0 ? Amount.ZERO : new Amount(count, null);
    }

    @Override
    public void restore(Amount amount) {
        count = amount.count();
    }
}
