package dev.tally.simulation;

import dev.tally.aggregate.Recount;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.sink.Guard;
import dev.tally.view.GroupKey;
import dev.tally.view.Membership;
import dev.tally.view.Row;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.TargetRow;
import dev.tally.view.TargetRows;
import dev.tally.view.ViewSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * The target tables of all views: rows under their guards, as a conditional write leaves them, and
 * pages of them for who compares. Shared by reference: for harnesses only.
 */
final class SimulatedTargets implements TargetRows {

    private static final long serialVersionUID = 1L;
    private static final int PAGE = 3;

    private final transient Map<String, Membership> views = new TreeMap<>();
    private final transient Map<GroupKey, Held> rows = new HashMap<>();

    /** By submission the newest completed checkpoint. */
    private final transient Map<Long, Long> completed = new HashMap<>();

    private final transient ArrayDeque<Runnable> asked = new ArrayDeque<>();

    /** What a row holds, and since which write. */
    private static final class Held {
        private final Guard guard;
        private final TargetRow row;

        Held(Guard guard, TargetRow row) {
            this.guard = guard;
            this.row = row;
        }
    }

    SimulatedTargets(List<Membership> views) {
        views.forEach(view -> this.views.put(view.view().name(), view));
    }

    /** A checkpoint of a submission has completed: its rows may be written from now on. */
    void completed(long submission, long checkpoint) {
        completed.put(submission, checkpoint);
    }

    /** A conditional write arrives; whether it found no guard, or an older one. */
    boolean write(long submission, Row row) {
        if (!row.eager() && row.checkpoint() > completed.getOrDefault(submission, 0L)) {
            throw new AssertionError(
                    "row "
                            + text(row.group())
                            + " is written before its checkpoint "
                            + row.checkpoint()
                            + " has completed");
        }
        Guard guard = Guard.of(submission, row.checkpoint(), row.counter(), row.time());
        Held held = rows.get(row.group());
        if (held != null && held.guard.compareTo(guard) >= 0) {
            return false;
        }
        ViewSpec view = views.get(row.group().view()).view();
        boolean tombstone = row.empty() && view.to().emptyGroup() == EmptyGroup.DELETE;
        Value[] measures = tombstone ? new Value[row.measures().length] : row.measures();
        TargetRow written = new TargetRow(row.group(), measures, true, submission);
        rows.put(row.group(), new Held(guard, written));
        return true;
    }

    /** Guards of all rows, to see that none goes back. */
    Map<GroupKey, Guard> guards() {
        Map<GroupKey, Guard> guards = new HashMap<>();
        rows.forEach((group, held) -> guards.put(group, held.guard));
        return guards;
    }

    /**
     * Groups of which the target does not hold what a recount gives, both ways, with both; of the
     * views that were counted.
     */
    List<String> differences(Map<String, Recount> recounts) {
        List<String> differences = new ArrayList<>();
        for (Membership view : views.values()) {
            String name = view.view().name();
            if (!recounts.containsKey(name)) {
                continue;
            }
            Map<GroupKey, Value[]> right = recounts.get(name).results();
            Value[] nothing = recounts.get(name).nothing();
            Set<GroupKey> groups = new TreeSet<>((a, b) -> text(a).compareTo(text(b)));
            groups.addAll(right.keySet());
            rows.keySet().stream().filter(g -> g.view().equals(name)).forEach(groups::add);
            for (GroupKey group : groups) {
                Held held = rows.get(group);
                Value[] has = held == null ? null : held.row.measures();
                Value[] wants = right.get(group);
                boolean gone = has == null || held.row.tombstone() || Arrays.equals(has, nothing);
                boolean same = wants == null ? gone : Arrays.equals(has, wants);
                if (!same) {
                    differences.add(
                            text(group)
                                    + " holds "
                                    + text(has)
                                    + (held == null ? "" : " by " + held.guard.position())
                                    + ", a recount gives "
                                    + text(wants));
                }
            }
        }
        return differences;
    }

    static String text(GroupKey group) {
        return group.view() + group.values().get(0).asText();
    }

    static String text(Value[] measures) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; measures != null && i < measures.length; i++) {
            text.append(i == 0 ? "" : " ");
            text.append(measures[i] == null ? "-" : measures[i].asNumber().toPlainString());
        }
        return measures == null ? "no row" : text.toString();
    }

    /** Answers the oldest page that was asked for; false if there is none. */
    boolean answer() {
        Runnable answer = asked.poll();
        if (answer != null) {
            answer.run();
        }
        return answer != null;
    }

    /** Those who asked are dead. */
    void forgetAsked() {
        asked.clear();
    }

    @Override
    public CompletableFuture<Page> read(ViewSpec view, Item after) {
        CompletableFuture<Page> page = new CompletableFuture<>();
        asked.add(() -> page.complete(page(view, after)));
        return page;
    }

    private Page page(ViewSpec view, Item after) {
        String from = after == null ? "" : after.get("after").asText();
        TreeMap<String, TargetRow> ofView = new TreeMap<>();
        for (Held held : rows.values()) {
            String place = text(held.row.group());
            if (held.row.group().view().equals(view.name()) && place.compareTo(from) > 0) {
                ofView.put(place, held.row);
            }
        }
        List<TargetRow> page = new ArrayList<>();
        while (page.size() < PAGE && !ofView.isEmpty()) {
            from = ofView.firstKey();
            page.add(ofView.pollFirstEntry().getValue());
        }
        Item next = ofView.isEmpty() ? null : Item.EMPTY.with("after", Value.text(from));
        return new Page(page, next);
    }

    @Override
    public void close() {
        // Each subtask closes what all share.
    }
}
