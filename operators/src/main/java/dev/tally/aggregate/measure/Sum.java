package dev.tally.aggregate.measure;

import dev.tally.item.Value;
import java.math.BigDecimal;

/** Sum of numbers, or their average: exact within, rounded to DynamoDB's 38 digits when asked. */
final class Sum extends Measure {

    private final boolean average;
    private final ExactSum sum = new ExactSum();
    private long count;

    Sum(String name, boolean average) {
        super(name);
        this.average = average;
    }

    @Override
    public void add(Value input) {
        if (input.isLong()) {
            sum.add(input.asLong());
        } else {
            sum.add(number(input));
        }
        count++;
    }

    @Override
    public void retract(Value input) {
        if (count == 0) {
            throw broken("it holds no inputs");
        }
        if (input.isLong() && input.asLong() != Long.MIN_VALUE) {
            sum.add(-input.asLong());
        } else {
            sum.subtract(number(input));
        }
        count--;
        if (count == 0 && !sum.isZero()) {
            throw broken("its last input leaves a sum that is not zero");
        }
    }

    private BigDecimal number(Value input) {
        if (!input.is(Value.Type.N)) {
            throw unusable(input);
        }
        return input.asNumber();
    }

    @Override
    public void merge(Measure other) {
        sum.add(((Sum) other).sum.total());
        count = Math.addExact(count, ((Sum) other).count);
    }

    @Override
    public boolean isZero() {
        return count == 0;
    }

    @Override
    public Value result() {
        if (count == 0) {
            return average ? null : Value.number(0);
        }
        return ExactSum.render(number());
    }

    @Override
    public boolean overflows() {
        return count > 0 && ExactSum.render(number()) == null;
    }

    private BigDecimal number() {
        BigDecimal total = sum.total();
        return average ? total.divide(BigDecimal.valueOf(count), Value.DIGITS) : total;
    }

    @Override
    public Amount amount() {
        if (count == 0) {
            return Amount.ZERO;
        }
        BigDecimal total = sum.total();
        return new Amount(count, total.signum() == 0 ? null : total);
    }

    @Override
    public void restore(Amount amount) {
        count = amount.count();
        sum.set(amount.total() == null ? BigDecimal.ZERO : amount.total());
    }
}
