package dev.tally.aggregate;

import dev.tally.aggregate.GroupState.Emitted;
import dev.tally.aggregate.measure.Amount;
import dev.tally.aggregate.measure.Measure;
import dev.tally.aggregate.measure.ValuePages;
import dev.tally.change.DeadLetter;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.view.Contribution;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import dev.tally.view.ViewSpec;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * A group at work: takes contributions, knows its result and whether a row is due. It exists on the
 * heap between two barriers; {@link GroupState} is what remains. Not thread safe.
 *
 * <p>What is known of the row in the target is {@code stamp} and {@code emitted}:
 *
 * <table>
 *   <caption>When a row is due</caption>
 *   <tr><td>stamp is this submission's, something emitted</td>
 *       <td>the target holds it, or will: a row is due if the result differs</td></tr>
 *   <tr><td>stamp is this submission's, nothing emitted</td>
 *       <td>the target may hold anything: a row is due</td></tr>
 *   <tr><td>another stamp, or none</td>
 *       <td>the target holds no row that counts: due if there are items, or if an earlier
 *       submission emitted a row with items</td></tr>
 * </table>
 */
final class Group {

    private final GroupKey key;
    private final ViewRules view;
    private final Measure[] measures;
    private long items;
    private long time;
    private long stamp;
    private Emitted emitted;

    /** Whether it had contributions since the last barrier; the book's own mark. */
    private boolean touched;

    /** A fresh one, without items. */
    Group(GroupKey key, ViewRules view, IntFunction<ValuePages> pages) {
        this.key = key;
        this.view = view;
        this.measures = view.fresh(pages);
    }

    /** As the store has it, where it is selected then; a fresh one if it has none. */
    static Group load(GroupKey key, ViewRules view, GroupStore store) {
        store.select(key);
        GroupState state = store.load();
        return state == null
                ? new Group(key, view, store::pages)
                : restore(key, view, store::pages, state);
    }

    private static Group restore(
            GroupKey key, ViewRules view, IntFunction<ValuePages> pages, GroupState state) {
        Group group = new Group(key, view, pages);
        if (state.amounts().length != group.measures.length) {
            throw new IllegalStateException(
                    "cannot go on with "
                            + key
                            + ": its state has "
                            + state.amounts().length
                            + " measures, the view has "
                            + group.measures.length
                            + ". Give a view whose measures change a new name.");
        }
        for (int i = 0; i < group.measures.length; i++) {
            group.measures[i].restore(state.amounts()[i]);
        }
        group.items = state.items();
        group.time = state.time();
        group.stamp = state.stamp();
        group.emitted = state.emitted();
        return group;
    }

    GroupKey key() {
        return key;
    }

    ViewRules view() {
        return view;
    }

    boolean touched() {
        return touched;
    }

    void touched(boolean now) {
        touched = now;
    }

    void apply(Contribution contribution) {
        Value[] retract = contribution.retract();
        Value[] add = contribution.add();
        if (retract != null) {
            if (items == 0) {
                throw new IllegalStateException(
                        "cannot retract an item from "
                                + key
                                + ": it has none. The state is damaged or an item was counted"
                                + " twice; start again without a savepoint, and report it.");
            }
            items--;
        }
        if (add != null) {
            items++;
        }
        for (int i = 0; i < measures.length; i++) {
            Value before = retract == null ? null : retract[i];
            Value after = add == null ? null : add[i];
            if (before != null && before.equals(after)) {
                continue;
            }
            if (before != null) {
                measures[i].retract(before);
            }
            if (after != null) {
                measures[i].add(after);
            }
        }
        time = Math.max(time, contribution.time());
    }

    /** The item stage passed through the group; nothing of it is left but the time. */
    void touch(long touchTime) {
        time = Math.max(time, touchTime);
    }

    boolean isEmpty() {
        return items == 0;
    }

    /** Service milliseconds of the newest change in it, or 0. */
    long time() {
        return time;
    }

    int waiting() {
        int waiting = 0;
        for (Measure measure : measures) {
            waiting += measure.waiting();
        }
        return waiting;
    }

    /** Brings waiting values into the store, where this group is selected. */
    void settle() {
        for (Measure measure : measures) {
            measure.settle();
        }
        if (items == 0) {
            checkZero();
        }
    }

    private void checkZero() {
        for (int i = 0; i < measures.length; i++) {
            if (!measures[i].isZero()) {
                throw new IllegalStateException(
                        "cannot empty "
                                + key
                                + ": measure "
                                + view.spec().measures().get(i).name()
                                + " is left with inputs. The state is damaged; start again without"
                                + " a savepoint, and report it.");
            }
        }
    }

    /** What its row should say; settled only. */
    Emitted result() {
        Value[] results = new Value[measures.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = measures[i].result();
        }
        return new Emitted(results, items == 0);
    }

    boolean overflows() {
        for (Measure measure : measures) {
            if (measure.overflows()) {
                return true;
            }
        }
        return false;
    }

    /** Says which results a row goes without; the same for each try of the same row. */
    DeadLetter overflowLetter(Row row) {
        ViewSpec spec = view.spec();
        StringJoiner names = new StringJoiner(", ");
        for (int i = 0; i < measures.length; i++) {
            if (measures[i].overflows()) {
                names.add(spec.measures().get(i).name());
            }
        }
        String reason =
                "cannot write "
                        + names
                        + ": the result is beyond DynamoDB's numbers (exponent 125). The row goes"
                        + " without it.";
        List<String> attributes = view.keyAttributes();
        List<Value> values = key.values();
        Map<String, Value> keys = new TreeMap<>();
        for (int i = 0; i < values.size(); i++) {
            keys.put(i < attributes.size() ? attributes.get(i) : "key" + i, values.get(i));
        }
        String version = row.checkpoint() + "-" + row.counter();
        return new DeadLetter(
                "overflow/" + spec.name() + "/" + Integer.toHexString(key.hashCode()) + "/" + names,
                "view " + spec.name(),
                reason,
                Item.of(keys),
                version,
                row.time(),
                null);
    }

    /** Whether the submission has compared or written its row, so that it knows the target. */
    boolean knownTo(long submission) {
        return stamp == submission;
    }

    boolean isDue(Emitted result, long submission) {
        if (stamp == submission) {
            return !result.equals(emitted);
        }
        return !result.empty() || emitted != null && !emitted.empty();
    }

    /** The target holds this result, or will before anything later. */
    void emitted(Emitted result, long submission) {
        stamp = submission;
        emitted = result;
    }

    /** The target may hold anything: a row is due whatever the result. */
    void targetUnknown(long submission) {
        stamp = submission;
        emitted = null;
    }

    Row row(Emitted result, long checkpoint, long counter) {
        return new Row(key, result.measures(), result.empty(), checkpoint, counter, time);
    }

    /** Writes it back, or removes it if there is nothing left to know; settled only. */
    void save(GroupStore store, long submission) {
        boolean forgettable = items == 0 && !isDue(result(), submission);
        if (forgettable) {
            store.remove();
            return;
        }
        Amount[] amounts = new Amount[measures.length];
        for (int i = 0; i < amounts.length; i++) {
            amounts[i] = measures[i].amount();
        }
        store.save(new GroupState(items, time, amounts, stamp, emitted));
    }
}
