package dev.tally.codec;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The few primitives that all codecs share: variable length integers, text, bytes. */
public final class Wire {

    /** No text or byte string of DynamoDB is longer than an item: 400 KB; with room for ours. */
    private static final int LENGTH_MAX = 16 << 20;

    private Wire() {}

    /** Unsigned, 7 bits a byte, low first; a negative value takes ten bytes. */
    public static void writeLong(long value, DataOutputView out) throws IOException {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.writeByte((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    public static long readLong(DataInputView in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.readByte();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IOException("cannot read an integer: it has more than ten bytes");
    }

    /** Small for small magnitudes of either sign. */
    public static void writeSigned(long value, DataOutputView out) throws IOException {
        writeLong((value << 1) ^ (value >> 63), out);
    }

    public static long readSigned(DataInputView in) throws IOException {
        long zigzag = readLong(in);
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    public static void writeInt(int value, DataOutputView out) throws IOException {
        writeLong(value & 0xffffffffL, out);
    }

    public static int readInt(DataInputView in) throws IOException {
        return (int) readLong(in);
    }

    public static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
        writeInt(bytes.length, out);
        out.write(bytes);
    }

    public static byte[] readBytes(DataInputView in) throws IOException {
        int length = readInt(in);
        if (length < 0 || length > LENGTH_MAX) {
            throw new IOException("cannot read a byte string: its length is " + length);
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    public static void writeText(String text, DataOutputView out) throws IOException {
        writeBytes(text.getBytes(StandardCharsets.UTF_8), out);
    }

    public static String readText(DataInputView in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    /** For text that may be missing. */
    public static void writeOptionalText(String text, DataOutputView out) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            writeText(text, out);
        }
    }

    public static String readOptionalText(DataInputView in) throws IOException {
        return in.readBoolean() ? readText(in) : null;
    }

    public static void writeBig(BigInteger value, DataOutputView out) throws IOException {
        writeBytes(value.toByteArray(), out);
    }

    public static BigInteger readBig(DataInputView in) throws IOException {
        return new BigInteger(readBytes(in));
    }

    /** Writes a value that may be null behind a byte that says so. */
    public static <T> void writeOptional(Codec<T> codec, T value, DataOutputView out)
            throws IOException {
        out.writeBoolean(value != null);
        if (value != null) {
            codec.write(value, out);
        }
    }

    /** Reads {@link #writeOptional}, at the version of the value around it. */
    public static <T> T readOptional(Codec<T> codec, int version, DataInputView in)
            throws IOException {
        return in.readBoolean() ? codec.read(version, in) : null;
    }
}
