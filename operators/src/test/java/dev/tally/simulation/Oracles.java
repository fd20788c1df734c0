package dev.tally.simulation;

import dev.tally.aggregate.Recount;
import dev.tally.item.Value;
import dev.tally.sink.Guard;
import dev.tally.view.GroupKey;
import dev.tally.view.Membership;
import dev.tally.view.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What must hold at every moment of a history, whatever happens. */
final class Oracles {

    private final ItemHistory items;
    private final SimulatedTargets targets;
    private final Supplier<List<Membership>> views;

    /** Recounts of what the item stage held at the barriers that rows came with. */
    private final Map<Checkpoint, Map<String, Recount>> recounts = new HashMap<>();

    private Map<GroupKey, Guard> guards = new HashMap<>();
    private long rows;

    /**
     * @param views those of the present start
     */
    Oracles(ItemHistory items, SimulatedTargets targets, Supplier<List<Membership>> views) {
        this.items = items;
        this.targets = targets;
        this.views = views;
    }

    long rows() {
        return rows;
    }

    /** A committed row must be what the items amount to at the barrier that it came with. */
    void row(Row row, Checkpoint checkpoint) {
        rows++;
        Map<String, Recount> recount =
                recounts.computeIfAbsent(
                        checkpoint, c -> SimulatedViews.recount(views.get(), c.images.values()));
        Recount view = recount.get(row.group().view());
        Value[] right = view.results().get(row.group());
        boolean same =
                right == null
                        ? row.empty() && Arrays.equals(row.measures(), view.nothing())
                        : !row.empty() && Arrays.equals(row.measures(), right);
        if (!same) {
            throw new AssertionError(
                    "row "
                            + SimulatedTargets.text(row.group())
                            + " of checkpoint "
                            + checkpoint.id()
                            + " says "
                            + SimulatedTargets.text(row.measures())
                            + ", the items at its barrier give "
                            + SimulatedTargets.text(right));
        }
    }

    /** Rows that become visible must show one version of every item, and none that is too old. */
    void completed(Checkpoint checkpoint) {
        recounts.clear();
        if (checkpoint.rows.isEmpty()) {
            return;
        }
        Set<String> shown = new TreeSet<>();
        checkpoint.rows.forEach(row -> shown.add(row.group().view()));
        List<Membership> visible = new ArrayList<>(views.get());
        visible.removeIf(view -> !shown.contains(view.view().name()));
        List<String> wrong = items.show(checkpoint.images, SimulatedViews.attributes(visible));
        if (!wrong.isEmpty()) {
            throw new AssertionError("checkpoint " + checkpoint.id() + ": " + wrong);
        }
    }

    void requireGuardsGrow() {
        Map<GroupKey, Guard> now = targets.guards();
        guards.forEach(
                (group, before) -> {
                    Guard after = now.get(group);
                    if (after == null || after.compareTo(before) < 0) {
                        throw new AssertionError(
                                "the guard of "
                                        + SimulatedTargets.text(group)
                                        + " went from "
                                        + before
                                        + (after == null ? ": gone" : " back to " + after));
                    }
                });
        guards = now;
    }
}
