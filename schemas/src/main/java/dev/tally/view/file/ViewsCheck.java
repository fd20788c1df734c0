package dev.tally.view.file;

import dev.tally.item.AttributePath;
import dev.tally.view.Grouping;
import dev.tally.view.MeasureSpec;
import dev.tally.view.TableSpec;
import dev.tally.view.ViewSpec;
import dev.tally.view.filter.Suggestion;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What the parts of a views.yaml, each right by itself, must not do to each other. */
final class ViewsCheck {

    private final Yaml file;
    private final Mistakes mistakes;

    ViewsCheck(Yaml file, Mistakes mistakes) {
        this.file = file;
        this.mistakes = mistakes;
    }

    void check(List<TableSpec> tables, List<ViewSpec> views) {
        Map<String, TableSpec> byName = new LinkedHashMap<>();
        tables.forEach(table -> byName.put(table.logicalName(), table));
        checkTwins(tables);
        checkTables("views", "view", byName);
        checkTables("feeds", "feed", byName);
        for (ViewSpec view : views) {
            Yaml yaml = part("views", view.name());
            checkOwnNames(view, yaml);
            TableSpec source = byName.get(view.table());
            if (source != null && isTarget(source, view)) {
                checkFeedback(source, view, views, yaml);
            }
        }
        checkShared(views);
    }

    private Yaml part(String kind, String name) {
        return file.fields().get(kind).fields().get(name);
    }

    private void checkTwins(List<TableSpec> tables) {
        for (int i = 0; i < tables.size(); i++) {
            for (int j = 0; j < i; j++) {
                TableSpec a = tables.get(j);
                TableSpec b = tables.get(i);
                boolean same =
                        !a.tableName().isEmpty()
                                && Names.same(a.tableName(), a.region(), b.tableName(), b.region());
                if (same) {
                    mistakes.add(
                            file.fields().get("tables").key(b.logicalName()),
                            "table '"
                                    + b.logicalName()
                                    + "' is table '"
                                    + a.logicalName()
                                    + "' again. Let its views name '"
                                    + a.logicalName()
                                    + "', so that it is read once");
                }
            }
        }
    }

    /** Over what is written, not over specs: those that are wrong elsewhere have none. */
    private void checkTables(String key, String word, Map<String, TableSpec> byName) {
        Yaml parts = file.fields().get(key);
        if (parts == null || !file.fields().containsKey("tables")) {
            return;
        }
        parts.fields()
                .forEach(
                        (name, part) -> {
                            Yaml table = part.fields().get("table");
                            if (table != null && table.is(Yaml.Kind.TEXT)) {
                                checkTable(word + " '" + name + "'", table, byName);
                            }
                        });
    }

    private void checkTable(String what, Yaml yaml, Map<String, TableSpec> byName) {
        String table = yaml.text();
        if (table.isEmpty() || byName.containsKey(table)) {
            return;
        }
        String suggestion = Suggestion.of(table, byName.keySet());
        for (TableSpec known : byName.values()) {
            if (known.tableName().equals(table)) {
                suggestion = " Did you mean '" + known.logicalName() + "', its name in this file?";
            }
        }
        mistakes.add(
                yaml,
                what
                        + ": tables has no '"
                        + table
                        + "'."
                        + (suggestion.isEmpty()
                                ? " It has " + String.join(", ", byName.keySet())
                                : suggestion));
    }

    /** Names of attributes in the view's own rows. */
    private void checkOwnNames(ViewSpec view, Yaml yaml) {
        Set<String> keys = keyAttributes(view);
        for (MeasureSpec measure : view.measures()) {
            String clash = keys.contains(measure.name()) ? "a key attribute" : null;
            clash = measure.name().equals(view.to().guard()) ? "the guard" : clash;
            if (clash != null) {
                mistakes.add(
                        yaml.fields().get("measures").key(measure.name()),
                        "view '"
                                + view.name()
                                + "': measure '"
                                + measure.name()
                                + "' has the name of "
                                + clash
                                + " of its rows. Rename the measure");
            }
        }
        if (keys.contains(view.to().guard())) {
            mistakes.add(
                    yaml.fields().get("to").key("guard"),
                    "view '"
                            + view.name()
                            + "': the guard has the name of a key attribute of its rows. Rename"
                            + " the guard");
        }
    }

    private static Set<String> keyAttributes(ViewSpec view) {
        if (view.to().key() != null) {
            return view.to().key().keySet();
        }
        Set<String> names = new HashSet<>();
        for (Grouping grouping : view.groupBy()) {
            AttributePath path = grouping.path();
            Serializable last = path.parts().get(path.parts().size() - 1);
            if (view.to().table() != null) {
                names.add(String.valueOf(last));
            }
        }
        return names;
    }

    private static boolean isTarget(TableSpec source, ViewSpec view) {
        String target = view.to().table();
        return target != null
                && Names.mayBeSame(source.tableName(), source.region(), target, view.to().region());
    }

    private void checkFeedback(TableSpec source, ViewSpec view, List<ViewSpec> views, Yaml yaml) {
        Yaml where = yaml.fields().get("where");
        if (where != null && view.where() == null) {
            return;
        }
        Set<String> written = new HashSet<>(keyAttributes(view));
        Set<String> guards = new HashSet<>();
        for (ViewSpec other : views) {
            if (sameTarget(view, other)) {
                other.measures().forEach(measure -> written.add(measure.name()));
                guards.add(other.to().guard());
            }
        }
        written.addAll(guards);
        boolean sure = Objects.equals(source.region(), view.to().region());
        if (!new Feedback(view, written, guards).isExcluded(where)) {
            mistakes.add(
                    yaml.fields().get("to"),
                    "view '"
                            + view.name()
                            + "' writes to the table that it reads, so that its rows would feed"
                            + " it. Add where: { "
                            + view.to().guard()
                            + ": [{ exists: false }] }, or write to another table"
                            + (sure ? "" : "; if it is another one, name both regions"));
        }
    }

    private static boolean sameTarget(ViewSpec a, ViewSpec b) {
        String tableA = a.to().table();
        String tableB = b.to().table();
        return tableA != null
                && tableB != null
                && Names.mayBeSame(tableA, a.to().region(), tableB, b.to().region());
    }

    /** Views on one target may share rows, not attributes. */
    private void checkShared(List<ViewSpec> views) {
        for (int i = 0; i < views.size(); i++) {
            ViewSpec view = views.get(i);
            Map<String, String> owners = new HashMap<>();
            for (ViewSpec earlier : new ArrayList<>(views.subList(0, i))) {
                if (sameTarget(earlier, view)) {
                    earlier.measures().forEach(m -> owners.put(m.name(), earlier.name()));
                    owners.put(earlier.to().guard(), earlier.name());
                }
            }
            Yaml yaml = part("views", view.name());
            for (MeasureSpec measure : view.measures()) {
                if (owners.containsKey(measure.name())) {
                    mistakes.add(
                            yaml.fields().get("measures").key(measure.name()),
                            shared(
                                    view,
                                    "measure '" + measure.name() + "'",
                                    owners.get(measure.name())));
                }
            }
            if (owners.containsKey(view.to().guard())) {
                mistakes.add(
                        yaml.fields().get("to").key("guard"),
                        shared(
                                view,
                                "guard '" + view.to().guard() + "'",
                                owners.get(view.to().guard())));
            }
        }
    }

    private static String shared(ViewSpec view, String what, String owner) {
        return "view '"
                + view.name()
                + "': the "
                + what
                + " belongs to view '"
                + owner
                + "' already, in the same table. Rename one of the two";
    }
}
