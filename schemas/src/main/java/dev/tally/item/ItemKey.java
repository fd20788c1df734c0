package dev.tally.item;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The key of an item within its table, in canonical bytes: the values of the key attributes in the
 * order of the {@link KeySchema}. The numbers 1 and 1.0 are one key, as in DynamoDB.
 *
 * <p>It is a Flink key: the hash is of the content and the same in every JVM. {@code toString}
 * shows the hash only.
 */
public final class ItemKey implements Comparable<ItemKey> {

    public static final Codec<ItemKey> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 1;
                }

                @Override
                public void write(ItemKey key, DataOutputView out) throws IOException {
                    Wire.writeBytes(key.bytes, out);
                }

                @Override
                public ItemKey read(int version, DataInputView in) throws IOException {
                    return new ItemKey(Wire.readBytes(in));
                }
            };

    private final byte[] bytes;
    private final int hash;

    private ItemKey(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    public static ItemKey of(List<Value> values) {
        try {
            DataOutputSerializer out = new DataOutputSerializer(32);
            for (Value value : values) {
                Value.CODEC.write(value, out);
            }
            return new ItemKey(out.getCopyOfBuffer());
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /**
     * @throws IllegalArgumentException if a key attribute is missing or not of the schema's type
     */
    public static ItemKey of(KeySchema schema, Item item) {
        try {
            DataOutputSerializer out = new DataOutputSerializer(48);
            for (KeySchema.Attribute attribute : schema.attributes()) {
                if (!item.writeValue(attribute, out)) {
                    Value value = item.get(attribute.name());
                    throw new IllegalArgumentException(
                            "cannot take the key of an item: attribute "
                                    + attribute
                                    + " is "
                                    + (value == null ? "missing" : value));
                }
            }
            return new ItemKey(out.getCopyOfBuffer());
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private static IllegalStateException cannotWrite(IOException e) {
        return new IllegalStateException("cannot write a key into memory", e);
    }

    /** The values of the key attributes, the partition key first. */
    public List<Value> values() {
        try {
            DataInputDeserializer in = new DataInputDeserializer(bytes);
            List<Value> values = new ArrayList<>(2);
            while (in.available() > 0) {
                values.add(Value.CODEC.read(Value.CODEC.version(), in));
            }
            return values;
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the bytes of a key", e);
        }
    }

    /** The key attributes by name. */
    public Item toItem(KeySchema schema) {
        TreeMap<String, Value> attributes = new TreeMap<>();
        List<Value> values = values();
        for (int i = 0; i < values.size(); i++) {
            attributes.put(schema.attributes().get(i).name(), values.get(i));
        }
        return Item.of(attributes);
    }

    /** The order of the bytes, without meaning beyond being total. */
    @Override
    public int compareTo(ItemKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ItemKey
                && ((ItemKey) o).hash == hash
                && Arrays.equals(((ItemKey) o).bytes, bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return String.format("key #%08x", hash);
    }
}
