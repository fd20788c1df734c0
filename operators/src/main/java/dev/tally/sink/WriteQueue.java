package dev.tally.sink;

import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Which row to write next. Keeps per group the newest row only, one attempt at a time; lets rows
 * through at the target's rate; holds repeats back, longer each time.
 *
 * <p>The {@link Store}, keyed state, always holds everything that is not written yet. Here is a
 * bounded part of it: groups beyond the bound live in the store alone, outside, and are fetched
 * when there is room again. So a restore starts from the store, and a full memory costs reads,
 * nothing else.
 *
 * <p>The number of attempts under way follows the target: a throttled answer halves it, each
 * written row lets it grow by a fraction, between one and the given bound.
 *
 * <p>Pure: no Flink, no calls, no clock of its own. One thread.
 */
final class WriteQueue {

    /** Everything that is not written yet, by group. */
    interface Store {
        /** Null if there is nothing of the group. */
        Pending get(GroupKey group);

        /** An empty one clears the group. */
        void put(GroupKey group, Pending pending);

        /** Shows the groups, in any order, as long as the visitor says true. */
        void visit(Predicate<GroupKey> visitor);
    }

    private static final long BACKOFF_FIRST = 50;
    private static final long BACKOFF_MAX = 10_000;
    private static final int ENTRY_OVERHEAD = 256;
    private static final int DROP_MAX = 10_000;

    private final Store store;
    private final long submission;
    private final int inFlightMax;
    private final long bytesMax;
    private final TokenBucket rate;
    private final Random random;

    private final Map<GroupKey, Entry> entries = new HashMap<>();
    private final ArrayDeque<Entry> ready = new ArrayDeque<>();
    private final PriorityQueue<Entry> waiting =
            new PriorityQueue<>((a, b) -> Long.compare(a.notBefore, b.notBefore));

    private long completed;
    private long written;
    private long bytes;

    /** Groups that live in the store alone. */
    private long outside;

    /** Whether some of those outside may have a row that may be written. */
    private boolean fetchable;

    /** Groups here with a committed row that may be written and is not. */
    private int owing;

    private int inFlight;
    private double window;
    private long replaced;

    /**
     * @param bytesMax of rows kept here, roughly
     * @param completed the checkpoint that the state was restored from, 0 for none
     */
    WriteQueue(
            Store store,
            long submission,
            int inFlightMax,
            long bytesMax,
            TokenBucket rate,
            long completed,
            Random random) {
        this.store = store;
        this.submission = submission;
        this.inFlightMax = inFlightMax;
        this.bytesMax = bytesMax;
        this.rate = rate;
        this.completed = completed;
        this.random = random;
        this.window = inFlightMax;
    }

    /**
     * Takes over what the store holds; called once, first. Rows of other submissions are dropped:
     * each submission begins by comparing the whole target with its state.
     *
     * @return how many groups had rows of other submissions
     */
    long restore() {
        long dropped = 0;
        List<GroupKey> strange = new ArrayList<>();
        do {
            outside = 0;
            strange.clear();
            store.visit(
                    group -> {
                        if (store.get(group).submission() == submission) {
                            outside++;
                        } else {
                            strange.add(group);
                        }
                        return strange.size() < DROP_MAX;
                    });
            for (GroupKey group : strange) {
                store.put(group, Pending.none(submission));
            }
            dropped += strange.size();
        } while (strange.size() == DROP_MAX);
        fetchable = outside > 0;
        fetch();
        return dropped;
    }

    /** Takes a row; an eager one may be written at once, others after their checkpoint. */
    void offer(Row row) {
        Entry entry = entries.get(row.group());
        Pending known =
                entry != null ? entry.pending : outside == 0 ? null : store.get(row.group());
        Pending before = known == null ? Pending.none(submission) : known.promoted(completed);
        Pending after = before.with(row, completed);
        Row slot = row.eager() ? before.writable() : before.awaiting();
        replaced += slot == null ? 0 : 1;
        store.put(row.group(), after);
        if (entry != null) {
            change(entry, after);
        } else if (bytes < bytesMax) {
            outside -= known == null ? 0 : 1;
            enter(row.group(), after);
            if (before.writable() != null) {
                owe(entries.get(row.group()), before.writable());
            }
        } else {
            outside += known == null ? 1 : 0;
            fetchable |= after.writable() != null;
            fetch();
        }
    }

    /** A checkpoint has completed: its rows may be written. */
    void completed(long checkpoint) {
        completed = Math.max(completed, checkpoint);
        for (Entry entry : entries.values()) {
            Row awaiting = entry.pending.awaiting();
            if (awaiting != null && awaiting.checkpoint() <= completed) {
                owe(entry, awaiting);
                change(entry, entry.pending.promoted(completed));
            }
        }
        fetchable = outside > 0;
        fetch();
        settleCheckpoint();
    }

    /** The next row to send, under way from now on; null if none may go. */
    Row next(long now) {
        while (!waiting.isEmpty() && waiting.peek().notBefore <= now) {
            enqueue(waiting.poll());
        }
        if (ready.isEmpty() || inFlight >= (int) window || !rate.tryTake(now)) {
            return null;
        }
        Entry entry = ready.poll();
        entry.place = Place.SENT;
        entry.sent = entry.pending.writable();
        inFlight++;
        return entry.sent;
    }

    /** When to ask {@link #next} again if nothing else happens; {@code Long.MAX_VALUE}: never. */
    long wakeAt(long now) {
        if (inFlight >= (int) window) {
            return Long.MAX_VALUE;
        }
        if (!ready.isEmpty()) {
            return rate.nextAt(now);
        }
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.peek().notBefore;
    }

    /** The row needs no further attempt: it is written, late or refused. */
    void settled(Row row) {
        Entry entry = landed(row);
        window = Math.min(inFlightMax, window + 1 / window);
        entry.attempts = 0;
        if (entry.owed != null && Pending.order(row, entry.owed) >= 0) {
            entry.owed = null;
            owing--;
        }
        Pending after = entry.pending.without(row);
        store.put(row.group(), after);
        change(entry, after);
        if (bytes < bytesMax / 2 || idle()) {
            fetch();
        }
        settleCheckpoint();
    }

    /** The row, or a newer one of its group, is to be sent after a wait. */
    void repeat(Row row, boolean throttled, long now) {
        Entry entry = landed(row);
        window = throttled ? Math.max(1, window / 2) : window;
        long most = Math.min(BACKOFF_MAX, BACKOFF_FIRST << Math.min(entry.attempts, 16));
        entry.attempts++;
        entry.notBefore = now + most / 2 + (long) (random.nextDouble() * most / 2);
        entry.place = Place.WAITING;
        waiting.add(entry);
    }

    /** The last completed checkpoint. */
    long completed() {
        return completed;
    }

    /** The newest checkpoint of which every row is in the target, or has been replaced there. */
    long written() {
        return written;
    }

    /** Groups with a row that is not in the target yet, waiting for a checkpoint or not. */
    long backlog() {
        return entries.size() + outside;
    }

    /** Whether no row is left that may be written. */
    boolean drained() {
        return idle() && !fetchable;
    }

    private boolean idle() {
        return inFlight == 0 && ready.isEmpty() && waiting.isEmpty();
    }

    /** Rows that wait for their checkpoint must not keep out those that may be written. */
    private boolean hasRoom() {
        return bytes < (idle() ? 2 * bytesMax : bytesMax);
    }

    int inFlight() {
        return inFlight;
    }

    /** Rows that a newer one of their group has replaced before they were written. */
    long replaced() {
        return replaced;
    }

    private Entry landed(Row row) {
        Entry entry = entries.get(row.group());
        if (entry == null || entry.sent != row) {
            throw new IllegalStateException("an answer came for a row that is not under way");
        }
        entry.sent = null;
        entry.place = Place.IDLE;
        inFlight--;
        return entry;
    }

    private void enter(GroupKey group, Pending pending) {
        Entry entry = new Entry(group, Pending.none(submission));
        entries.put(group, entry);
        change(entry, pending);
    }

    private void change(Entry entry, Pending after) {
        entry.pending = after;
        int size = ENTRY_OVERHEAD + size(after.writable()) + size(after.awaiting());
        bytes += size - entry.bytes;
        entry.bytes = size;
        if (entry.place == Place.IDLE && after.writable() != null) {
            enqueue(entry);
        } else if (entry.place == Place.IDLE && after.isEmpty()) {
            bytes -= size;
            entries.remove(entry.group);
        }
    }

    private void enqueue(Entry entry) {
        entry.place = Place.READY;
        ready.add(entry);
    }

    private void owe(Entry entry, Row row) {
        owing += entry.owed == null ? 1 : 0;
        entry.owed = row;
    }

    private void settleCheckpoint() {
        if (owing == 0 && !fetchable) {
            written = completed;
        }
    }

    /** Takes in groups from outside whose row may be written, as far as there is room. */
    private void fetch() {
        if (!fetchable || !hasRoom()) {
            return;
        }
        fetchable = false;
        store.visit(
                group -> {
                    if (entries.containsKey(group)) {
                        return true;
                    }
                    Pending pending = store.get(group).promoted(completed);
                    if (pending.writable() == null) {
                        return true;
                    }
                    fetchable = !hasRoom();
                    if (!fetchable) {
                        enter(group, pending);
                        owe(entries.get(group), pending.writable());
                        outside--;
                    }
                    return !fetchable;
                });
    }

    private static int size(Row row) {
        int size = 0;
        for (int i = 0; row != null && i < row.measures().length; i++) {
            size += row.measures()[i] == null ? 8 : 48 + row.measures()[i].size();
        }
        return size;
    }

    private enum Place {
        /** Nothing to write but what waits for its checkpoint. */
        IDLE,
        READY,
        /** After an attempt to be repeated. */
        WAITING,
        SENT
    }

    /** One group in memory. */
    private static final class Entry {
        private final GroupKey group;
        private Pending pending;
        private Place place = Place.IDLE;

        /** The row under way. */
        private Row sent;

        /** The committed row that the target must have, or a newer one, before all is written. */
        private Row owed;

        private int attempts;
        private long notBefore;
        private int bytes;

        private Entry(GroupKey group, Pending pending) {
            this.group = group;
            this.pending = pending;
        }
    }
}
