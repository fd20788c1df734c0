package dev.tally.sink;

import dev.tally.item.AttributePath;
import dev.tally.item.KeySchema;
import dev.tally.item.Value.Type;
import dev.tally.view.Grouping;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Membership;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Looks at all target tables before a job starts, so that what an engineer must mend is said at
 * once and all together; creates what is missing where that is allowed.
 */
public final class Targets {

    /** Expressions of 4 KB have room for so many. */
    static final int MEASURES_MAX = 80;

    private final Map<String, KeySchema> keys = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> created = new ArrayList<>();

    private Targets() {}

    /**
     * Describes the target table of each view and the status table; blocks.
     *
     * @param settings how a target is reached
     * @param create whether missing tables may be created
     */
    public static Targets look(
            List<ViewSpec> views, Function<Target, TargetSettings> settings, boolean create) {
        Targets targets = new Targets();
        for (ViewSpec view : views) {
            if (view.to().table() != null) {
                try (Tables tables =
                        new Tables(settings.apply(view.to()).forTable(view.to().table()))) {
                    targets.look(view, tables, create);
                } catch (RuntimeException e) {
                    targets.problems.add(e.getMessage());
                }
            }
        }
        return targets;
    }

    private void look(ViewSpec view, Tables tables, boolean create) {
        String table = view.to().table();
        Optional<KeySchema> found = tables.key(table);
        if (found.isEmpty() && !create) {
            problems.add(
                    "cannot write view "
                            + view.name()
                            + " to table "
                            + table
                            + ": there is no such table. Create it with the key "
                            + keyFor(view)
                            + ", or start with --create-tables.");
            return;
        }
        KeySchema key = found.orElseGet(() -> keyFor(view));
        String mistake = mistake(view, key);
        if (mistake != null) {
            problems.add(mistake);
            return;
        }
        if (found.isEmpty()) {
            tables.create(table, key, false);
            created.add(table);
        }
        tables.probe(table, key, view.to().emptyGroup() == Target.EmptyGroup.DELETE);
        keys.put(view.name(), key);
    }

    /** What keeps the view from this key; null if it fits. */
    private static String mistake(ViewSpec view, KeySchema key) {
        try {
            new Membership(view, key);
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
        String cannot = "cannot write view " + view.name() + " to table " + view.to().table();
        for (KeySchema.Attribute attribute : key.attributes()) {
            boolean measure =
                    view.measures().stream().anyMatch(m -> m.name().equals(attribute.name()));
            if (measure || view.to().guard().equals(attribute.name())) {
                return cannot
                        + ": its key attribute "
                        + attribute
                        + " has the name of "
                        + (measure ? "a measure" : "the guard")
                        + ". Rename the latter.";
            }
        }
        for (MeasureSpec measure : view.measures()) {
            if (measure.name().equals(view.to().guard())) {
                return cannot + ": measure " + measure.name() + " has the guard's name. Rename it.";
            }
        }
        if (view.measures().size() > MEASURES_MAX) {
            return cannot
                    + ": "
                    + view.measures().size()
                    + " measures do not fit into one write, "
                    + MEASURES_MAX
                    + " do. Make two views of it.";
        }
        return null;
    }

    /** The key of a table made for the view: the mapped names, or the last names of its groups. */
    public static KeySchema keyFor(ViewSpec view) {
        List<KeySchema.Attribute> attributes = new ArrayList<>();
        if (view.to().key() != null) {
            view.to().key().keySet().forEach(name -> attributes.add(text(name)));
        } else {
            for (Grouping grouping : view.groupBy()) {
                attributes.add(text(lastName(grouping.path())));
            }
        }
        if (attributes.isEmpty() || attributes.size() > 2) {
            throw new TargetException(
                    "cannot name the key of table "
                            + view.to().table()
                            + " for view "
                            + view.name()
                            + ": it is grouped by "
                            + attributes.size()
                            + " attributes. Map them with key.");
        }
        return KeySchema.of(attributes);
    }

    private static KeySchema.Attribute text(String name) {
        return new KeySchema.Attribute(name, Type.S);
    }

    private static String lastName(AttributePath path) {
        List<Serializable> parts = path.parts();
        return parts.get(parts.size() - 1).toString();
    }

    /**
     * Sees to it that the status table is there and has its key; blocks.
     *
     * @return whether it was created
     * @throws TargetException if it is not there and may not be created, or has another key
     */
    public static boolean status(String table, TargetSettings settings, boolean create) {
        KeySchema wanted = StatusTable.KEY;
        try (Tables tables = new Tables(settings.forTable(table))) {
            Optional<KeySchema> found = tables.key(table);
            if (found.isPresent() && !found.get().equals(wanted)) {
                throw new TargetException(
                        "cannot use table "
                                + table
                                + " as the status table: its key is "
                                + found.get()
                                + ", it must be "
                                + wanted
                                + ". Name another one.");
            }
            if (found.isEmpty() && !create) {
                throw new TargetException(
                        "cannot use the status table "
                                + table
                                + ": there is no such table. Create it with the key "
                                + wanted
                                + ", or start with --create-tables.");
            }
            if (found.isEmpty()) {
                tables.create(table, wanted, false);
            }
            return found.isEmpty();
        }
    }

    /** Sentences, one for each view that cannot be written; empty: all is well. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Key of the target table by name of the view, of those without problems. */
    public Map<String, KeySchema> keys() {
        return new HashMap<>(keys);
    }

    /** Names of the tables that were created. */
    public List<String> created() {
        return List.copyOf(created);
    }
}
