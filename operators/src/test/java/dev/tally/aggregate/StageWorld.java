package dev.tally.aggregate;

import static dev.tally.aggregate.GroupKit.FIRST;

import dev.tally.item.Value;
import dev.tally.view.Contribution;
import dev.tally.view.GroupKey;
import dev.tally.view.Member;
import dev.tally.view.Row;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;

/**
 * A table, an item stage that bundles, the real group stage and a target table with a row sink that
 * writes late, under its guard: everything that a run of one stage meets, driven by a seed.
 *
 * <p>The sink: a committed row may be written once its checkpoint has completed, and is written
 * some time after, whatever fails in between; an eager row may be written at once, and some time
 * after, also after the attempt that sent it has died. When a new submission starts, each of them
 * is written, lost, or still on its way for some time.
 */
final class StageWorld {

    private static final int ITEMS = 6;
    private static final int GROUPS = 5;
    private static final int CHANGES = 60;

    /** Room for four early rows per group on the heap: sometimes too little. */
    private static final long EARLY_BYTES = 660;

    /** One change of one item: its new group and effort, or null for its removal. */
    private static final class Change {
        final int item;
        final String group;
        final Value effort;

        Change(int item, String group, Value effort) {
            this.item = item;
            this.group = group;
            this.effort = effort;
        }
    }

    /** A row under the guard of the submission that sent it. */
    private static final class Write {
        final Row row;
        final long submission;

        Write(Row row, long submission) {
            this.row = row;
            this.submission = submission;
        }

        boolean isNewerThan(Write other) {
            if (submission != other.submission) {
                return submission > other.submission;
            }
            return row.checkpoint() != other.row.checkpoint()
                    ? row.checkpoint() > other.row.checkpoint()
                    : row.counter() > other.row.counter();
        }
    }

    /** A completed checkpoint. */
    private static final class Saved {
        final long id;
        final int position;
        final Change[] items;
        final OperatorSubtaskState state;

        Saved(long id, int position, Change[] items, OperatorSubtaskState state) {
            this.id = id;
            this.position = position;
            this.items = items;
            this.state = state;
        }
    }

    private final Random random;
    private final ViewSpec view;
    private final boolean eager;
    private final boolean deletes;
    private final StateBackend backend;
    private final List<Change> changes = new ArrayList<>();

    /** Changes from here on are of a later generation. */
    private final int laterFrom;

    private final HeldRows target = new HeldRows().byHand();
    private final Map<GroupKey, Write> guards = new HashMap<>();
    private final List<Row> uncommitted = new ArrayList<>();
    private final List<Write> writable = new ArrayList<>();
    private final List<Saved> completed = new ArrayList<>();

    /** What a failure goes back to; null: to the beginning. */
    private Saved restart;

    private StageHarness stage;
    private long submission = 1;
    private long lastCheckpoint;
    private long now;

    /** When no write of an earlier submission is on its way any more. */
    private long lateUntil;

    private int position;
    private Change[] items = new Change[ITEMS];

    StageWorld(long seed, ViewSpec view, StateBackend backend) throws Exception {
        this.random = new Random(seed);
        this.view = view;
        this.eager = new ViewRules(view, 0).eager();
        this.deletes = new ViewRules(view, 0).deletesEmpty();
        this.backend = backend;
        this.laterFrom = random.nextInt(2 * CHANGES);
        for (int i = 0; i < CHANGES; i++) {
            int item = random.nextInt(ITEMS);
            boolean removal = random.nextInt(4) == 0;
            String group = removal ? null : "l" + random.nextInt(GROUPS);
            changes.add(new Change(item, group, removal ? null : effort()));
        }
        start(null);
    }

    private Value effort() {
        return Value.number(random.nextInt(4));
    }

    private void start(Saved saved) throws Exception {
        int groups = 1 + random.nextInt(3);
        int slice = 1 + random.nextInt(2);
        StageOptions options = new StageOptions(groups, EARLY_BYTES * groups, 10, slice);
        GroupStage made = StageHarness.stage(submission, target, lateUntil, options, view);
        target.forgetAsked();
        OperatorSubtaskState state = saved == null ? null : saved.state;
        stage = StageHarness.restored(made, backend, 1, 0, state, saved == null ? 0 : saved.id);
        stage.time(now);
        position = saved == null ? 0 : saved.position;
        items = saved == null ? new Change[ITEMS] : saved.items.clone();
        uncommitted.clear();
    }

    /** Something happens. */
    void step() throws Exception {
        switch (random.nextInt(12)) {
            case 0:
            case 1:
            case 2:
            case 3:
                bundle(1 + random.nextInt(5));
                break;
            case 4:
            case 5:
                checkpoint(random.nextInt(4) > 0);
                break;
            case 6:
                time(now + 10);
                break;
            case 7:
                announce();
                break;
            case 8:
                answer();
                break;
            case 9:
                write(random.nextInt(4));
                break;
            case 10:
                if (random.nextInt(3) == 0) {
                    fail();
                }
                break;
            default:
                if (random.nextInt(5) == 0) {
                    submitAgain();
                }
        }
    }

    private void time(long later) throws Exception {
        now = later;
        if (now >= lateUntil) {
            writable.removeIf(write -> write.submission < submission);
        }
        stage.time(now);
        collect();
    }

    /** As the item stage does: each item's before and after, and what it passed through. */
    private void bundle(int size) throws Exception {
        int end = Math.min(CHANGES, position + size);
        long stamp = position >= laterFrom ? FIRST + 1 : FIRST;
        Map<Integer, Change> before = new LinkedHashMap<>();
        Set<String> touched = new LinkedHashSet<>();
        for (; position < end; position++) {
            Change change = changes.get(position);
            if (!before.containsKey(change.item)) {
                before.put(change.item, items[change.item]);
            } else {
                touched.add(groupOf(items[change.item]));
            }
            items[change.item] = change;
        }
        for (Map.Entry<Integer, Change> item : before.entrySet()) {
            moved(stamp, item.getValue(), items[item.getKey()]);
        }
        touched.remove(null);
        for (String group : eager ? touched : Set.<String>of()) {
            stage.take(new Contribution(key(group), stamp, 7, null, null));
        }
        collect();
    }

    private void moved(long stamp, Change before, Change after) throws Exception {
        String from = groupOf(before);
        String to = groupOf(after);
        if (from != null && from.equals(to)) {
            stage.take(new Contribution(key(to), stamp, 7, inputs(before), inputs(after)));
            return;
        }
        if (from != null) {
            stage.take(new Contribution(key(from), stamp, 7, inputs(before), null));
        }
        if (to != null) {
            stage.take(new Contribution(key(to), stamp, 7, null, inputs(after)));
        }
    }

    private static String groupOf(Change change) {
        return change == null ? null : change.group;
    }

    private static Value[] inputs(Change change) {
        return new Value[] {Value.TRUE, change.effort, change.effort, change.effort, change.effort};
    }

    private GroupKey key(String group) {
        return GroupKit.group(view.name(), group);
    }

    private void collect() {
        for (Row row : stage.rows()) {
            if (row.eager()) {
                writable.add(new Write(row, submission));
            } else {
                uncommitted.add(row);
            }
        }
    }

    private void checkpoint(boolean completes) throws Exception {
        lastCheckpoint++;
        OperatorSubtaskState state = stage.checkpoint(lastCheckpoint);
        collect();
        if (!completes) {
            return;
        }
        stage.completed(lastCheckpoint);
        uncommitted.forEach(row -> writable.add(new Write(row, submission)));
        uncommitted.clear();
        restart = new Saved(lastCheckpoint, position, items.clone(), state);
        completed.add(restart);
    }

    private void announce() throws Exception {
        stage.ready(position > laterFrom ? FIRST + 1 : FIRST);
        collect();
    }

    private void answer() throws Exception {
        if (target.isAsked()) {
            target.answer();
            stage.mails();
        }
    }

    private void answerAll() throws Exception {
        while (target.isAsked()) {
            answer();
        }
    }

    /** Writes some of what may be written, in any order. */
    private void write(int rows) {
        for (int i = 0; i < rows && !writable.isEmpty(); i++) {
            Write write = writable.remove(random.nextInt(writable.size()));
            Write holds = guards.get(write.row.group());
            if (holds == null || write.isNewerThan(holds)) {
                guards.put(write.row.group(), write);
                target.writtenBy(write.submission);
                if (write.row.empty() && deletes) {
                    target.bury(write.row);
                } else {
                    target.write(write.row);
                }
            }
        }
    }

    /** The task dies; its last completed checkpoint is restored. */
    private void fail() throws Exception {
        stage.close();
        start(restart);
    }

    /** Somebody stops the job and starts it again, from any checkpoint so far. */
    private void submitAgain() throws Exception {
        stage.close();
        write(random.nextInt(writable.size() + 1));
        if (random.nextBoolean()) {
            writable.clear();
        }
        submission++;
        lateUntil = now + 10 * (1 + random.nextInt(8));
        restart = completed.isEmpty() ? null : completed.get(random.nextInt(completed.size()));
        start(restart);
    }

    /** All changes are read, all rows let out and written. */
    void finish() throws Exception {
        while (position < CHANGES) {
            bundle(CHANGES);
        }
        stage.ready(FIRST + 1);
        answerAll();
        while (stage.phase() != Phase.LIVE) {
            checkpoint(true);
        }
        write(random.nextInt(writable.size() + 1));
        time(Math.max(now, lateUntil));
        answerAll();
        checkpoint(true);
        write(writable.size());
        stage.close();
    }

    /** Groups whose row is not what a recount gives; empty if the target is right. */
    List<String> wrongGroups() {
        Recount recount = new Recount(view);
        for (Change item : items) {
            if (groupOf(item) != null) {
                recount.add(new Member(key(item.group), inputs(item)));
            }
        }
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < GROUPS; i++) {
            Value[] right = recount.results().get(key("l" + i));
            Value[] held = target.measures(key("l" + i));
            Value[] none = deletes ? new Value[view.measures().size()] : recount.nothing();
            boolean empty = held == null || Arrays.equals(held, none);
            if (right == null ? !empty : !Arrays.equals(held, right)) {
                wrong.add("l" + i);
            }
        }
        return wrong;
    }
}
