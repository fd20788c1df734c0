package dev.tally.view.filter;

import dev.tally.item.Value;
import java.util.Map;

/** A part of a compiled pattern. Immutable and safe for all threads. Per item: no streams here. */
public abstract class Pattern {

    Pattern() {}

    /**
     * @param value what the item has at this pattern's place; null if it has nothing there
     * @param item all attributes of the item, by name
     */
    abstract boolean matches(Value value, Map<String, Value> item);

    /** Whether an item matches the pattern as a whole. */
    public final boolean matches(Map<String, Value> item) {
        return matchesFields(item, item);
    }

    /** As {@link #matches(Value, Map)}, with what is in the map at this pattern's place. */
    boolean matchesFields(Map<String, Value> fields, Map<String, Value> item) {
        return false;
    }
}
