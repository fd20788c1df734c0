package dev.tally.item;

import dev.tally.codec.Codec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** An image: an item's attributes at one moment, by name; immutable. Equality is DynamoDB's. */
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
                    values.writeFields(item.attributes, out);
                }

                @Override
                public Item read(int version, DataInputView in) throws IOException {
                    return new Item(values.readFields(in, 0));
                }
            };

    private final SortedMap<String, Value> attributes;

    private Item(TreeMap<String, Value> attributes) {
        this.attributes = Collections.unmodifiableSortedMap(attributes);
    }

    public static Item of(Map<String, Value> attributes) {
        return new Item(new TreeMap<>(attributes));
    }

    /** Null if the item has no such attribute. */
    public Value get(String name) {
        return attributes.get(name);
    }

    /** By name, sorted, unmodifiable. */
    public SortedMap<String, Value> attributes() {
        return attributes;
    }

    public Item with(String name, Value value) {
        TreeMap<String, Value> more = new TreeMap<>(attributes);
        more.put(name, value);
        return new Item(more);
    }

    public Item without(String name) {
        TreeMap<String, Value> less = new TreeMap<>(attributes);
        less.remove(name);
        return new Item(less);
    }

    /** The item with only the named attributes, as far as it has them. */
    public Item only(Collection<String> names) {
        TreeMap<String, Value> some = new TreeMap<>();
        for (String name : names) {
            Value value = attributes.get(name);
            if (value != null) {
                some.put(name, value);
            }
        }
        return new Item(some);
    }

    /** As DynamoDB counts it, in bytes; numbers are estimated. */
    public int size() {
        int size = 0;
        for (Map.Entry<String, Value> attribute : attributes.entrySet()) {
            size += attribute.getKey().getBytes(StandardCharsets.UTF_8).length;
            size += attribute.getValue().size();
        }
        return size;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Item && ((Item) o).attributes.equals(attributes);
    }

    @Override
    public int hashCode() {
        return attributes.hashCode();
    }

    /** Names only: values must not reach logs. */
    @Override
    public String toString() {
        return "item with " + attributes.keySet();
    }
}
