package dev.tally.codec;

import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The few primitives that all codecs share: variable length integers, text, bytes. */
public final class Wire {

    /** No text or byte string of DynamoDB is longer than an item: 400 KB; with room for ours. */
    private static final int LENGTH_MAX = 16 << 20;

    /** Of integers: sums of 38-digit numbers stay below 200. More would take long to read. */
    private static final int BIG_BYTES_MAX = 1 << 10;

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

    /**
     * The number of things that follow, of at least a byte each. Damaged bytes must not make us
     * reserve memory for what is not there.
     */
    public static int readCount(DataInputView in) throws IOException {
        long count = readLong(in);
        if (count < 0 || count > LENGTH_MAX) {
            throw new IOException("cannot read bytes or a list: its length is " + count);
        }
        if (in instanceof DataInputDeserializer
                && count > ((DataInputDeserializer) in).available()) {
            throw new EOFException(
                    "cannot read bytes or a list: its length is "
                            + count
                            + ", and there are "
                            + ((DataInputDeserializer) in).available()
                            + " bytes left");
        }
        return (int) count;
    }

    public static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
        writeInt(bytes.length, out);
        out.write(bytes);
    }

    public static byte[] readBytes(DataInputView in) throws IOException {
        byte[] bytes = new byte[readCount(in)];
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
        byte[] bytes = readBytes(in);
        if (bytes.length == 0 || bytes.length > BIG_BYTES_MAX) {
            throw new IOException("cannot read an integer: it has " + bytes.length + " bytes");
        }
        return new BigInteger(bytes);
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
