package dev.tally.item;

import dev.tally.item.Value.Type;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Names and types of a table's key attributes: the partition key and, for some, a sort key. */
public final class KeySchema implements Serializable {

    private static final long serialVersionUID = 1L;

    /** One key attribute; its type is S, N or B. */
    public static final class Attribute implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String name;
        private final Type type;

        /** Of the name; made twice if two threads are the first to ask. */
        private transient byte[] utf8;

        public Attribute(String name, Type type) {
            this.name = Objects.requireNonNull(name);
            this.type = Objects.requireNonNull(type);
        }

        public String name() {
            return name;
        }

        public Type type() {
            return type;
        }

        /** The name as images have it; must not be changed. */
        byte[] utf8() {
            byte[] known = utf8;
            if (known == null) {
                known = name.getBytes(StandardCharsets.UTF_8);
                utf8 = known;
            }
            return known;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Attribute
                    && ((Attribute) o).name.equals(name)
                    && ((Attribute) o).type == type;
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, type.ordinal());
        }

        @Override
        public String toString() {
            return name + " (" + type + ")";
        }
    }

    private final List<Attribute> attributes;

    private KeySchema(List<Attribute> attributes) {
        this.attributes = attributes;
    }

    public static KeySchema of(Attribute partition) {
        return new KeySchema(List.of(partition));
    }

    public static KeySchema of(Attribute partition, Attribute sort) {
        return new KeySchema(List.of(partition, sort));
    }

    public static KeySchema of(List<Attribute> attributes) {
        if (attributes.isEmpty() || attributes.size() > 2) {
            throw new IllegalArgumentException("a key has one or two attributes");
        }
        return new KeySchema(List.copyOf(attributes));
    }

    /** One or two, the partition key first. */
    public List<Attribute> attributes() {
        return attributes;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof KeySchema && ((KeySchema) o).attributes.equals(attributes);
    }

    @Override
    public int hashCode() {
        return attributes.hashCode();
    }

    @Override
    public String toString() {
        return attributes.toString();
    }
}
