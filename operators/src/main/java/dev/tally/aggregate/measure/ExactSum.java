package dev.tally.aggregate.measure;

import dev.tally.item.Value;
import java.math.BigDecimal;

/**
 * An exact sum of decimals: integers of up to 18 digits go into a long, the rest (and what the long
 * cannot hold) into a {@link BigDecimal}. Never rounded here.
 */
final class ExactSum {

    private static final int LONG_DIGITS_MAX = 18;

    /** Exponents of DynamoDB's numbers, of the first digit. */
    private static final int EXPONENT_MAX = 125;

    private static final int EXPONENT_MIN = -130;

    private long small;
    private BigDecimal large = BigDecimal.ZERO;

    void add(BigDecimal number) {
        if (isLong(number)) {
            add(number.longValue());
        } else {
            large = large.add(number);
        }
    }

    void subtract(BigDecimal number) {
        if (isLong(number)) {
            add(-number.longValue());
        } else {
            large = large.subtract(number);
        }
    }

    private static boolean isLong(BigDecimal number) {
        int scale = number.scale();
        return scale <= 0
                && scale > -LONG_DIGITS_MAX
                && number.precision() - scale <= LONG_DIGITS_MAX;
    }

    void add(long number) {
        long sum = small + number;
        boolean overflows = ((small ^ sum) & (number ^ sum)) < 0;
        if (overflows) {
            large = large.add(BigDecimal.valueOf(small));
            sum = number;
        }
        small = sum;
    }

    /** Without trailing zeros: equal sums are equal objects, however they came about. */
    BigDecimal total() {
        if (isSmall()) {
            return withoutZeros(small);
        }
        BigDecimal sum = large.add(BigDecimal.valueOf(small));
        return sum.signum() == 0 ? BigDecimal.ZERO : sum.stripTrailingZeros();
    }

    /** Quicker than to strip zeros of a decimal: most sums have few. */
    private static BigDecimal withoutZeros(long number) {
        if (number == 0) {
            return BigDecimal.ZERO;
        }
        long rest = number;
        int scale = 0;
        while (rest % 10 == 0) {
            rest /= 10;
            scale--;
        }
        return BigDecimal.valueOf(rest, scale);
    }

    /** Whether all of it is {@link #small}. */
    boolean isSmall() {
        return large.signum() == 0;
    }

    /** The sum, if {@link #isSmall}. */
    long small() {
        return small;
    }

    boolean isZero() {
        return isSmall() ? small == 0 : total().signum() == 0;
    }

    void set(BigDecimal total) {
        small = 0;
        large = BigDecimal.ZERO;
        add(total);
    }

    /**
     * The number as DynamoDB can hold it: rounded to 38 digits, half even.
     *
     * @return null if it is too large for DynamoDB; zero if it is too small
     */
    static Value render(BigDecimal number) {
        BigDecimal rounded = number.round(Value.DIGITS).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (rounded.signum() == 0 || exponent < EXPONENT_MIN) {
            return Value.number(0);
        }
        return exponent > EXPONENT_MAX ? null : Value.number(rounded);
    }
}
