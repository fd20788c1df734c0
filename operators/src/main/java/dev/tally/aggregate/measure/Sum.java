package dev.tally.aggregate.measure;

import dev.tally.item.Value;
import dev.tally.view.MeasureSpec;
import java.math.BigDecimal;

/** Sum of numbers, or their average: exact within, rounded to DynamoDB's 38 digits when asked. */
final class Sum extends Measure {

    /** Most averages that have an end have it by then. */
    private static final int DIGITS_TRIED = 12;

    /** One digit more fits into a long. */
    private static final long WHOLE_MAX = Long.MAX_VALUE / 100;

    private final boolean average;
    private final ExactSum sum = new ExactSum();
    private long count;

    Sum(String view, MeasureSpec spec, boolean average) {
        super(view, spec);
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
        if (sum.isSmall()) {
            return average ? average(sum.small(), count) : Value.number(sum.small());
        }
        return ExactSum.render(number());
    }

    /** Of two longs; to 38 digits, half even, where it has no end before. */
    static Value average(long total, long count) {
        long whole = total / count;
        long rest = total % count;
        if (rest == 0) {
            return Value.number(whole);
        }
        int digits = 0;
        int tried = count < WHOLE_MAX ? DIGITS_TRIED : 0;
        while (rest != 0 && digits < tried && Math.abs(whole) < WHOLE_MAX) {
            rest *= 10;
            whole = whole * 10 + rest / count;
            rest %= count;
            digits++;
        }
        return Value.number(
                rest == 0
                        ? BigDecimal.valueOf(whole, digits)
                        : BigDecimal.valueOf(total)
                                .divide(BigDecimal.valueOf(count), Value.DIGITS));
    }

    @Override
    public boolean overflows() {
        return !sum.isSmall() && count > 0 && ExactSum.render(number()) == null;
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
