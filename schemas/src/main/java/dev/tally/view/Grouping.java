package dev.tally.view;

import dev.tally.item.AttributePath;
import java.io.Serializable;

/** One part of a view's {@code group-by}. */
public final class Grouping implements Serializable {

    private static final long serialVersionUID = 1L;

    private final AttributePath path;
    private final boolean each;
    private final String missing;

    public Grouping(AttributePath path, boolean each, String missing) {
        this.path = path;
        this.each = each;
        this.missing = missing;
    }

    public AttributePath path() {
        return path;
    }

    /** Whether each element of the list or set there is a group. */
    public boolean each() {
        return each;
    }

    /** Group of the images without the attribute; null: they are in no group. */
    public String missing() {
        return missing;
    }
}
