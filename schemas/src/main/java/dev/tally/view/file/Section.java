package dev.tally.view.file;

import dev.tally.view.file.Yaml.Kind;
import dev.tally.view.filter.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A map of a views.yaml with known keys; what is wrong with it goes to the mistakes. */
final class Section {

    private final Yaml map;
    private final String name;
    private final Mistakes mistakes;

    /**
     * @param name how messages call it: {@code view 'task-count'}
     * @param keys all that it may have
     */
    Section(Yaml map, String name, List<String> keys, Mistakes mistakes) {
        this.map = map;
        this.name = name;
        this.mistakes = mistakes;
        if (!map.is(Kind.MAP)) {
            mistakes.add(
                    map,
                    name
                            + " is a map with the keys "
                            + String.join(", ", keys)
                            + ", not "
                            + map.kind());
        }
        for (String key : map.fields().keySet()) {
            if (!keys.contains(key)) {
                mistakes.add(map.key(key), unknown(key, keys));
            }
        }
    }

    private String unknown(String key, List<String> keys) {
        String suggestion = Suggestion.of(key, keys);
        if (suggestion.isEmpty()) {
            suggestion = " It has " + String.join(", ", keys);
        }
        return "unknown key '" + key + "' in " + name + "." + suggestion;
    }

    String name() {
        return name;
    }

    boolean has(String key) {
        return map.fields().containsKey(key);
    }

    /** Null if it is not there. */
    Yaml get(String key) {
        return map.fields().get(key);
    }

    /** Where messages on a key point to: the key, or the section if it is missing. */
    Yaml place(String key) {
        return map.key(key);
    }

    void mistake(String key, String message) {
        mistakes.add(place(key), name + ": " + message);
    }

    /** Where messages on the value of a key point to. */
    void mistakeInValue(String key, String message) {
        Yaml value = get(key);
        mistakes.add(value == null ? map : value, name + ": " + message);
    }

    /** False, and a mistake, if the key is missing. */
    boolean requires(String key, String example) {
        if (map.is(Kind.MAP) && !has(key)) {
            mistakes.add(map, name + " needs " + key + ", like " + key + ": " + example);
        }
        return has(key);
    }

    /** Null if the key is missing or its value is no text. */
    String text(String key) {
        Yaml value = get(key);
        if (value == null || !isText(value, name + ": " + key)) {
            return null;
        }
        return value.text();
    }

    /** False, and a mistake, if a value that should be text is something else, or empty. */
    boolean isText(Yaml value, String what) {
        if (value.is(Kind.NUMBER) || value.is(Kind.BOOL)) {
            mistakes.add(
                    value,
                    what
                            + " is text, not "
                            + value.kind()
                            + ". Write '"
                            + value.text()
                            + "' with quotes");
            return false;
        }
        if (!value.is(Kind.TEXT) || value.text().isEmpty()) {
            mistakes.add(
                    value,
                    what + " is text, not " + (value.is(Kind.TEXT) ? "empty" : value.kind()));
            return false;
        }
        return true;
    }

    /** As {@link #text}; null too if it does not match. */
    String text(String key, Pattern pattern, String like) {
        String text = text(key);
        if (text != null && !pattern.matcher(text).matches()) {
            mistakeInValue(key, key + " '" + text + "' is not " + like);
            return null;
        }
        return text;
    }

    /** One of an enum's words, as {@code trim-horizon} for TRIM_HORIZON. */
    <E extends Enum<E>> E choice(String key, E[] choices, E otherwise) {
        String text = text(key);
        if (text == null) {
            return otherwise;
        }
        List<String> words = new ArrayList<>();
        for (E choice : choices) {
            String word = choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (word.equals(text)) {
                return choice;
            }
            words.add(word);
        }
        mistakeInValue(
                key,
                key
                        + " is "
                        + String.join(" or ", words)
                        + ", not '"
                        + text
                        + "'."
                        + Suggestion.of(text, words));
        return otherwise;
    }

    /** A positive number, or 0 if the key is missing. */
    double capacity(String key) {
        Yaml value = get(key);
        if (value == null) {
            return 0;
        }
        /* Quoted too: a variable within { } has to be. */
        boolean isNumber = value.text() != null && YamlReader.isNumber(value.text());
        if (!isNumber || value.number().signum() <= 0) {
            mistakeInValue(key, key + " is a number above 0, like 100; leave it out for no limit");
            return 0;
        }
        return value.number().doubleValue();
    }

    boolean flag(String key, boolean otherwise) {
        Yaml value = get(key);
        if (value == null) {
            return otherwise;
        }
        String word = value.text() == null ? "" : value.text().toLowerCase(Locale.ROOT);
        if (!word.equals("true") && !word.equals("false")) {
            mistakeInValue(key, key + " is true or false");
            return otherwise;
        }
        return word.equals("true");
    }
}
