package dev.tally.view.file;

import dev.tally.view.FeedSpec;
import dev.tally.view.TableSpec;
import dev.tally.view.ViewSpec;
import dev.tally.view.Views;
import dev.tally.view.file.Yaml.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Reads a views.yaml: which tables, which views of them, which feeds. What needs the live tables,
 * such as whether a view's keys fit its target, is for later.
 */
public final class ViewsFile {

    static final List<String> KEYS = List.of("tables", "views", "feeds");

    private final Mistakes mistakes = new Mistakes();

    private ViewsFile() {}

    /**
     * @param file what messages call it
     * @param text its content
     * @param variables gives the value of <code>${NAME}</code>, or null if it is not set
     * @throws ViewsFileException with all mistakes
     */
    public static Views parse(String file, String text, UnaryOperator<String> variables)
            throws ViewsFileException {
        ViewsFile reading = new ViewsFile();
        Views views = reading.read(text, variables);
        if (!reading.mistakes.isEmpty()) {
            throw new ViewsFileException(file, reading.mistakes.inOrder());
        }
        return views;
    }

    private Views read(String text, UnaryOperator<String> variables) {
        Yaml yaml = new YamlReader(variables, mistakes).read(text);
        if (yaml == null) {
            return null;
        }
        Section top = new Section(yaml, "the file", KEYS, mistakes);
        if (!yaml.is(Kind.MAP)) {
            return null;
        }
        top.requires("tables", "{ tasks: { name: todoListTask } }");
        List<TableSpec> tables = each(top, "tables", "table", new TableParser(mistakes)::parse);
        List<ViewSpec> views = each(top, "views", "view", new ViewParser(mistakes)::parse);
        List<FeedSpec> feeds = each(top, "feeds", "feed", new FeedParser(mistakes)::parse);
        if (!top.has("views") && !top.has("feeds")) {
            mistakes.add(yaml, "the file has neither views nor feeds, so there is nothing to do");
        }
        new ViewsCheck(yaml, mistakes).check(tables, views);
        return new Views(tables, views, feeds);
    }

    /** The parsed values of a map of names, without those that are null. */
    private <T> List<T> each(
            Section top, String key, String kind, BiFunction<String, Yaml, T> parser) {
        List<T> parsed = new ArrayList<>();
        Yaml map = top.get(key);
        if (map == null) {
            return parsed;
        }
        if (!map.is(Kind.MAP) || map.fields().isEmpty()) {
            mistakes.add(
                    map,
                    key + " is a map of names, not " + (map.is(Kind.MAP) ? "empty" : map.kind()));
        }
        map.fields()
                .forEach(
                        (name, yaml) -> {
                            checkName(map.key(name), kind);
                            T value = parser.apply(name, yaml);
                            if (value != null) {
                                parsed.add(value);
                            }
                        });
        return List.copyOf(parsed);
    }

    private void checkName(Yaml name, String kind) {
        if (!Names.LOGICAL.matcher(name.text()).matches()) {
            mistakes.add(
                    name,
                    kind
                            + " '"
                            + name.text()
                            + "': a name begins with a letter and has at most 63 letters, digits,"
                            + " '-' and '_'");
        }
    }
}
