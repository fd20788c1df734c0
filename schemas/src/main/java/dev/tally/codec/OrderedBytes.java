package dev.tally.codec;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Bytes whose unsigned order is the order of the values, for keys of ordered state: RocksDB walks
 * its keys in the order of their bytes.
 *
 * <p>Every form ends itself, so that it can be followed by others. Equal values have equal bytes.
 *
 * <p><b>Numbers</b>: a lead byte with sign and exponent (of the first digit), then two digits a
 * byte, as twice their value, plus one if more follow: of two numbers that begin alike, the one
 * that ends first is smaller, and so is its last byte. All bytes of a negative number are inverted.
 * Lead bytes:
 *
 * <pre>
 *   00        negative, exponent above  62: four bytes follow
 *   01 … 7d   negative, exponent  62 to -62
 *   7e        negative, exponent below -62: four bytes follow
 *   80        zero
 *   81        positive, exponent below -62: four bytes follow
 *   82 … fe   positive, exponent -62 to  62
 *   ff        positive, exponent above  62: four bytes follow
 * </pre>
 *
 * <p><b>Text</b> (in UTF-8) and <b>bytes</b>: the bytes, 00 written as 00 ff, then 00 00.
 */
public final class OrderedBytes {

    private static final int ZERO = 0x80;
    private static final int SMALL = 0x81;
    private static final int LARGE = 0xff;
    private static final int MIDDLE = 0xc0;
    private static final int SHORT_EXPONENT_MAX = 62;

    private static final int LONG_DIGITS = 19;

    /** Digits of the longest number that is read; sums of 38-digit numbers stay far below. */
    private static final int DIGITS_MAX = 10_000;

    /** An item of DynamoDB has at most 400 KB; with room for ours. */
    private static final int BYTES_MAX = 16 << 20;

    private OrderedBytes() {}

    /** A decimal number of any length; 1 and 1.0 are the same. */
    public static void writeNumber(BigDecimal number, DataOutputView out) throws IOException {
        if (number.signum() == 0) {
            out.writeByte(ZERO);
            return;
        }
        int mask = number.signum() < 0 ? 0xff : 0;
        if (number.precision() < LONG_DIGITS) {
            long digits = Math.abs(number.unscaledValue().longValue());
            writeDigits(digits, number.scale(), mask, out);
            return;
        }
        BigDecimal exact = number.stripTrailingZeros();
        String digits = exact.unscaledValue().abs().toString();
        long exponent = (long) digits.length() - exact.scale() - 1;
        writeExponent(exponent, mask, out);
        int length = digits.length();
        for (int i = 0; i < length; i += 2) {
            int high = digits.charAt(i) - '0';
            int low = i + 1 < length ? digits.charAt(i + 1) - '0' : 0;
            int more = i + 2 < length ? 1 : 0;
            out.writeByte((high * 10 + low) * 2 + more ^ mask);
        }
    }

    /** The same bytes as of the number as a decimal, without making one. */
    public static void writeNumber(long number, DataOutputView out) throws IOException {
        if (number == 0) {
            out.writeByte(ZERO);
        } else if (number == Long.MIN_VALUE) {
            writeNumber(BigDecimal.valueOf(number), out);
        } else {
            writeDigits(Math.abs(number), 0, number < 0 ? 0xff : 0, out);
        }
    }

    /** Digits above 0; it ends before trailing zeros, as nothing is left then. */
    private static void writeDigits(long number, int scale, int mask, DataOutputView out)
            throws IOException {
        int digits = 1;
        long power = 1;
        while (digits < LONG_DIGITS && number / power >= 10) {
            power *= 10;
            digits++;
        }
        writeExponent((long) digits - scale - 1, mask, out);
        long rest = number;
        while (rest != 0) {
            int high = (int) (rest / power);
            rest -= high * power;
            power /= 10;
            int low = power == 0 ? 0 : (int) (rest / power);
            rest -= low * power;
            power /= 10;
            out.writeByte((high * 10 + low) * 2 + (rest != 0 ? 1 : 0) ^ mask);
        }
    }

    private static void writeExponent(long exponent, int mask, DataOutputView out)
            throws IOException {
        if (Math.abs(exponent) <= SHORT_EXPONENT_MAX) {
            out.writeByte(MIDDLE + (int) exponent ^ mask);
            return;
        }
        if (exponent != (int) exponent) {
            throw new IOException("cannot write a number: its exponent is beyond 32 bits");
        }
        out.writeByte((exponent < 0 ? SMALL : LARGE) ^ mask);
        int biased = (int) exponent ^ Integer.MIN_VALUE;
        out.writeInt(mask == 0 ? biased : ~biased);
    }

    /** The number without trailing zeros. */
    public static BigDecimal readNumber(DataInputView in) throws IOException {
        return readNumber(in, number -> withoutZeros(number, 0), number -> number);
    }

    /**
     * A number as what the caller makes of it.
     *
     * @param whole makes it of a whole number of up to 18 digits
     * @param other makes it of any other number, without trailing zeros
     */
    public static <T> T readNumber(
            DataInputView in, LongFunction<T> whole, Function<BigDecimal, T> other)
            throws IOException {
        int first = in.readUnsignedByte();
        if (first == ZERO) {
            return whole.apply(0);
        }
        int mask = first < ZERO ? 0xff : 0;
        int exponent = readExponent(first, mask, in);
        long number = 0;
        int digits = 0;
        int pair;
        do {
            pair = readPair(mask, in);
            number = number * 100 + pair / 2;
            digits += 2;
        } while ((pair & 1) == 1 && digits < LONG_DIGITS - 1);
        long signed = mask == 0 ? number : -number;
        if ((pair & 1) == 1) {
            return other.apply(readLong(in, mask, Long.toString(number), digits, exponent));
        }
        long scale = digits - 1L - exponent;
        if (scale == 1 && signed % 10 == 0) {
            return whole.apply(signed / 10);
        }
        if (scale <= 0 && scale > digits - LONG_DIGITS) {
            long power = 1;
            for (long i = scale; i < 0; i++) {
                power *= 10;
            }
            return whole.apply(signed * power);
        }
        return other.apply(withoutZeros(signed, checked(scale)));
    }

    private static int readExponent(int first, int mask, DataInputView in) throws IOException {
        int lead = first ^ mask;
        if (lead == SMALL || lead == LARGE) {
            int biased = in.readInt();
            return (mask == 0 ? biased : ~biased) ^ Integer.MIN_VALUE;
        }
        if (lead < SMALL) {
            throw new IOException("cannot read a number: no number begins with byte " + first);
        }
        return lead - MIDDLE;
    }

    /** Two digits as twice their value, and 1 if more follow. */
    private static int readPair(int mask, DataInputView in) throws IOException {
        int pair = in.readUnsignedByte() ^ mask;
        if (pair > 199) {
            throw damagedDigits();
        }
        return pair;
    }

    private static IOException damagedDigits() {
        return new IOException("cannot read a number: its digits are damaged");
    }

    private static int checked(long scale) throws IOException {
        if (scale != (int) scale) {
            throw new IOException("cannot read a number: its exponent is damaged");
        }
        return (int) scale;
    }

    private static BigDecimal withoutZeros(long number, int scale) {
        return number == 0
                ? BigDecimal.ZERO
                : BigDecimal.valueOf(number, scale).stripTrailingZeros();
    }

    /** One with more digits than a long may have; some were read. */
    private static BigDecimal readLong(
            DataInputView in, int mask, String begin, int beginDigits, int exponent)
            throws IOException {
        StringBuilder digits = new StringBuilder();
        digits.append("0".repeat(beginDigits - begin.length())).append(begin);
        int pair;
        do {
            pair = readPair(mask, in);
            if (digits.length() > DIGITS_MAX) {
                throw damagedDigits();
            }
            digits.append((char) ('0' + pair / 20)).append((char) ('0' + pair / 2 % 10));
        } while ((pair & 1) == 1);
        BigInteger unscaled = new BigInteger(digits.toString());
        int scale = checked((long) digits.length() - 1 - exponent);
        BigDecimal number = new BigDecimal(unscaled, scale).stripTrailingZeros();
        return mask == 0 ? number : number.negate();
    }

    /** Text, in the order of its UTF-8 bytes, as DynamoDB orders it. */
    public static void writeText(String text, DataOutputView out) throws IOException {
        writeBytes(text.getBytes(StandardCharsets.UTF_8), out);
    }

    public static String readText(DataInputView in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    /** Bytes, unsigned. */
    public static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                out.write(bytes, from, i + 1 - from);
                out.writeByte(0xff);
                from = i + 1;
            }
        }
        out.write(bytes, from, bytes.length - from);
        out.writeShort(0);
    }

    public static byte[] readBytes(DataInputView in) throws IOException {
        byte[] bytes = new byte[32];
        for (int size = 0; size <= BYTES_MAX; size++) {
            int next = in.readUnsignedByte();
            if (next == 0) {
                int mark = in.readUnsignedByte();
                if (mark == 0) {
                    return Arrays.copyOf(bytes, size);
                }
                if (mark != 0xff) {
                    throw new IOException("cannot read ordered bytes: 00 is followed by " + mark);
                }
            }
            if (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * size);
            }
            bytes[size] = (byte) next;
        }
        throw new IOException("cannot read ordered bytes: they have no end");
    }
}
