package dev.tally.aggregate.measure;

import dev.tally.codec.Codec;
import dev.tally.codec.OrderedBytes;
import dev.tally.codec.Wire;
import dev.tally.item.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What one measure of one group amounts to, as it is kept in state; the same form for all six
 * measures, so that state is read without the view's spec.
 */
public final class Amount {

    public static final Amount ZERO = new Amount(0, null);

    public static final Codec<Amount> CODEC = new AmountCodec();

    private final long count;
    private final BigDecimal total;
    private final Value extreme;
    private final byte[] values;
    private final boolean paged;

    /**
     * Of an invertible measure.
     *
     * @param count inputs taken in
     * @param total exact sum of the inputs without trailing zeros; null for zero
     */
    public Amount(long count, BigDecimal total) {
        this(count, total, null, null, false);
    }

    /**
     * Of an ordered measure; of a {@link SharedMaximum} without a count. With neither values nor
     * pages they are one by one in state, as layout 1 had them.
     *
     * @param count different values
     * @param extreme the smallest or largest; null for none
     * @param values all of them, as {@link PageWriter} writes a page; null if they are elsewhere
     * @param paged whether they are in {@link ValuePages}
     */
    public Amount(long count, Value extreme, byte[] values, boolean paged) {
        this(count, null, extreme, values, paged);
    }

    private Amount(long count, BigDecimal total, Value extreme, byte[] values, boolean paged) {
        this.count = count;
        this.total = total;
        this.extreme = extreme;
        this.values = values;
        this.paged = paged;
    }

    public long count() {
        return count;
    }

    /** Null for zero. */
    public BigDecimal total() {
        return total;
    }

    /** Null if there is none. */
    public Value extreme() {
        return extreme;
    }

    /** Null if they are elsewhere, or not asked for; must not be changed. */
    byte[] values() {
        return values;
    }

    boolean paged() {
        return paged;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Amount
                && ((Amount) o).count == count
                && Objects.equals(((Amount) o).total, total)
                && Objects.equals(((Amount) o).extreme, extreme)
                && Arrays.equals(((Amount) o).values, values)
                && ((Amount) o).paged == paged;
    }

    @Override
    public int hashCode() {
        return Objects.hash(count, total, extreme);
    }

    @Override
    public String toString() {
        return "an amount of " + count + " inputs";
    }

    /**
     * Version 1 kept values of ordered measures elsewhere, one by one; version 2 knew no {@link
     * SharedMaximum}.
     */
    private static final class AmountCodec implements Codec<Amount> {

        private static final int TOTAL = 1;
        private static final int EXTREME = 2;
        private static final int VALUES = 4;
        private static final int PAGED = 8;

        @Override
        public int version() {
            return 3;
        }

        @Override
        public void write(Amount amount, DataOutputView out) throws IOException {
            out.writeByte(
                    (amount.total == null ? 0 : TOTAL)
                            | (amount.extreme == null ? 0 : EXTREME)
                            | (amount.values == null ? 0 : VALUES)
                            | (amount.paged ? PAGED : 0));
            Wire.writeLong(amount.count, out);
            if (amount.total != null) {
                OrderedBytes.writeNumber(amount.total, out);
            }
            if (amount.extreme != null) {
                Value.CODEC.write(amount.extreme, out);
            }
            if (amount.values != null) {
                Wire.writeBytes(amount.values, out);
            }
        }

        @Override
        public Amount read(int version, DataInputView in) throws IOException {
            int parts = in.readByte();
            int known = version == 1 ? TOTAL | EXTREME : TOTAL | EXTREME | VALUES | PAGED;
            if ((parts & ~known) != 0) {
                throw new IOException("cannot read an amount: no amount has the parts " + parts);
            }
            return new Amount(
                    Wire.readLong(in),
                    (parts & TOTAL) == 0 ? null : OrderedBytes.readNumber(in),
                    (parts & EXTREME) == 0 ? null : Value.CODEC.read(version, in),
                    (parts & VALUES) == 0 ? null : Wire.readBytes(in),
                    (parts & PAGED) != 0);
        }
    }
}
