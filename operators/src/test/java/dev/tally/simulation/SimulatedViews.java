package dev.tally.simulation;

import dev.tally.aggregate.Recount;
import dev.tally.item.AttributePath;
import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.view.Filter;
import dev.tally.view.Grouping;
import dev.tally.view.MeasureSpec;
import dev.tally.view.MeasureSpec.Kind;
import dev.tally.view.Member;
import dev.tally.view.Membership;
import dev.tally.view.Target;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.Target.ExistingRows;
import dev.tally.view.Target.Freshness;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tasks, and views that have everything a view can have: all measures, where, each, eager. */
final class SimulatedViews {

    static final KeySchema KEY = KeySchema.of(new KeySchema.Attribute("TaskId", Value.Type.S));
    static final int TASKS = 24;

    private static final Filter OPEN = Filter.parse("{\"Status\": [\"open\"]}");
    private static final Filter NOT_SECRET = Filter.parse("{\"Secret\": [{\"exists\": false}]}");
    private static final String TAG = "Tags";
    private static final String LIST = "ListId";

    private SimulatedViews() {}

    static List<Membership> all() {
        return of(null, OPEN);
    }

    /** Views of the same names that count something else. */
    static List<Membership> others() {
        return of(OPEN, null);
    }

    private static List<Membership> of(Filter ofCounts, Filter ofOpen) {
        return List.of(
                view("counts", ofCounts, LIST, EmptyGroup.ZERO, Freshness.COMMITTED, measures()),
                view(
                        "open",
                        ofOpen,
                        LIST,
                        EmptyGroup.DELETE,
                        Freshness.COMMITTED,
                        List.of(count(null), effort(Kind.SUM, NOT_SECRET))),
                view(
                        "tags",
                        ofCounts == null ? NOT_SECRET : null,
                        TAG,
                        EmptyGroup.ZERO,
                        Freshness.COMMITTED,
                        List.of(count(null), effort(Kind.MAX, null))),
                view(
                        "now",
                        ofCounts,
                        LIST,
                        EmptyGroup.ZERO,
                        Freshness.EAGER,
                        List.of(count(OPEN), effort(Kind.SUM, null))));
    }

    private static List<MeasureSpec> measures() {
        List<MeasureSpec> measures = new ArrayList<>(List.of(count(null)));
        for (Kind kind : List.of(Kind.SUM, Kind.AVG, Kind.MIN, Kind.MAX, Kind.COUNT_DISTINCT)) {
            measures.add(effort(kind, null));
        }
        measures.add(new MeasureSpec("Open", Kind.COUNT, null, OPEN));
        return measures;
    }

    private static MeasureSpec count(Filter where) {
        return new MeasureSpec("Tasks", Kind.COUNT, null, where);
    }

    private static MeasureSpec effort(Kind kind, Filter where) {
        return new MeasureSpec("Effort" + kind, kind, AttributePath.ofName("Effort"), where);
    }

    private static Membership view(
            String name,
            Filter where,
            String attribute,
            EmptyGroup empty,
            Freshness freshness,
            List<MeasureSpec> measures) {
        Target target =
                new Target(
                        "target-of-" + name,
                        null,
                        null,
                        null,
                        null,
                        0,
                        "_tally_" + name,
                        empty,
                        freshness,
                        ExistingRows.REFUSE);
        Grouping grouping =
                new Grouping(AttributePath.ofName(attribute), attribute.equals(TAG), null);
        ViewSpec spec =
                new ViewSpec(
                        name,
                        "tasks",
                        where,
                        List.of(grouping),
                        measures,
                        target,
                        ViewSpec.RemovedView.KEEP);
        return new Membership(spec, KeySchema.of(new KeySchema.Attribute(attribute, Value.Type.S)));
    }

    /** Names of the attributes that any view reads. */
    static Set<String> attributes(Collection<Membership> views) {
        Set<String> names = new TreeSet<>();
        views.forEach(view -> names.addAll(view.attributes()));
        return names;
    }

    /** Counts all views from scratch, by name. */
    static Map<String, Recount> recount(Collection<Membership> views, Collection<Item> items) {
        Map<String, Recount> counts = new HashMap<>();
        for (Membership view : views) {
            Recount recount = new Recount(view.view());
            for (Item item : items) {
                for (Member member : view.of(item, (problem, reason) -> {})) {
                    recount.add(member);
                }
            }
            counts.put(view.view().name(), recount);
        }
        return counts;
    }

    static Item key(Random random) {
        return Item.EMPTY.with("TaskId", Value.text("task-" + random.nextInt(TASKS)));
    }

    /** A task; now and then with attributes that are missing or of a type that nobody can use. */
    static Item task(Item key, Random random) {
        TreeMap<String, Value> attributes = new TreeMap<>(key.attributes());
        if (random.nextInt(12) > 0) {
            attributes.put(LIST, list(random));
        }
        int effort = random.nextInt(12);
        if (effort == 0) {
            attributes.put("Effort", Value.text("much"));
        } else if (effort > 1) {
            attributes.put("Effort", Value.number(random.nextInt(5) + ".25"));
        }
        attributes.put("Status", Value.text(random.nextBoolean() ? "open" : "done"));
        if (random.nextInt(6) == 0) {
            attributes.put("Secret", Value.TRUE);
        }
        if (random.nextInt(3) > 0) {
            attributes.put(TAG, tags(random));
        }
        attributes.put("Title", Value.number(random.nextInt(1000)));
        return Item.of(attributes);
    }

    static Value list(Random random) {
        return Value.text("list-" + random.nextInt(5));
    }

    static Value tags(Random random) {
        List<Value> tags = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            tags.add(Value.text("tag-" + random.nextInt(4)));
        }
        return Value.list(tags);
    }
}
