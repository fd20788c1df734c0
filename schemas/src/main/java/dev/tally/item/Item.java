package dev.tally.item;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * An image: an item's attributes at one moment, by name; immutable. Equality is DynamoDB's.
 *
 * <p>On its way through state and between tasks it is bytes, and stays so: equal images have equal
 * bytes, single attributes are found in them, and all are made objects only for those who ask for
 * {@link #attributes}.
 */
public final class Item {

    public static final Item EMPTY = new Item(new TreeMap<>());

    public static final Codec<Item> CODEC =
            new Codec<>() {
                private final ValueCodec values = (ValueCodec) Value.CODEC;

                @Override
                public int version() {
                    return 1;
                }

                @Override
                public void write(Item item, DataOutputView out) throws IOException {
                    out.write(item.bytes());
                }

                @Override
                public Item read(int version, DataInputView in) throws IOException {
                    return new Item(values.readFields(in, 0));
                }
            };

    private static final String DAMAGED =
            "cannot read an image: its bytes are damaged or not Tally's";

    /** Written twice if two threads are the first to ask: with the same bytes. */
    private byte[] bytes;

    private SortedMap<String, Value> attributes;

    private Item(TreeMap<String, Value> attributes) {
        this.attributes = Collections.unmodifiableSortedMap(attributes);
    }

    /** Of bytes that are those of an image, and stay as they are. */
    Item(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Item of(Map<String, Value> attributes) {
        return new Item(new TreeMap<>(attributes));
    }

    /** Behind its length, so that it is read without being looked at. */
    public void writeSized(DataOutputView out) throws IOException {
        Wire.writeBytes(bytes(), out);
    }

    /** Reads {@link #writeSized}. */
    public static Item readSized(DataInputView in) throws IOException {
        return new Item(Wire.readBytes(in));
    }

    /**
     * The same out of state, which may be damaged.
     *
     * @throws IOException if it is not made of attributes; values are looked at when they are asked
     *     for
     */
    public static Item readStored(DataInputView in) throws IOException {
        Item item = readSized(in);
        try {
            Fields fields = new Fields(item.bytes);
            int end = fields.end();
            while (fields.next()) {
                end = fields.end();
            }
            if (end == item.bytes.length) {
                return item;
            }
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw new IOException(DAMAGED, e);
        }
        throw new IOException(DAMAGED);
    }

    private byte[] bytes() {
        byte[] known = bytes;
        if (known == null) {
            try {
                DataOutputSerializer out = new DataOutputSerializer(128);
                ((ValueCodec) Value.CODEC).writeFields(attributes, out);
                known = out.getCopyOfBuffer();
                bytes = known;
            } catch (IOException e) {
                throw new IllegalStateException("cannot write an image into memory", e);
            }
        }
        return known;
    }

    /** Null if the item has no such attribute. */
    public Value get(String name) {
        SortedMap<String, Value> known = attributes;
        return known == null ? get(name.getBytes(StandardCharsets.UTF_8)) : known.get(name);
    }

    /** The same, by the name in UTF-8. */
    Value get(byte[] name) {
        if (bytes == null) {
            return attributes.get(new String(name, StandardCharsets.UTF_8));
        }
        try {
            Fields field = find(name);
            return field == null ? null : ValueCodec.read(bytes, field.valueAt(), field.end());
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw damaged(e);
        }
    }

    /**
     * Writes the value of an attribute as it is encoded.
     *
     * @return false if the item has none of this name and type
     */
    boolean writeValue(KeySchema.Attribute attribute, DataOutputView out) throws IOException {
        Fields field = find(attribute.utf8());
        if (field == null || ValueCodec.typeOf(bytes[field.valueAt()]) != attribute.type()) {
            return false;
        }
        out.write(bytes, field.valueAt(), field.end() - field.valueAt());
        return true;
    }

    /** Stands at the attribute in the encoded image; null if there is none. */
    private Fields find(byte[] name) {
        Fields fields = new Fields(bytes());
        while (fields.next()) {
            if (fields.isNamed(name)) {
                return fields;
            }
        }
        return null;
    }

    /** By name, sorted, unmodifiable. */
    public SortedMap<String, Value> attributes() {
        SortedMap<String, Value> known = attributes;
        if (known == null) {
            try {
                DataInputDeserializer in = new DataInputDeserializer(bytes);
                known =
                        Collections.unmodifiableSortedMap(
                                ((ValueCodec) Value.CODEC).readFields(in, 0));
                attributes = known;
            } catch (IOException | RuntimeException e) {
                throw damaged(e);
            }
        }
        return known;
    }

    private static IllegalStateException damaged(Exception cause) {
        return new IllegalStateException(DAMAGED, cause);
    }

    public Item with(String name, Value value) {
        TreeMap<String, Value> more = new TreeMap<>(attributes());
        more.put(name, value);
        return new Item(more);
    }

    public Item without(String name) {
        TreeMap<String, Value> less = new TreeMap<>(attributes());
        less.remove(name);
        return new Item(less);
    }

    /** The item with only the named attributes, as far as it has them. */
    public Item only(Collection<String> names) {
        return only(new AttributeNames(names));
    }

    /** The same object if it has no others. */
    public Item only(AttributeNames names) {
        byte[] all = bytes();
        try {
            Fields fields = new Fields(all);
            int kept = 0;
            byte[] some = new byte[all.length];
            int size = 0;
            while (fields.next()) {
                if (names.hasNameOf(fields)) {
                    int length = fields.end() - fields.start();
                    System.arraycopy(all, fields.start(), some, size, length);
                    size += length;
                    kept++;
                }
            }
            return kept == fields.count() ? this : new Item(counted(kept, some, size));
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw damaged(e);
        }
    }

    private static byte[] counted(int count, byte[] fields, int size) {
        try {
            DataOutputSerializer out = new DataOutputSerializer(size + 3);
            Wire.writeInt(count, out);
            out.write(fields, 0, size);
            return out.getCopyOfBuffer();
        } catch (IOException e) {
            throw new IllegalStateException("cannot write an image into memory", e);
        }
    }

    /** Bytes that it takes in state. */
    public int size() {
        return bytes().length;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Item && Arrays.equals(((Item) o).bytes(), bytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes());
    }

    /** Names only: values must not reach logs. */
    @Override
    public String toString() {
        List<String> names = new ArrayList<>();
        Fields fields = new Fields(bytes());
        while (fields.next()) {
            names.add(fields.name());
        }
        return "item with " + names;
    }
}
