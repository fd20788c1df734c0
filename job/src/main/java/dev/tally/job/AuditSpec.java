package dev.tally.job;

import dev.tally.item.KeySchema;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import dev.tally.view.Views;
import dev.tally.view.file.ViewsFile;
import dev.tally.view.file.ViewsFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What {@code audit} was asked, as a view: its options are put into the form of a views file and
 * read by the same rules, so that a recount means the same here and there.
 */
final class AuditSpec {

    static final String VIEW = "audit";
    private static final String TABLE = "audited";

    /** Stands in for the counters' table, which may be the audited one: nothing is written. */
    private static final String ELSEWHERE = "counters-elsewhere";

    private final String counters;
    private final Views views;

    private AuditSpec(String counters, Views views) {
        this.counters = counters;
        this.views = views;
    }

    /**
     * The table of the counters, by the options alone.
     *
     * @throws UserError if an option is missing
     */
    static String countersOf(CommandLine line) {
        String against = required(line, "against", "todoTaskCount.TaskCount");
        int dot = against.lastIndexOf('.');
        if (dot <= 0 || dot == against.length() - 1) {
            throw new UserError(
                    "cannot use --against "
                            + against
                            + ": write the counters' table and attribute, like"
                            + " todoTaskCount.TaskCount");
        }
        return against.substring(0, dot);
    }

    /**
     * @param key of the counters' table
     * @throws UserError with all that is wrong with the options
     */
    static AuditSpec of(CommandLine line, KeySchema key) {
        String counters = countersOf(line);
        String attribute = line.get("against").substring(counters.length() + 1);
        List<String> groups = groups(line);
        StringJoiner text = new StringJoiner("\n");
        text.add("tables: { " + TABLE + ": { " + table(line) + " } }");
        text.add("views:");
        text.add("  " + VIEW + ":");
        text.add("    table: " + TABLE);
        text.add("    group-by: [" + groupBy(groups) + "]");
        if (line.has("where")) {
            text.add("    where: " + line.get("where"));
        }
        text.add("    measures: { " + quoted(attribute) + ": " + measure(line) + " }");
        text.add("    to: { table: " + ELSEWHERE + ", key: { " + keyOf(line, key, groups) + " } }");
        try {
            Views views =
                    ViewsFile.parse(
                            "the options of audit", text + "\n", name -> System.getenv(name));
            return new AuditSpec(counters, views);
        } catch (ViewsFileException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private static String required(CommandLine line, String option, String example) {
        if (!line.has(option)) {
            throw new UserError("cannot audit: there is no --" + option + ", like " + example);
        }
        return line.get(option);
    }

    private static String table(CommandLine line) {
        String table = required(line, "table", "todoListTask");
        return (table.startsWith("arn:") ? "arn: " : "name: ") + quoted(table);
    }

    /** Without any there is one group, of all items. */
    private static List<String> groups(CommandLine line) {
        List<String> groups = new ArrayList<>();
        for (String group : line.get("group-by", "").split(",")) {
            if (!group.isBlank()) {
                groups.add(group.trim());
            }
        }
        return groups;
    }

    private static String groupBy(List<String> groups) {
        StringJoiner parts = new StringJoiner(", ");
        for (String group : groups) {
            boolean each = group.startsWith("each:");
            parts.add(each ? "{ each: " + quoted(path(group)) + " }" : quoted(group));
        }
        return parts.toString();
    }

    private static String path(String group) {
        return group.startsWith("each:") ? group.substring("each:".length()) : group;
    }

    private static String measure(CommandLine line) {
        String[] parts = line.get("measure", "count").split(":", 2);
        return parts.length == 1
                ? quoted(parts[0])
                : "{ " + quoted(parts[0]) + ": " + quoted(parts[1]) + " }";
    }

    /** By templates as given, else by equal names, else in order. */
    private static String keyOf(CommandLine line, KeySchema key, List<String> groups) {
        Map<String, String> mapped = new LinkedHashMap<>();
        for (String template : line.getAll("key")) {
            int equals = template.indexOf('=');
            if (equals <= 0) {
                throw new UserError(
                        "cannot use --key " + template + ": write it like 'PK=LIST#{ListId}'");
            }
            mapped.put(template.substring(0, equals), template.substring(equals + 1));
        }
        List<String> names = new ArrayList<>();
        key.attributes().forEach(attribute -> names.add(attribute.name()));
        if (mapped.isEmpty()) {
            if (names.size() != groups.size()) {
                throw new UserError(
                        "cannot find the counters of "
                                + groups
                                + ": the key of their table is "
                                + key
                                + ". Map one to the other, like --key '"
                                + names.get(0)
                                + "="
                                + (groups.isEmpty() ? "ALL" : "{" + path(groups.get(0)) + "}")
                                + "'");
            }
            boolean byName = new HashSet<>(names).equals(new HashSet<>(groups));
            for (int i = 0; i < names.size(); i++) {
                String group = byName ? names.get(i) : path(groups.get(i));
                mapped.put(names.get(i), "{" + group + "}");
            }
        }
        StringJoiner parts = new StringJoiner(", ");
        mapped.forEach((name, template) -> parts.add(quoted(name) + ": " + quoted(template)));
        return parts.toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    Views views() {
        return new Views(views.tables(), List.of(view()), List.of());
    }

    /** With the counters where they are. */
    ViewSpec view() {
        ViewSpec view = views.views().get(0);
        Target to = view.to();
        return new ViewSpec(
                view.name(),
                view.table(),
                view.where(),
                view.groupBy(),
                view.measures(),
                new Target(
                        counters,
                        null,
                        to.region(),
                        null,
                        to.key(),
                        0,
                        to.guard(),
                        to.emptyGroup(),
                        to.freshness(),
                        to.existingRows()),
                view.removedView());
    }
}
