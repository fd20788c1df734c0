package dev.tally.view.filter;

import dev.tally.item.Value;
import java.util.function.Function;

/** A part of a compiled pattern. Immutable and safe for all threads. Per item: no streams here. */
public abstract class Pattern {

    Pattern() {}

    /**
     * @param value what the item has at this pattern's place; null if it has nothing there
     * @param item the attributes of the item by name, null for one that it has not
     */
    abstract boolean matches(Value value, Function<String, Value> item);

    /** Whether an item matches the pattern as a whole. */
    public final boolean matches(Function<String, Value> item) {
        return matchesFields(item, item);
    }

    /** As {@link #matches(Value, Function)}, with the fields of the map at this pattern's place. */
    boolean matchesFields(Function<String, Value> fields, Function<String, Value> item) {
        return false;
    }
}
