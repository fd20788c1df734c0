package dev.tally.view;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.item.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A group of a view, in canonical bytes: the view's name, then the values that identify the group's
 * row: the key of the row in its target table, in key order, after the key mapping; for a view
 * without a target table, the group's own values.
 *
 * <p>It is the key of the aggregate stage and of the row sink; the hash is of the content. Since it
 * is the row's own key, two groups never share a row, and a row found in the target names its
 * group.
 */
public final class GroupKey {

    public static final Codec<GroupKey> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 1;
                }

                @Override
                public void write(GroupKey key, DataOutputView out) throws IOException {
                    Wire.writeBytes(key.bytes, out);
                }

                @Override
                public GroupKey read(int version, DataInputView in) throws IOException {
                    return new GroupKey(Wire.readBytes(in));
                }
            };

    private final byte[] bytes;
    private final int hash;

    private GroupKey(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    public static GroupKey of(String view, List<Value> values) {
        try {
            DataOutputSerializer out = new DataOutputSerializer(48);
            Wire.writeText(view, out);
            for (Value value : values) {
                Value.CODEC.write(value, out);
            }
            return new GroupKey(out.getCopyOfBuffer());
        } catch (IOException e) {
            throw new IllegalStateException("cannot write a group key into memory", e);
        }
    }

    /** Name of the view; decoded from the bytes at each call. */
    public String view() {
        try {
            return Wire.readText(new DataInputDeserializer(bytes));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the bytes of a group key", e);
        }
    }

    /** Whether both are groups of one view; cheaper than two names. */
    public boolean isOfViewOf(GroupKey other) {
        int length = bytes[0] + 1;
        return length > 0
                && other.bytes.length >= length
                && Arrays.equals(bytes, 0, length, other.bytes, 0, length);
    }

    /** Values of the row's key; decoded from the bytes at each call. */
    public List<Value> values() {
        try {
            DataInputDeserializer in = new DataInputDeserializer(bytes);
            Wire.readText(in);
            List<Value> values = new ArrayList<>(2);
            while (in.available() > 0) {
                values.add(Value.CODEC.read(Value.CODEC.version(), in));
            }
            return values;
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the bytes of a group key", e);
        }
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof GroupKey
                && ((GroupKey) o).hash == hash
                && Arrays.equals(((GroupKey) o).bytes, bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return String.format("group #%08x of view %s", hash, view());
    }
}
