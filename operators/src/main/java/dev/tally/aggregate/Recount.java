package dev.tally.aggregate;

import dev.tally.aggregate.measure.HeapPages;
import dev.tally.aggregate.measure.Measure;
import dev.tally.item.Value;
import dev.tally.view.GroupKey;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Member;
import dev.tally.view.ViewSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts a view from scratch, on the heap: what {@code verify} and {@code audit} compare rows with.
 * The measures are the ones that the group stage keeps. Not thread safe; parts may be counted by
 * several threads and merged.
 */
public final class Recount {

    private final ViewSpec view;
    private final Map<GroupKey, Tally> groups = new HashMap<>();

    public Recount(ViewSpec view) {
        this.view = view;
    }

    /** Takes one image's membership in one group. */
    public void add(Member member) {
        Tally tally = groups.computeIfAbsent(member.group(), key -> new Tally(view));
        tally.items++;
        for (int i = 0; i < tally.measures.length; i++) {
            Value input = member.inputs()[i];
            if (input != null) {
                tally.measures[i].add(input);
            }
        }
    }

    /** Takes in another count of the same view, over other items. */
    public void merge(Recount other) {
        other.groups.forEach(
                (key, more) -> {
                    Tally tally = groups.computeIfAbsent(key, absent -> new Tally(view));
                    tally.items += more.items;
                    for (int i = 0; i < tally.measures.length; i++) {
                        tally.measures[i].merge(more.measures[i]);
                    }
                });
    }

    /** Items of all groups; one that is in several groups counts in each. */
    public long items() {
        return groups.values().stream().mapToLong(tally -> tally.items).sum();
    }

    /** Results of each group with items, in the order of the spec, null where absent. */
    public Map<GroupKey, Value[]> results() {
        Map<GroupKey, Value[]> results = new HashMap<>();
        groups.forEach((key, tally) -> results.put(key, tally.results()));
        return results;
    }

    /** Results of a group without items: what its row says if it is kept. */
    public Value[] nothing() {
        return new Tally(view).results();
    }

    private static final class Tally {
        private final Measure[] measures;
        private long items;

        Tally(ViewSpec view) {
            List<MeasureSpec> specs = view.measures();
            measures = new Measure[specs.size()];
            for (int i = 0; i < measures.length; i++) {
                measures[i] = Measure.of(view.name(), specs.get(i), new HeapPages());
            }
        }

        Value[] results() {
            Value[] results = new Value[measures.length];
            for (int i = 0; i < results.length; i++) {
                measures[i].settle();
                results[i] = measures[i].result();
            }
            return results;
        }
    }
}
