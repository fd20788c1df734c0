package dev.tally.view.file;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.view.Filter;
import dev.tally.view.KeyTemplate;
import dev.tally.view.ViewSpec;
import dev.tally.view.file.Yaml.Kind;
import java.util.Map;
import java.util.Set;

/**
 * Whether a view's {@code where} excludes the view's own rows, as Tally writes them: key, measures
 * and guards, nothing else. One condition at the top of {@code where} must do it:
 *
 * <ul>
 *   <li>a guard must not exist;
 *   <li>an attribute that rows do not have must be there;
 *   <li>a key attribute must have a value that its template never gives: not the fixed text, or
 *       (equality and prefix alone) not the text that the template begins with.
 * </ul>
 *
 * Attributes that others add to the items that hold rows are theirs to keep from matching.
 */
final class Feedback {

    private final Map<String, String> key;
    private final Set<String> written;
    private final Set<String> guards;

    /**
     * @param written names of all attributes that rows may have in the table
     */
    Feedback(ViewSpec view, Set<String> written, Set<String> guards) {
        this.key = view.to().key() == null ? Map.of() : view.to().key();
        this.written = written;
        this.guards = guards;
    }

    /**
     * @param where a right one, or null
     */
    boolean isExcluded(Yaml where) {
        return where != null
                && where.fields().entrySet().stream()
                        .anyMatch(field -> excludes(field.getKey(), field.getValue()));
    }

    private boolean excludes(String name, Yaml condition) {
        if (name.startsWith("$") || !condition.is(Kind.LIST)) {
            return false;
        }
        Filter filter = Filter.of(Map.of(name, condition.tree()));
        if (guards.contains(name)) {
            return !filter.matches(Item.of(Map.of(name, Value.text("0"))));
        }
        if (!written.contains(name)) {
            return !filter.matches(Item.EMPTY);
        }
        String template = key.get(name);
        return template != null && neverMakes(template, name, filter, condition);
    }

    private static boolean neverMakes(String template, String name, Filter filter, Yaml condition) {
        if (KeyTemplate.parse(template).places().isEmpty()) {
            return !filter.matches(Item.of(Map.of(name, Value.text(template))));
        }
        String start = template.substring(0, template.indexOf('{'));
        for (Yaml alternative : condition.elements()) {
            if (mayBegin(alternative, start)) {
                return false;
            }
        }
        return true;
    }

    private static boolean mayBegin(Yaml alternative, String start) {
        if (alternative.is(Kind.TEXT)) {
            return alternative.text().startsWith(start);
        }
        Yaml prefix = alternative.fields().get("prefix");
        boolean known = prefix != null && prefix.is(Kind.TEXT);
        return !known || prefix.text().startsWith(start) || start.startsWith(prefix.text());
    }
}
