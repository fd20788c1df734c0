package dev.tally.change;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Orders the changes of one item: the incarnation of the stream, then the sequence number as a
 * number.
 *
 * <p>An incarnation is one stream ARN; each ARN that follows, after the stream was switched off and
 * on, has the next number and orders above. Sequence numbers have 21 to 40 digits.
 */
public final class ItemVersion implements Comparable<ItemVersion> {

    public static final Codec<ItemVersion> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 1;
                }

                @Override
                public void write(ItemVersion version, DataOutputView out) throws IOException {
                    Wire.writeInt(version.incarnation, out);
                    Wire.writeBytes(version.sequence, out);
                }

                @Override
                public ItemVersion read(int version, DataInputView in) throws IOException {
                    int incarnation = Wire.readInt(in);
                    byte[] sequence = Wire.readBytes(in);
                    if (sequence.length == 0 || sequence.length > BYTES_MAX) {
                        throw new IOException(
                                "cannot read a sequence number: it has "
                                        + sequence.length
                                        + " bytes");
                    }
                    return new ItemVersion(incarnation, sequence);
                }
            };

    /** Of one with 40 digits it is 17. */
    private static final int BYTES_MAX = 1 << 10;

    /** So many digits are a long. */
    private static final int PART = 18;

    private static final long PART_UNIT = 1_000_000_000_000_000_000L;

    private final int incarnation;

    /** As {@link BigInteger#toByteArray} gives it: of two positive ones the longer is greater. */
    private final byte[] sequence;

    private ItemVersion(int incarnation, byte[] sequence) {
        this.incarnation = incarnation;
        this.sequence = sequence;
    }

    public static ItemVersion of(int incarnation, String sequenceNumber) {
        byte[] bytes = bytes(sequenceNumber);
        return new ItemVersion(
                incarnation, bytes == null ? new BigInteger(sequenceNumber).toByteArray() : bytes);
    }

    /** What BigInteger makes of it, with less work; null if it is not so simple. */
    private static byte[] bytes(String digits) {
        int split = digits.length() - PART;
        if (split <= 0 || split > PART) {
            return null;
        }
        long upper = number(digits, 0, split);
        long lower = number(digits, split, digits.length());
        if (upper < 0 || lower < 0) {
            return null;
        }
        long product = upper * PART_UNIT;
        long low = product + lower;
        long carry = Long.compareUnsigned(low, product) < 0 ? 1 : 0;
        long high = Math.multiplyHigh(upper, PART_UNIT) + carry;
        int bits =
                high == 0
                        ? Long.SIZE - Long.numberOfLeadingZeros(low)
                        : 2 * Long.SIZE - Long.numberOfLeadingZeros(high);
        byte[] bytes = new byte[bits / Byte.SIZE + 1];
        for (int i = 0; i < bytes.length; i++) {
            bytes[bytes.length - 1 - i] = (byte) ((i < Long.BYTES ? low : high) >>> Byte.SIZE * i);
        }
        return bytes;
    }

    /** -1 if there is anything but digits. */
    private static long number(String digits, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    public int incarnation() {
        return incarnation;
    }

    public BigInteger sequence() {
        return new BigInteger(sequence);
    }

    @Override
    public int compareTo(ItemVersion other) {
        int byIncarnation = Integer.compare(incarnation, other.incarnation);
        if (byIncarnation != 0) {
            return byIncarnation;
        }
        int byLength = Integer.compare(sequence.length, other.sequence.length);
        return byLength != 0 ? byLength : Arrays.compareUnsigned(sequence, other.sequence);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ItemVersion && compareTo((ItemVersion) o) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * incarnation + Arrays.hashCode(sequence);
    }

    /** As feeds show it: both parts padded, so that text order is version order. */
    @Override
    public String toString() {
        return String.format("%06d-%040d", incarnation, sequence());
    }
}
