package dev.tally.view.file;

import dev.tally.item.AttributePath;
import dev.tally.view.Grouping;
import dev.tally.view.KeyTemplate;
import dev.tally.view.file.Yaml.Kind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the {@code key} of a target, or finds that the groups need none. */
final class RowKeyParser {

    private static final int ATTRIBUTES_MAX = 2;

    private final List<AttributePath> paths = new ArrayList<>();
    private final boolean groupsKnown;
    private final Mistakes mistakes;

    /**
     * @param groupBy null if it was not right: then the key is not held against it
     */
    RowKeyParser(List<Grouping> groupBy, Mistakes mistakes) {
        this.groupsKnown = groupBy != null;
        this.mistakes = mistakes;
        if (groupBy != null) {
            groupBy.forEach(grouping -> paths.add(grouping.path()));
        }
    }

    /** Attribute to template in the order of the file; null if the groups are the key. */
    Map<String, String> parse(Section to) {
        if (!to.has("key")) {
            if (groupsKnown) {
                checkDirect(to);
            }
            return null;
        }
        Yaml key = to.get("key");
        boolean fits = !key.fields().isEmpty() && key.fields().size() <= ATTRIBUTES_MAX;
        if (!key.is(Kind.MAP) || !fits) {
            to.mistakeInValue(
                    "key", "key maps the table's one or two key attributes, like " + example());
            return null;
        }
        Map<String, String> templates = new LinkedHashMap<>();
        Set<AttributePath> unwritten = new LinkedHashSet<>(paths);
        boolean readable = groupsKnown;
        for (Map.Entry<String, Yaml> field : key.fields().entrySet()) {
            Yaml text = field.getValue();
            boolean isText = to.isText(text, to.name() + ": key " + field.getKey());
            readable = isText && isTemplate(to, text, unwritten) && readable;
            templates.put(field.getKey(), text.text());
        }
        if (readable && !unwritten.isEmpty()) {
            to.mistakeInValue(
                    "key", "key leaves out " + unwritten + ", so that groups would share rows");
        }
        return Collections.unmodifiableMap(templates);
    }

    private boolean isTemplate(Section to, Yaml text, Set<AttributePath> unwritten) {
        try {
            for (AttributePath place : KeyTemplate.parse(text.text()).places()) {
                unwritten.remove(place);
                if (groupsKnown && !paths.contains(place)) {
                    mistakes.add(
                            text,
                            to.name() + ": {" + place + "} is not in group-by, which has " + paths);
                }
            }
            return true;
        } catch (IllegalArgumentException e) {
            mistakes.add(text, to.name() + ": " + e.getMessage());
            return false;
        }
    }

    private void checkDirect(Section to) {
        String why = null;
        Set<Serializable> names = new LinkedHashSet<>();
        for (AttributePath path : paths) {
            names.add(path.parts().get(path.parts().size() - 1));
        }
        if (paths.isEmpty()) {
            why = "one group of all items has no value to be a key";
        } else if (paths.size() > ATTRIBUTES_MAX) {
            why = "a table's key has at most two attributes, the view is grouped by " + paths;
        } else if (names.size() < paths.size()
                || !names.stream().allMatch(String.class::isInstance)) {
            why = "the groups " + paths + " do not name the attributes of a key";
        }
        if (why != null) {
            mistakes.add(
                    to.place("table"), to.name() + " needs key: " + why + ". Add " + example());
        }
    }

    private String example() {
        StringBuilder sort = new StringBuilder();
        for (AttributePath path : paths.subList(Math.min(1, paths.size()), paths.size())) {
            sort.append(sort.length() == 0 ? "" : "#").append('{').append(path).append('}');
        }
        return "key: { PK: '"
                + (paths.isEmpty() ? "ALL" : "{" + paths.get(0) + "}")
                + (sort.length() == 0 ? "" : "', SK: '" + sort)
                + "' }";
    }
}
