package dev.tally.view.filter;

import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A list of a pattern: one of its alternatives must match the value, or one element of the value if
 * it is a list or set.
 */
final class LeafPattern extends Pattern {

    /** One alternative, put to a value that is no list, set or map. */
    interface Scalar {
        boolean matches(Value value);
    }

    /** The way to here from the item's top. */
    private final List<Place> places;

    private final List<Scalar> scalars = new ArrayList<>();
    private boolean present;
    private boolean absent;

    LeafPattern(List<Place> places) {
        this.places = List.copyOf(places);
    }

    /** While it is built. */
    void add(Scalar scalar) {
        scalars.add(scalar);
    }

    /** {@code exists}, while it is built. */
    void addExists(boolean exists) {
        present |= exists;
        absent |= !exists;
    }

    @Override
    boolean matches(Value value, Function<String, Value> item) {
        /* As in AWS's ruler: absent means at no element of any list on the way. */
        if (absent && !Place.leadAnywhere(places, 0, item)) {
            return true;
        }
        return value != null && (present || matchesAnElement(value));
    }

    private boolean matchesAnElement(Value value) {
        if (value.is(Type.M)) {
            return false;
        }
        if (!value.is(Type.L) && !value.isSet()) {
            for (Scalar scalar : scalars) {
                if (scalar.matches(value)) {
                    return true;
                }
            }
            return false;
        }
        for (Value element : value.elements()) {
            if (matchesAnElement(element)) {
                return true;
            }
        }
        return false;
    }
}
