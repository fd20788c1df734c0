package dev.tally.view.file;

import dev.tally.view.Grouping;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import dev.tally.view.ViewSpec.RemovedView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads one of {@code views}. */
final class ViewParser {

    static final List<String> KEYS =
            List.of("table", "where", "group-by", "measures", "to", "removed-view");

    private final Mistakes mistakes;

    ViewParser(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /** Null if it is too wrong to be checked any further. */
    ViewSpec parse(String name, Yaml yaml) {
        Section view = new Section(misplaced(name, yaml), "view '" + name + "'", KEYS, mistakes);
        view.requires("table", "tasks");
        String table = view.text("table");
        List<Grouping> groupBy = new GroupingParser(mistakes).parse(view);
        List<MeasureSpec> measures = measures(name, view);
        Target to = null;
        if (view.requires("to", "{ table: todoTaskCount }")) {
            RowKeyParser keys = new RowKeyParser(groupBy, mistakes);
            to = new TargetParser(mistakes).parse(name, view.get("to"), keys);
        }
        ViewSpec spec =
                new ViewSpec(
                        name,
                        table,
                        new WhereParser(mistakes).parse(view),
                        groupBy,
                        measures,
                        to,
                        view.choice("removed-view", RemovedView.values(), RemovedView.FAIL));
        return table == null || groupBy == null || to == null ? null : spec;
    }

    /** The map without keys that belong under {@code to}; those are told here. */
    private Yaml misplaced(String name, Yaml yaml) {
        Yaml rest = new Yaml(yaml.kind(), yaml.line(), yaml.column(), yaml.text());
        for (Map.Entry<String, Yaml> field : yaml.fields().entrySet()) {
            String key = field.getKey();
            if (!KEYS.contains(key) && TargetParser.KEYS.contains(key)) {
                mistakes.add(
                        yaml.key(key),
                        "view '" + name + "': " + key + " belongs under to: { " + key + ": … }");
            } else {
                rest.put(yaml.key(key), field.getValue());
            }
        }
        return rest;
    }

    private List<MeasureSpec> measures(String name, Section view) {
        List<MeasureSpec> measures = new ArrayList<>();
        if (!view.requires("measures", "{ TaskCount: count }")) {
            return measures;
        }
        Yaml map = view.get("measures");
        if (!map.is(Yaml.Kind.MAP) || map.fields().isEmpty()) {
            view.mistakeInValue(
                    "measures", "measures is a map of names, like { TaskCount: count }");
        }
        for (Map.Entry<String, Yaml> field : map.fields().entrySet()) {
            MeasureSpec measure =
                    new MeasureParser(mistakes)
                            .parse(name, map.key(field.getKey()), field.getValue());
            if (measure != null) {
                measures.add(measure);
            }
        }
        return List.copyOf(measures);
    }
}
