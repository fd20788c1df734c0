package dev.tally.item;

import dev.tally.item.Value.Type;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A place inside an item, written the same everywhere: {@code Address.City}, {@code Lines[0]},
 * {@code ["name.with.dots"].City}. The first part is always an attribute's name.
 */
public final class AttributePath implements Serializable {

    private static final long serialVersionUID = 1L;

    /** DynamoDB's limit of nesting. */
    private static final int PARTS_MAX = 32;

    /** Parts are names, as String, or list indexes, as Integer. */
    private final ArrayList<Serializable> parts;

    /** The attribute's name in UTF-8, as encoded images have it. */
    private final byte[] name;

    private AttributePath(ArrayList<Serializable> parts) {
        this.parts = parts;
        this.name = attribute().getBytes(StandardCharsets.UTF_8);
    }

    /** The path of a top-level attribute, whatever characters its name has. */
    public static AttributePath ofName(String name) {
        ArrayList<Serializable> parts = new ArrayList<>();
        parts.add(name);
        return new AttributePath(parts);
    }

    /**
     * @throws IllegalArgumentException with what is wrong and where, as a sentence
     */
    public static AttributePath parse(String text) {
        ArrayList<Serializable> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith("[\"", at)) {
                int end = text.indexOf("\"]", at + 2);
                if (end < 0) {
                    throw wrong(text, at, "[\" is not closed by \"]");
                }
                parts.add(text.substring(at + 2, end));
                at = end + 2;
            } else if (text.charAt(at) == '[') {
                int end = text.indexOf(']', at);
                parts.add(index(text, at, end));
                at = end + 1;
            } else {
                int end = at;
                while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
                    end++;
                }
                parts.add(text.substring(at, end));
                at = end;
            }
            if (at < text.length() && text.charAt(at) == '.') {
                at++;
                if (at == text.length()) {
                    throw wrong(text, at, "it ends with a dot");
                }
            }
        }
        if (parts.isEmpty() || parts.contains("")) {
            throw wrong(text, 0, "a name in it is empty");
        }
        if (!(parts.get(0) instanceof String)) {
            throw wrong(text, 0, "it must start with an attribute's name");
        }
        if (parts.size() > PARTS_MAX) {
            throw wrong(text, 0, "DynamoDB nests at most " + PARTS_MAX + " deep");
        }
        return new AttributePath(parts);
    }

    private static Integer index(String text, int at, int end) {
        String digits = end < 0 ? "" : text.substring(at + 1, end);
        if (digits.isEmpty()
                || digits.length() > 6
                || !digits.chars().allMatch(Character::isDigit)) {
            throw wrong(text, at, "[ needs a list index and ], or [\"name\"]");
        }
        return Integer.valueOf(digits);
    }

    private static IllegalArgumentException wrong(String text, int at, String why) {
        return new IllegalArgumentException(
                "cannot read the attribute path '"
                        + text
                        + "' at character "
                        + (at + 1)
                        + ": "
                        + why);
    }

    /** Name of the top-level attribute that the path begins with. */
    public String attribute() {
        return (String) parts.get(0);
    }

    /** Null if the item has nothing there. */
    public Value in(Item item) {
        Value value = item.get(name);
        for (int i = 1; i < parts.size() && value != null; i++) {
            value = step(value, parts.get(i));
        }
        return value;
    }

    private static Value step(Value value, Object part) {
        if (part instanceof String) {
            return value.is(Type.M) ? value.fields().get(part) : null;
        }
        int index = (Integer) part;
        boolean inside = value.is(Type.L) && index < value.elements().size();
        return inside ? value.elements().get(index) : null;
    }

    /** Names and indexes, in order; unmodifiable. */
    public List<Serializable> parts() {
        return List.copyOf(parts);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof AttributePath && ((AttributePath) o).parts.equals(parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /** As it is written; {@link #parse} reads it back. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            if (part instanceof Integer) {
                text.append('[').append(part).append(']');
            } else if (needsQuotes((String) part)) {
                text.append("[\"").append(part).append("\"]");
            } else {
                text.append(text.length() == 0 ? "" : ".").append(part);
            }
        }
        return text.toString();
    }

    private static boolean needsQuotes(String name) {
        return name.indexOf('.') >= 0 || name.indexOf('[') >= 0;
    }
}
