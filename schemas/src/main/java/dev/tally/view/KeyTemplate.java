package dev.tally.view;

import dev.tally.item.AttributePath;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How one key attribute of a row is written from the values of its group: {@code LIST#{ListId}}.
 *
 * <p>A template that is one place and nothing else, {@code {ListId}}, takes the value as it is,
 * with its type. Any other template makes text. There, S and N are written as text, so the number 7
 * and the text 7 are one group; B cannot be written. Two different groups never get the same text:
 * in a value, {@code %} and the characters that stand beside a place in the template, unless they
 * are letters or digits, are percent-escaped ({@code #} becomes {@code %23}), and the text between
 * two places must begin with such a character.
 */
public final class KeyTemplate implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String text;

    /** Places, as AttributePath, and the text between them, as String; no two texts in a row. */
    private final ArrayList<Serializable> parts;

    /** Code points that are escaped in values. */
    private final TreeSet<Integer> escaped = new TreeSet<>(Set.of((int) '%'));

    private KeyTemplate(String text, ArrayList<Serializable> parts) {
        this.text = text;
        this.parts = parts;
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof String) {
                String literal = (String) parts.get(i);
                escape(i > 0, literal.codePointAt(0));
                escape(i + 1 < parts.size(), literal.codePointBefore(literal.length()));
            }
        }
    }

    private void escape(boolean besidePlace, int character) {
        if (besidePlace && !Character.isLetterOrDigit(character)) {
            escaped.add(character);
        }
    }

    /**
     * @throws IllegalArgumentException with what is wrong and what would be right, as a sentence
     */
    public static KeyTemplate parse(String text) {
        ArrayList<Serializable> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            int literalEnd = open < 0 ? text.length() : open;
            if (literalEnd > at) {
                parts.add(text.substring(at, literalEnd));
            }
            at = literalEnd;
            if (open >= 0) {
                int close = text.indexOf('}', open);
                if (close < 0) {
                    throw wrong(text, "the { is not closed by a }");
                }
                parts.add(AttributePath.parse(text.substring(open + 1, close)));
                at = close + 1;
            }
        }
        if (parts.isEmpty()) {
            throw wrong(text, "a key cannot be empty text");
        }
        checkBetweenPlaces(text, parts);
        return new KeyTemplate(text, parts);
    }

    private static void checkBetweenPlaces(String text, List<Serializable> parts) {
        for (int i = 1; i < parts.size(); i++) {
            boolean previousIsPlace = parts.get(i - 1) instanceof AttributePath;
            if (previousIsPlace && parts.get(i) instanceof AttributePath) {
                throw wrong(
                        text,
                        "nothing separates two places, so that different groups could get one"
                                + " key. Put a separator such as # between them");
            }
            boolean between = previousIsPlace && i + 1 < parts.size();
            if (between) {
                int first = ((String) parts.get(i)).codePointAt(0);
                if (first == '%' || Character.isLetterOrDigit(first)) {
                    throw wrong(
                            text,
                            "the text between two places begins with '"
                                    + Character.toString(first)
                                    + "'. Begin it with a separator such as #, no letter,"
                                    + " digit or %");
                }
            }
        }
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("cannot read the key template '" + text + "': " + why);
    }

    /** The group attributes that it writes, in order. */
    public List<AttributePath> places() {
        List<AttributePath> places = new ArrayList<>();
        for (Serializable part : parts) {
            if (part instanceof AttributePath) {
                places.add((AttributePath) part);
            }
        }
        return places;
    }

    /** Whether it is one place and nothing else, so that the value stays as it is. */
    public boolean isPlain() {
        return parts.size() == 1 && parts.get(0) instanceof AttributePath;
    }

    /**
     * The key value of a group.
     *
     * @param paths the group attributes of the view
     * @param values one for each of them
     * @return null if a value of type B would have to be text
     */
    Value fill(List<AttributePath> paths, List<Value> values) {
        if (isPlain()) {
            return values.get(paths.indexOf(parts.get(0)));
        }
        StringBuilder filled = new StringBuilder();
        for (Serializable part : parts) {
            if (part instanceof String) {
                filled.append((String) part);
                continue;
            }
            Value value = values.get(paths.indexOf(part));
            if (value.is(Type.B)) {
                return null;
            }
            escape(value.is(Type.N) ? value.asDigits() : value.asText(), filled);
        }
        return Value.text(filled.toString());
    }

    private void escape(String value, StringBuilder filled) {
        for (int at = 0; at < value.length(); ) {
            int character = value.codePointAt(at);
            if (escaped.contains(character)) {
                byte[] bytes = Character.toString(character).getBytes(StandardCharsets.UTF_8);
                for (byte b : bytes) {
                    filled.append(String.format("%%%02X", b));
                }
            } else {
                filled.appendCodePoint(character);
            }
            at += Character.charCount(character);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
