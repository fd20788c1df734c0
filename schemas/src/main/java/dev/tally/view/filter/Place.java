package dev.tally.view.filter;

import dev.tally.item.AttributePath;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a name in a pattern stands for: the attribute or field of exactly that name, and also, as in
 * AWS's ruler, what is there by the name read as a path ({@code Address.City}, {@code Lines[0]}).
 */
final class Place {

    private final String name;

    /** Parts of the path; empty if the name is no path, or the same as the name. */
    private final List<Serializable> path;

    Place(String name) {
        this.name = name;
        this.path = path(name);
    }

    private static List<Serializable> path(String name) {
        if (name.indexOf('.') < 0 && name.indexOf('[') < 0) {
            return List.of();
        }
        try {
            return AttributePath.parse(name).parts();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    /** Adds the names of the top-level attributes that it may stand for. */
    void addAttributes(Set<String> names) {
        names.add(name);
        if (!path.isEmpty()) {
            names.add((String) path.get(0));
        }
    }

    /** What is there; a list through which the path goes may make it several values. */
    List<Value> in(Function<String, Value> fields) {
        Value named = fields.apply(name);
        if (path.isEmpty()) {
            return named == null ? List.of() : List.of(named);
        }
        List<Value> found = new ArrayList<>(2);
        if (named != null) {
            found.add(named);
        }
        Value first = fields.apply((String) path.get(0));
        if (first != null) {
            follow(first, 1, found);
        }
        return found;
    }

    private void follow(Value value, int at, List<Value> found) {
        if (at == path.size()) {
            found.add(value);
            return;
        }
        Serializable part = path.get(at);
        if (part instanceof Integer) {
            int index = (Integer) part;
            if (value.is(Type.L) && index < value.elements().size()) {
                follow(value.elements().get(index), at + 1, found);
            }
        } else if (value.is(Type.M)) {
            Value field = value.fields().get(part);
            if (field != null) {
                follow(field, at + 1, found);
            }
        } else if (value.is(Type.L)) {
            for (Value element : value.elements()) {
                follow(element, at, found);
            }
        }
    }

    /** Whether the places, one below the other, lead to anything, through lists too. */
    static boolean leadAnywhere(List<Place> places, int at, Function<String, Value> fields) {
        for (Value value : places.get(at).in(fields)) {
            if (at + 1 == places.size() || leadsOn(places, at + 1, value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean leadsOn(List<Place> places, int at, Value value) {
        if (value.is(Type.M)) {
            return leadAnywhere(places, at, value.fields()::get);
        }
        if (value.is(Type.L)) {
            for (Value element : value.elements()) {
                if (leadsOn(places, at, element)) {
                    return true;
                }
            }
        }
        return false;
    }
}
