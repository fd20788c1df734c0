package dev.tally.view;

import dev.tally.item.AttributePath;
import dev.tally.item.Value.Type;
import java.io.Serializable;
import java.util.Objects;

/** One measure of a view: an attribute of its rows. */
public final class MeasureSpec implements Serializable {

    private static final long serialVersionUID = 1L;

    /** The six measures; codes in state are the ordinals. */
    public enum Kind {
        COUNT,
        SUM,
        AVG,
        MIN,
        MAX,
        COUNT_DISTINCT
    }

    private final String name;
    private final Kind kind;
    private final AttributePath path;
    private final Filter where;
    private final Type type;

    /** A measure over numbers, as far as its kind asks for one type. */
    public MeasureSpec(String name, Kind kind, AttributePath path, Filter where) {
        this(name, kind, path, where, Type.N);
    }

    /**
     * @param type of the values that min and max compare: N, S or B. Declared, not found out: what
     *     a group's extreme is must not depend on which value came first
     */
    public MeasureSpec(String name, Kind kind, AttributePath path, Filter where, Type type) {
        this.name = name;
        this.kind = kind;
        this.path = path;
        this.where = where;
        this.type = type;
    }

    /** Name of the attribute in the row. */
    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    /** What is measured; null for {@code count}, which counts items. */
    public AttributePath path() {
        return path;
    }

    /** Null: all images of the group. */
    public Filter where() {
        return where;
    }

    /** Whether an image gives both the same input, or none to both. */
    public boolean hasInputsOf(MeasureSpec other) {
        return Objects.equals(path, other.path)
                && Objects.equals(where, other.where)
                && type == other.type;
    }

    /** The one type that sum, avg, min and max take; values of other types count as missing. */
    public Type type() {
        return type;
    }
}
