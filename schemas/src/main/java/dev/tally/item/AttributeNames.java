package dev.tally.item;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** Names of top-level attributes, ready to be found in encoded images; immutable. */
public final class AttributeNames implements Serializable {

    private static final long serialVersionUID = 1L;

    private final SortedSet<String> names;
    private final byte[][] utf8;

    public AttributeNames(Collection<String> names) {
        this.names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
        this.utf8 = new byte[this.names.size()][];
        int at = 0;
        for (String name : this.names) {
            utf8[at++] = name.getBytes(StandardCharsets.UTF_8);
        }
    }

    public SortedSet<String> all() {
        return names;
    }

    /** Names and attributes are few: looked through faster than hashed. */
    boolean hasNameOf(Fields field) {
        for (byte[] name : utf8) {
            if (field.isNamed(name)) {
                return true;
            }
        }
        return false;
    }
}
