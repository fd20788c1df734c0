package dev.tally.job;

import dev.tally.aggregate.Recount;
import dev.tally.item.Value;
import dev.tally.view.GroupKey;
import dev.tally.view.TargetRow;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A view's rows beside a recount of its table, once. */
final class Reading {

    private final long items;
    private final long groups;
    private final Map<GroupKey, Difference> differences;

    private Reading(long items, long groups, Map<GroupKey, Difference> differences) {
        this.items = items;
        this.groups = groups;
        this.differences = differences;
    }

    /**
     * @param items of the source table that were recounted
     * @param rows all that the target has of the view
     */
    static Reading of(long items, Recount recount, List<TargetRow> rows) {
        Map<GroupKey, Value[]> expected = recount.results();
        Value[] nothing = recount.nothing();
        Map<GroupKey, Difference> differences = new HashMap<>();
        long groups = expected.size();
        for (TargetRow row : rows) {
            Value[] wanted = expected.remove(row.group());
            groups += wanted == null ? 1 : 0;
            if (!equal(row, wanted, nothing)) {
                differences.put(row.group(), new Difference(row.group(), row, wanted));
            }
        }
        expected.forEach(
                (group, wanted) -> differences.put(group, new Difference(group, null, wanted)));
        return new Reading(items, groups, differences);
    }

    /** A row whose group has no items must say so, or be a tombstone. */
    private static boolean equal(TargetRow row, Value[] wanted, Value[] nothing) {
        if (wanted == null) {
            return row.tombstone() || Arrays.equals(row.measures(), nothing);
        }
        return Arrays.equals(row.measures(), wanted);
    }

    /** The same, where some of what differs is no difference after all. */
    Reading without(Predicate<Difference> equal) {
        Map<GroupKey, Difference> rest = new HashMap<>(differences);
        rest.values().removeIf(equal);
        return new Reading(items, groups, rest);
    }

    /** Items of the source table that were read. */
    long items() {
        return items;
    }

    /** Groups that were compared: with items, or with a row. */
    long groups() {
        return groups;
    }

    Map<GroupKey, Difference> differences() {
        return differences;
    }
}
