package dev.tally.view.file;

import dev.tally.item.AttributePath;
import dev.tally.item.Value.Type;
import dev.tally.view.MeasureSpec;
import dev.tally.view.MeasureSpec.Kind;
import dev.tally.view.filter.Suggestion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads one of a view's {@code measures}. */
final class MeasureParser {

    static final Map<String, Kind> KINDS = kinds();
    static final List<String> KEYS = keys();

    /** What other languages call them. */
    private static final Map<String, String> ALIASES =
            Map.of(
                    "average", "avg",
                    "mean", "avg",
                    "total", "sum",
                    "minimum", "min",
                    "maximum", "max",
                    "distinct", "count-distinct",
                    "uniq", "count-distinct",
                    "unique", "count-distinct");

    private static final int NAME_BYTES_MAX = 255;
    private static final String ITEMS = "items";

    private final Mistakes mistakes;

    MeasureParser(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            kinds.put(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), kind);
        }
        return kinds;
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>(kinds().keySet());
        keys.add("where");
        keys.add("type");
        return keys;
    }

    /** Null if it is not right. */
    MeasureSpec parse(String view, Yaml key, Yaml yaml) {
        String name = key.text();
        String what = "measure '" + name + "' of view '" + view + "'";
        checkName(what, key);
        if (yaml.is(Yaml.Kind.TEXT)) {
            return shortForm(what, name, yaml);
        }
        if (!yaml.is(Yaml.Kind.MAP)) {
            mistakes.add(yaml, what + " is count, or a map like { sum: Effort }");
            return null;
        }
        Yaml known = withoutUnknownKinds(what, yaml);
        Section measure = new Section(known, what, KEYS, mistakes);
        List<String> found = new ArrayList<>(known.fields().keySet());
        found.retainAll(KINDS.keySet());
        if (found.size() != 1) {
            if (found.size() > 1) {
                mistakes.add(
                        yaml, what + " is one of " + String.join(" and ", found) + ". Make it two");
            } else if (known == yaml) {
                mistakes.add(yaml, what + " says not what it is: one of " + kindWords());
            }
            return null;
        }
        String word = found.get(0);
        AttributePath path = path(measure, word);
        if (path == null && !word.equals("count")) {
            return null;
        }
        return new MeasureSpec(
                name,
                KINDS.get(word),
                path,
                new WhereParser(mistakes).parse(measure),
                type(measure, word));
    }

    private void checkName(String what, Yaml key) {
        if (key.text().startsWith("_tally")) {
            mistakes.add(key, what + ": names that begin with _tally are Tally's own");
        }
        int bytes = key.text().getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > NAME_BYTES_MAX) {
            mistakes.add(key, what + ": an attribute's name has 1 to " + NAME_BYTES_MAX + " bytes");
        }
    }

    private MeasureSpec shortForm(String what, String name, Yaml yaml) {
        String word = yaml.text();
        if (word.equals("count")) {
            return new MeasureSpec(name, Kind.COUNT, null, null);
        }
        mistakes.add(
                yaml,
                KINDS.containsKey(word)
                        ? what + " needs an attribute: { " + word + ": Effort }"
                        : what + ": '" + word + "' is no measure." + kindSuggestion(word));
        return null;
    }

    /** The map itself, or a copy without keys that were meant as kinds; those are told here. */
    private Yaml withoutUnknownKinds(String what, Yaml yaml) {
        Yaml known = new Yaml(Yaml.Kind.MAP, yaml.line(), yaml.column(), null);
        yaml.fields()
                .forEach(
                        (key, value) -> {
                            if (KEYS.contains(key)) {
                                known.put(yaml.key(key), value);
                            } else {
                                mistakes.add(
                                        yaml.key(key),
                                        what
                                                + ": '"
                                                + key
                                                + "' is no measure."
                                                + kindSuggestion(key));
                            }
                        });
        return known.fields().size() == yaml.fields().size() ? yaml : known;
    }

    private static String kindSuggestion(String word) {
        String alias = ALIASES.get(word.toLowerCase(Locale.ROOT));
        String suggestion =
                alias == null ? Suggestion.of(word, KEYS) : " Did you mean '" + alias + "'?";
        return suggestion.isEmpty() ? " These are: " + kindWords() : suggestion;
    }

    private static String kindWords() {
        return String.join(", ", KINDS.keySet());
    }

    private AttributePath path(Section measure, String kind) {
        String text = measure.text(kind);
        if (kind.equals("count")) {
            if (text != null && !text.equals(ITEMS)) {
                measure.mistakeInValue(
                        kind,
                        "count counts items. Write { count: items, where: "
                                + Flow.of(Map.of(text, List.of(Map.of("exists", true))))
                                + " } to count those that have "
                                + text);
            }
            return null;
        }
        return text == null ? null : Paths.parse(measure, measure.get(kind), text, mistakes);
    }

    private static Type type(Section measure, String kind) {
        if (!measure.has("type")) {
            return Type.N;
        }
        if (!kind.equals("min") && !kind.equals("max")) {
            measure.mistake("type", "only min and max have a type. Remove it");
            return Type.N;
        }
        String text = measure.text("type");
        if (text == null || text.equals("N")) {
            return Type.N;
        }
        if (!text.equals("S") && !text.equals("B")) {
            measure.mistakeInValue("type", "type is N, S or B, as in DynamoDB, not '" + text + "'");
            return Type.N;
        }
        return Type.valueOf(text);
    }
}
