package dev.tally.aggregate.measure;

import dev.tally.codec.Codec;
import dev.tally.codec.OrderedBytes;
import dev.tally.item.Value;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A value as a key of a multiset. The unsigned order of its bytes, which is also the order in which
 * RocksDB walks them, is the order of the values ({@link #ascending}) or the reverse ({@link
 * #descending}): the extreme that a measure wants is always the first key.
 *
 * <p>Values of different types do not compare in DynamoDB; here they order by type, S before N
 * before B, so that min and max are defined whatever comes.
 */
public final class ValueKey implements Comparable<ValueKey> {

    /** Keeps the order in the serialized form too, and ends itself. */
    public static final Codec<ValueKey> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 1;
                }

                @Override
                public void write(ValueKey key, DataOutputView out) throws IOException {
                    OrderedBytes.writeBytes(key.bytes, out);
                }

                @Override
                public ValueKey read(int version, DataInputView in) throws IOException {
                    return new ValueKey(OrderedBytes.readBytes(in));
                }
            };

    private static final int TEXT = 1;
    private static final int NUMBER = 2;
    private static final int BINARY = 3;

    private static final int BYTES_PER_WEIGHT = 64;

    /** Where keys are written before their length is known. */
    private static final ThreadLocal<DataOutputSerializer> SCRATCH =
            ThreadLocal.withInitial(() -> new DataOutputSerializer(64));

    private final byte[] bytes;
    private final int hash;

    /** The first eight bytes, with zeros where there are fewer: decides most comparisons. */
    private final long start;

    private ValueKey(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
        long first = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            first = first << 8 | (i < bytes.length ? bytes[i] & 0xff : 0);
        }
        this.start = first;
    }

    /** Smallest value first; S, N and B only. */
    public static ValueKey ascending(Value value) {
        return new ValueKey(ordered(value));
    }

    /** Largest value first; S, N and B only. */
    public static ValueKey descending(Value value) {
        return new ValueKey(invert(ordered(value)));
    }

    /** For any type; equal values have equal keys, in no particular order. */
    public static ValueKey unordered(Value value) {
        try {
            DataOutputSerializer out = scratch();
            Value.CODEC.write(value, out);
            return new ValueKey(out.getCopyOfBuffer());
        } catch (IOException e) {
            throw new IllegalStateException("cannot write a value into memory", e);
        }
    }

    /** Of the first bytes of an array. */
    static ValueKey copyOf(byte[] bytes, int length) {
        return new ValueKey(Arrays.copyOf(bytes, length));
    }

    static boolean hasOrder(Value value) {
        return value.is(Value.Type.S) || value.is(Value.Type.N) || value.is(Value.Type.B);
    }

    private static byte[] ordered(Value value) {
        try {
            DataOutputSerializer out = scratch();
            switch (value.type()) {
                case S:
                    out.writeByte(TEXT);
                    OrderedBytes.writeText(value.asText(), out);
                    break;
                case N:
                    out.writeByte(NUMBER);
                    if (value.isLong()) {
                        OrderedBytes.writeNumber(value.asLong(), out);
                    } else {
                        OrderedBytes.writeNumber(value.asNumber(), out);
                    }
                    break;
                case B:
                    out.writeByte(BINARY);
                    OrderedBytes.writeBytes(value.asBytes(), out);
                    break;
                default:
                    throw new IllegalArgumentException("values of this type have no order");
            }
            return out.getCopyOfBuffer();
        } catch (IOException e) {
            throw new IllegalStateException("cannot write a value into memory", e);
        }
    }

    private static DataOutputSerializer scratch() {
        DataOutputSerializer out = SCRATCH.get();
        out.clear();
        return out;
    }

    /** In place. Every ordered form ends itself, so the inverted ones sort exactly in reverse. */
    private static byte[] invert(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ~bytes[i];
        }
        return bytes;
    }

    /** Must not be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** What it costs to keep it waiting: 1, and 1 more for each 64 bytes. */
    int weight() {
        return 1 + bytes.length / BYTES_PER_WEIGHT;
    }

    /** The value that {@link #ascending} (or {@link #descending}) made this of. */
    Value value(boolean descending) {
        DataInputDeserializer in =
                new DataInputDeserializer(descending ? invert(bytes.clone()) : bytes);
        try {
            int type = in.readByte();
            switch (type) {
                case TEXT:
                    return Value.text(OrderedBytes.readText(in));
                case NUMBER:
                    return OrderedBytes.readNumber(in, Value::number, Value::number);
                case BINARY:
                    return Value.binary(OrderedBytes.readBytes(in));
                default:
                    throw new IOException("no type has the code " + type);
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot read the key of a value in state: it is damaged", e);
        }
    }

    @Override
    public int compareTo(ValueKey other) {
        return start == other.start
                ? Arrays.compareUnsigned(bytes, other.bytes)
                : Long.compareUnsigned(start, other.start);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ValueKey
                && ((ValueKey) o).hash == hash
                && Arrays.equals(((ValueKey) o).bytes, bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The length only: values must not reach logs. */
    @Override
    public String toString() {
        return "a value of " + bytes.length + " bytes";
    }
}
