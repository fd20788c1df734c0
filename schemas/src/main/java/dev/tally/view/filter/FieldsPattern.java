package dev.tally.view.filter;

import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A map of a pattern: every field must match, and of each {@code $or} one alternative. A list
 * matches if one element does, by itself: fields of two elements do not add up.
 */
final class FieldsPattern extends Pattern {

    private final List<Place> places = new ArrayList<>();

    /** What must match at the place of the same index. */
    private final List<Pattern> patterns = new ArrayList<>();

    private final List<List<FieldsPattern>> alternatives = new ArrayList<>();

    /** While it is built. */
    void add(Place place, Pattern pattern) {
        places.add(place);
        patterns.add(pattern);
    }

    /** While it is built. */
    void addAlternatives(List<FieldsPattern> anyOf) {
        alternatives.add(anyOf);
    }

    @Override
    boolean matches(Value value, Function<String, Value> item) {
        if (value != null && value.is(Type.M)) {
            return matchesFields(value.fields()::get, item);
        }
        if (value == null || !value.is(Type.L) || value.elements().isEmpty()) {
            return matchesFields(name -> null, item);
        }
        for (Value element : value.elements()) {
            if (matches(element, item)) {
                return true;
            }
        }
        return false;
    }

    @Override
    boolean matchesFields(Function<String, Value> fields, Function<String, Value> item) {
        for (int i = 0; i < places.size(); i++) {
            if (!matchesAny(patterns.get(i), places.get(i).in(fields), item)) {
                return false;
            }
        }
        for (List<FieldsPattern> anyOf : alternatives) {
            if (!matchesAny(anyOf, fields, item)) {
                return false;
            }
        }
        return true;
    }

    private static boolean matchesAny(
            Pattern pattern, List<Value> values, Function<String, Value> item) {
        for (Value value : values) {
            if (pattern.matches(value, item)) {
                return true;
            }
        }
        return values.isEmpty() && pattern.matches(null, item);
    }

    private static boolean matchesAny(
            List<FieldsPattern> anyOf,
            Function<String, Value> fields,
            Function<String, Value> item) {
        for (FieldsPattern pattern : anyOf) {
            if (pattern.matchesFields(fields, item)) {
                return true;
            }
        }
        return false;
    }
}
