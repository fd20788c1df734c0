package dev.tally.aggregate;

import dev.tally.aggregate.GroupState.Emitted;
import dev.tally.view.Contribution;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import dev.tally.view.TargetRow;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * All groups of one subtask: a bounded heap cache over a {@link GroupStore}, and the rules by which
 * rows go out. It knows nothing of phases: the {@link Outlet} decides which views are let out.
 *
 * <p>Life of a group between two barriers: loaded or made by its first contribution ({@link #take})
 * → touched, changed on the heap only → at the barrier settled, its row emitted if one is due,
 * written back. One that must leave the heap before, and of many touched ones those touched longest
 * ago, are written back early, so that little is left for the barrier; of these only the row stays
 * ({@link EarlyRows}), or a note in the store if those are too many. The cache evicts the group
 * used longest ago; groups walked or compared pass through without a place in it.
 */
final class GroupBook {

    /**
     * Values of ordered measures that may wait on the heap, by weight (long ones weigh more). Each
     * takes about 100 bytes, and 0.3 µs to settle: more would stall the barrier.
     */
    private static final int VALUES_MAX = 200_000;

    /** One in so many groups on the heap may be touched: each takes some 10 µs at the barrier. */
    private static final int TOUCHED_SHARE = 10;

    /** One in so many touched groups is written back when they are too many. */
    private static final int BACK_SHARE = 8;

    /** Groups looked at per row that may be released: of clean ones each takes 3 µs. */
    private static final int LOOKS_PER_ROW = 3;

    private final GroupStore store;
    private final Map<String, ViewRules> views;
    private final long submission;
    private final int groupsMax;
    private final int touchedMax;
    private final Outlet outlet;

    /** By last use. */
    private final LinkedHashMap<GroupKey, Group> cache = new LinkedHashMap<>(64, 0.75f, true);

    /** Subset of the cache: groups with contributions that are not written back. */
    private final Map<GroupKey, Group> touched = new LinkedHashMap<>();

    /** Subset of the cache: groups of eager views touched since their last row. */
    private final Map<GroupKey, Group> eagerDue = new LinkedHashMap<>();

    private GroupStore.Walk walk;

    /** Views that the walk looks at: those to be released when it began. */
    private final Set<String> walked = new HashSet<>();

    private long valuesWaiting;

    /** Rows of groups written back since the last barrier, which that of the next one lets out. */
    private final EarlyRows early;

    /** Groups written back that the store has noted: there was no room for their rows. */
    private long awaiting;

    GroupBook(
            GroupStore store,
            Map<String, ViewRules> views,
            long submission,
            StageOptions options,
            Outlet outlet) {
        this.store = store;
        this.views = views;
        this.submission = submission;
        this.groupsMax = options.groupsMax();
        this.touchedMax = Math.max(1, groupsMax / TOUCHED_SHARE);
        this.early = new EarlyRows(options.earlyBytesMax());
        this.outlet = outlet;
    }

    /**
     * @return false if it was a touch that changes nothing
     */
    boolean take(Contribution contribution) {
        GroupKey key = contribution.group();
        boolean touchOnly = contribution.retract() == null && contribution.add() == null;
        Group group = cache.get(key);
        if (group == null) {
            if (touchOnly && !rules(key).eager()) {
                return false;
            }
            group = Group.load(key, rules(key), store);
        }
        boolean eager =
                group.view().eager()
                        && (group.knownTo(submission) || outlet.letsOut(group.view().name()));
        if (touchOnly && !eager) {
            return false;
        }
        if (touchOnly) {
            group.touch(contribution.time());
        } else {
            apply(group, contribution);
        }
        touched(group);
        if (eager) {
            group.targetUnknown(submission);
            eagerDue.put(key, group);
        }
        return true;
    }

    private void touched(Group group) {
        if (!group.touched()) {
            group.touched(true);
            touched.put(group.key(), group);
            cache.put(group.key(), group);
            trickle();
            evict();
        }
    }

    /** Writes back what was touched longest ago, so that little is left for the barrier. */
    private void trickle() {
        if (touched.size() <= touchedMax) {
            return;
        }
        Iterator<Group> oldest = touched.values().iterator();
        for (int left = Math.max(1, touchedMax / BACK_SHARE); left > 0; left--) {
            Group group = oldest.next();
            oldest.remove();
            writeBack(group);
        }
    }

    /** The target may hold anything for the group: the next barrier writes its row. */
    void writeAnew(GroupKey key) {
        Group group = find(key);
        group.targetUnknown(submission);
        touched(group);
    }

    private void apply(Group group, Contribution contribution) {
        if (!group.view().ordered()) {
            group.apply(contribution);
            return;
        }
        int before = group.waiting();
        group.apply(contribution);
        valuesWaiting += group.waiting() - before;
        if (valuesWaiting > VALUES_MAX) {
            settleWaiting(group);
        }
    }

    /** Between barriers, so that little is left for the next one. */
    private void settleWaiting(Group newest) {
        settle(newest);
        touched.values().stream().filter(group -> group.waiting() > 0).forEach(this::settle);
    }

    private void settle(Group group) {
        valuesWaiting -= group.waiting();
        store.select(group.key());
        group.settle();
    }

    private Group find(GroupKey key) {
        Group group = cache.get(key);
        return group == null ? Group.load(key, rules(key), store) : group;
    }

    private ViewRules rules(GroupKey key) {
        ViewRules view = views.get(key.view());
        if (view == null) {
            throw new IllegalStateException("cannot aggregate " + key + ": there is no such view");
        }
        return view;
    }

    private void evict() {
        while (cache.size() > groupsMax) {
            Group eldest = cache.values().iterator().next();
            cache.remove(eldest.key());
            if (!eldest.touched()) {
                continue;
            }
            touched.remove(eldest.key());
            eagerDue.remove(eldest.key());
            writeBack(eldest);
        }
    }

    /** Before the barrier: its row, if one is due, is kept for that. */
    private void writeBack(Group group) {
        group.touched(false);
        settle(group);
        Emitted result = group.result();
        boolean due = outlet.letsOut(group.view().name()) && group.isDue(result, submission);
        if (due && early.put(group, result)) {
            group.emitted(result, submission);
        } else if (due) {
            store.await();
            awaiting++;
        }
        group.save(store, submission);
    }

    /**
     * At a barrier: emits a row for every touched group where one is due and may go out, and writes
     * all back. What is kept back is found by the release.
     *
     * @return how many rows were kept back
     */
    long commit(long checkpoint) {
        long kept = 0;
        for (Group group : touched.values()) {
            settle(group);
            if (outlet.letsOut(group.view().name())) {
                if (emitIfDue(group, checkpoint)) {
                    early.remove(group.key());
                }
            } else if (!early.has(group.key()) && group.isDue(group.result(), submission)) {
                kept++;
            }
            group.save(store, submission);
        }
        untouch();
        kept += early.commit(checkpoint, outlet, this::keepBack);
        return awaiting > 0 ? kept + commitAwaiting(checkpoint) : kept;
    }

    /** Its row was early, but the view is held since. */
    private void keepBack(GroupKey key) {
        Group group = find(key);
        group.targetUnknown(submission);
        store.select(key);
        group.save(store, submission);
    }

    private long commitAwaiting(long checkpoint) {
        long kept = 0;
        try (GroupStore.Walk keys = store.awaiting()) {
            while (keys.hasNext()) {
                GroupKey key = keys.next();
                store.select(key);
                if (outlet.letsOut(key.view())) {
                    look(key, checkpoint, false);
                } else {
                    kept++;
                }
                store.awaited();
            }
        }
        awaiting = 0;
        return kept;
    }

    private void untouch() {
        touched.values().forEach(group -> group.touched(false));
        touched.clear();
        eagerDue.clear();
    }

    private boolean emitIfDue(Group group, long checkpoint) {
        Emitted result = group.result();
        if (!group.isDue(result, submission)) {
            return false;
        }
        Row row = group.row(result, checkpoint, 0);
        outlet.emit(row, group.overflows() ? group : null);
        group.emitted(result, submission);
        return true;
    }

    /** Whether a group of an eager view was touched since its last row. */
    boolean anyEagerDue() {
        return !eagerDue.isEmpty();
    }

    /**
     * Between barriers: rows of groups of eager views touched since the last call.
     *
     * @return whether there were any
     */
    boolean emitEager(long checkpoint, long counter) {
        boolean any = false;
        Iterator<Group> due = eagerDue.values().iterator();
        while (due.hasNext()) {
            Group group = due.next();
            if (outlet.letsEagerOut(group.view().name())) {
                settle(group);
                outlet.row(group.row(group.result(), checkpoint, counter));
                due.remove();
                any = true;
            }
        }
        return any;
    }

    /**
     * Goes on walking all groups, right after {@link #commit}, and emits the rows that are due.
     *
     * @param rowsMax how many at most
     * @param views to be released; those that come during a walk wait for the next one
     * @return the views that all is out of
     */
    Set<String> release(long checkpoint, int rowsMax, Set<String> views) {
        if (walk == null) {
            walk = store.groups();
            walked.addAll(views);
        }
        int rows = 0;
        for (long looks = (long) LOOKS_PER_ROW * rowsMax; looks > 0 && rows < rowsMax; looks--) {
            if (!walk.hasNext()) {
                Set<String> released = Set.copyOf(walked);
                close();
                return released;
            }
            GroupKey key = walk.next();
            if (walked.contains(key.view()) && look(key, checkpoint, outlet.renews(key.view()))) {
                rows++;
            }
        }
        return Set.of();
    }

    /** The view is held again: a walk that is under way does not release it. */
    void stopRelease(String view) {
        walked.remove(view);
        if (walked.isEmpty()) {
            close();
        }
    }

    /** Ends a walk that is under way; the next one starts again. */
    void close() {
        walked.clear();
        if (walk != null) {
            walk.close();
            walk = null;
        }
    }

    /** Emits the group's row if it is due, or in any case; leaves the group selected. */
    private boolean look(GroupKey key, long checkpoint, boolean anew) {
        Group group = find(key);
        store.select(key);
        if (anew) {
            group.targetUnknown(submission);
        }
        boolean emitted = emitIfDue(group, checkpoint);
        if (emitted || group.isEmpty()) {
            group.save(store, submission);
        }
        return emitted;
    }

    /** Compares a row that the target holds, before this submission has written any. */
    Comparison compare(ViewRules view, TargetRow row) {
        GroupKey key = row.group();
        Group group = find(key);
        boolean anew = outlet.renews(key.view());
        if (!anew && group.knownTo(submission)) {
            return Comparison.KNOWN;
        }
        settle(group);
        Emitted result = group.result();
        boolean equal = row.guarded() && view.shows(row, result);
        if (equal && !anew && view.mayStay(row, submission)) {
            group.emitted(result, submission);
            group.save(store, submission);
            return Comparison.EQUAL;
        }
        group.targetUnknown(submission);
        group.save(store, submission);
        if (equal) {
            return Comparison.RENEWED;
        }
        return result.empty() ? Comparison.ORPHAN : Comparison.DIFFERENT;
    }

    /** Groups on the heap. */
    int cached() {
        return cache.size();
    }

    /** Groups touched since the last barrier, written back or not. */
    long touched() {
        return touched.size() + early.size() + awaiting;
    }
}
