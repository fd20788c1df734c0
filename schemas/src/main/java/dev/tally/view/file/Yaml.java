package dev.tally.view.file;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A part of a YAML file that knows where it stands. */
final class Yaml {

    /** What it is, after YAML 1.2's core schema. */
    enum Kind {
        MAP("a map"),
        LIST("a list"),
        TEXT("text"),
        NUMBER("a number"),
        BOOL("true or false"),
        NULL("nothing");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private final Kind kind;
    private final int line;
    private final int column;
    private final String text;
    private final Map<String, Yaml> fields = new LinkedHashMap<>();
    private final Map<String, Yaml> keys = new LinkedHashMap<>();
    private final List<Yaml> elements = new ArrayList<>();

    /**
     * @param line from 1
     * @param column from 1
     * @param text of a scalar, else null
     */
    Yaml(Kind kind, int line, int column, String text) {
        this.kind = kind;
        this.line = line;
        this.column = column;
        this.text = text;
    }

    /** While it is read: false if the map has the key already. */
    boolean put(Yaml key, Yaml value) {
        keys.putIfAbsent(key.text, key);
        return fields.putIfAbsent(key.text, value) == null;
    }

    /** While it is read. */
    void add(Yaml element) {
        elements.add(element);
    }

    boolean is(Kind other) {
        return kind == other;
    }

    Kind kind() {
        return kind;
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }

    /** Of a scalar, as it is written there without its quotes. */
    String text() {
        return text;
    }

    /** Of a map, in the order of the file. */
    Map<String, Yaml> fields() {
        return fields;
    }

    /** The key itself, for its place; this if there is no such key. */
    Yaml key(String name) {
        return keys.getOrDefault(name, this);
    }

    List<Yaml> elements() {
        return elements;
    }

    BigDecimal number() {
        if (text.startsWith("0x")) {
            return new BigDecimal(new BigInteger(text.substring(2), 16));
        }
        return text.startsWith("0o")
                ? new BigDecimal(new BigInteger(text.substring(2), 8))
                : new BigDecimal(text);
    }

    /** Maps, lists, strings, numbers, booleans and nulls, without places. */
    Object tree() {
        switch (kind) {
            case MAP:
                Map<String, Object> map = new LinkedHashMap<>();
                fields.forEach((name, value) -> map.put(name, value.tree()));
                return map;
            case LIST:
                List<Object> list = new ArrayList<>();
                elements.forEach(element -> list.add(element.tree()));
                return list;
            case NUMBER:
                return number();
            case BOOL:
                return Boolean.valueOf(text.toLowerCase(Locale.ROOT));
            case NULL:
                return null;
            default:
                return text;
        }
    }

    /** What is there by a way of names and indexes, as far as it leads. */
    Yaml at(List<Object> way) {
        Yaml here = this;
        Yaml place = this;
        for (Object step : way) {
            if (step instanceof Integer && (Integer) step < here.elements.size()) {
                here = here.elements.get((Integer) step);
                place = here;
            } else if (here.fields.containsKey(step)) {
                place = here.keys.get(step);
                here = here.fields.get(step);
            }
        }
        return place;
    }
}
