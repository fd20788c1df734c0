package dev.tally.aggregate.measure;

import dev.tally.codec.Codec;
import dev.tally.codec.OrderedBytes;
import dev.tally.codec.Wire;
import dev.tally.item.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What one measure of one group amounts to, as it is kept in state; the same form for all six
 * measures, so that state is read without the view's spec.
 */
public final class Amount {

    public static final Amount ZERO = new Amount(0, null, null);

    public static final Codec<Amount> CODEC = new AmountCodec();

    private final long count;
    private final BigDecimal total;
    private final Value extreme;

    /**
     * @param count inputs taken in (count, sum, avg), or different values (min, max,
     *     count-distinct)
     * @param total exact sum of the inputs without trailing zeros; null for zero
     * @param extreme the smallest or largest value; null if there is none
     */
    public Amount(long count, BigDecimal total, Value extreme) {
        this.count = count;
        this.total = total;
        this.extreme = extreme;
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

    @Override
    public boolean equals(Object o) {
        return o instanceof Amount
                && ((Amount) o).count == count
                && Objects.equals(((Amount) o).total, total)
                && Objects.equals(((Amount) o).extreme, extreme);
    }

    @Override
    public int hashCode() {
        return Objects.hash(count, total, extreme);
    }

    @Override
    public String toString() {
        return "an amount of " + count + " inputs";
    }

    private static final class AmountCodec implements Codec<Amount> {

        private static final int TOTAL = 1;
        private static final int EXTREME = 2;

        @Override
        public int version() {
            return 1;
        }

        @Override
        public void write(Amount amount, DataOutputView out) throws IOException {
            int parts = (amount.total == null ? 0 : TOTAL) | (amount.extreme == null ? 0 : EXTREME);
            out.writeByte(parts);
            Wire.writeLong(amount.count, out);
            if (amount.total != null) {
                OrderedBytes.writeNumber(amount.total, out);
            }
            if (amount.extreme != null) {
                Value.CODEC.write(amount.extreme, out);
            }
        }

        @Override
        public Amount read(int version, DataInputView in) throws IOException {
            int parts = in.readByte();
            if ((parts & ~(TOTAL | EXTREME)) != 0) {
                throw new IOException("cannot read an amount: no amount has the parts " + parts);
            }
            long count = Wire.readLong(in);
            BigDecimal total = (parts & TOTAL) == 0 ? null : OrderedBytes.readNumber(in);
            Value extreme = (parts & EXTREME) == 0 ? null : Value.CODEC.read(version, in);
            return new Amount(count, total, extreme);
        }
    }
}
