package dev.tally.diff;

import dev.tally.change.ItemChange;
import dev.tally.item.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random history of a few items on two lineages, by a seed, and how a source reads it: scan and
 * stream interleaved in any way that the contract allows, with clock skew, repeated pages and, if
 * asked for, a second generation, that heals a gap or builds views.
 *
 * <p>Items fall quiet at some time, or never: an error that no later record repairs shows at the
 * end.
 *
 * <p>Time is in ticks. A record's stamped time is off its real time by up to {@link #SKEW}. A
 * generation is pinned at a tick; its fence lies {@link #OVERLAP} before. Each item is scanned at
 * its own tick after the pin, and before ready each lineage is read past the last of them.
 */
final class History {

    /** One record of the stream; null images for no item. */
    static final class Event {
        final int item;
        final int sequence;
        final int time;
        final int stampedTime;
        final String before;
        final String after;

        Event(int item, int sequence, int time, int stampedTime, String before, String after) {
            this.item = item;
            this.sequence = sequence;
            this.time = time;
            this.stampedTime = stampedTime;
            this.before = before;
            this.after = after;
        }
    }

    /** Takes what the source emits, in its order. */
    interface Reader {
        void change(ItemChange change);

        void ready(long generation);

        /** Somebody starts the job anew, from a savepoint, perhaps with other views. */
        default void submitted() {}
    }

    /** Why there is a second generation. */
    enum Second {
        NONE,
        /** Records were lost. */
        GAP,
        /** Views are new; nothing was lost. On a stream without old images that heals, too. */
        BUILD
    }

    static final int ITEMS = 3;
    private static final int LINEAGES = 2;
    private static final int TICKS = 40;
    private static final int OVERLAP = 3;
    private static final int SKEW = 2;
    private static final double MOST_CHANGES = 0.5;
    private static final double REPEATS = 0.15;
    private static final String[] VALUES = {null, "a", "b", "c"};

    static final long FIRST = 100;
    static final long SECOND = 200;

    private final Random random;
    private final boolean newOnly;
    private final Second second;
    private final Reader reader;

    /** Value of each item after each tick. */
    private final String[][] values = new String[ITEMS][TICKS + 1];

    private final List<List<Event>> lineages = new ArrayList<>();
    private final int[] next = new int[LINEAGES];
    private final boolean[] pastFence = new boolean[LINEAGES];

    History(long seed, boolean newOnly, Second second, Reader reader) {
        this.random = new Random(seed);
        this.newOnly = newOnly;
        this.second = second;
        this.reader = reader;
    }

    static String name(int item) {
        return "task-" + item;
    }

    /** What the item is at the end. */
    Item last(int item) {
        return Tasks.task(name(item), values[item][TICKS]);
    }

    Event event(ItemChange change) {
        int sequence = change.version().sequence().intValue();
        for (List<Event> lineage : lineages) {
            for (Event event : lineage) {
                if (event.sequence == sequence) {
                    return event;
                }
            }
        }
        throw new IllegalArgumentException("no event " + sequence);
    }

    void run() {
        write();
        int pin = 3 + random.nextInt(10);
        int secondPin = 22 + random.nextInt(9);
        boolean again = second != Second.NONE;
        readGeneration(0, FIRST, pin, 7, again ? secondPin : TICKS + 1);
        if (again) {
            readAFew(20);
            if (second == Second.GAP) {
                trim(secondPin - OVERLAP - SKEW - 1 - random.nextInt(5));
            }
            if (second == Second.BUILD || random.nextBoolean()) {
                reader.submitted();
            }
            readGeneration(FIRST, SECOND, secondPin, 6, TICKS + 1);
        }
        for (int lineage = 0; lineage < LINEAGES; lineage++) {
            for (Event event : withRepeats(rest(lineage))) {
                reader.change(change(event, again ? SECOND : FIRST));
            }
        }
    }

    private void write() {
        for (int lineage = 0; lineage < LINEAGES; lineage++) {
            lineages.add(new ArrayList<>());
        }
        for (int item = 0; item < ITEMS; item++) {
            values[item][0] = value();
        }
        double often = MOST_CHANGES * random.nextDouble();
        int[] quietFrom = random.ints(ITEMS, 0, 2 * TICKS).toArray();
        int sequence = 0;
        for (int tick = 1; tick <= TICKS; tick++) {
            for (int item = 0; item < ITEMS; item++) {
                String before = values[item][tick - 1];
                boolean changes = tick < quietFrom[item] && random.nextDouble() < often;
                String after = changes ? value() : before;
                values[item][tick] = after;
                if (before != after) {
                    int stamped = tick + random.nextInt(2 * SKEW + 1) - SKEW;
                    lineages.get(item % LINEAGES)
                            .add(new Event(item, sequence++, tick, stamped, before, after));
                }
            }
        }
    }

    private String value() {
        return VALUES[random.nextInt(VALUES.length)];
    }

    /** Scan and stream at once, merged at random, then ready. */
    private void readGeneration(long before, long generation, int pin, int scanTicks, int end) {
        int[] scannedAt = new int[ITEMS];
        int lastScan = pin;
        List<List<Runnable>> queues = new ArrayList<>();
        for (int item = 0; item < ITEMS; item++) {
            scannedAt[item] = pin + random.nextInt(scanTicks);
            lastScan = Math.max(lastScan, scannedAt[item]);
            String found = values[item][scannedAt[item]];
            String name = name(item);
            if (found != null) {
                ItemChange row = Tasks.scanned(name, generation, found).withBase(base(generation));
                queues.add(List.of(() -> reader.change(row)));
            }
        }
        for (int lineage = 0; lineage < LINEAGES; lineage++) {
            pastFence[lineage] = false;
            List<Runnable> records = new ArrayList<>();
            int of = lineage;
            for (Event event : withRepeats(upTo(lineage, lastScan, end))) {
                records.add(() -> stamped(of, event, before, generation, pin - OVERLAP));
            }
            queues.add(records);
        }
        merge(queues);
        reader.ready(generation);
    }

    /** All records until the scan's end, and up to three after it. */
    private List<Event> upTo(int lineage, int lastScan, int end) {
        List<Event> read = new ArrayList<>();
        int extra = random.nextInt(4);
        for (Event event : rest(lineage)) {
            boolean must = event.time <= lastScan;
            if (!must && (extra-- == 0 || event.time >= end)) {
                break;
            }
            read.add(event);
        }
        next[lineage] += read.size();
        return read;
    }

    private List<Event> rest(int lineage) {
        List<Event> all = lineages.get(lineage);
        return all.subList(next[lineage], all.size());
    }

    /** Pages that come twice: after a record, some of those before it once more, in order. */
    private List<Event> withRepeats(List<Event> events) {
        List<Event> repeated = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            repeated.add(events.get(i));
            if (random.nextDouble() < REPEATS) {
                repeated.addAll(events.subList(random.nextInt(i + 1), i + 1));
            }
        }
        return repeated;
    }

    private void stamped(int lineage, Event event, long before, long generation, int fence) {
        pastFence[lineage] |= event.stampedTime >= fence;
        long stamp = pastFence[lineage] ? generation : before;
        if (stamp > 0) {
            reader.change(change(event, stamp).withBase(base(generation)));
        }
    }

    /** Of what is read from the pin of a generation on. */
    private long base(long generation) {
        return second == Second.BUILD && !newOnly ? FIRST : generation;
    }

    private void merge(List<List<Runnable>> queues) {
        int[] at = new int[queues.size()];
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < queues.size(); i++) {
            for (int record = 0; record < queues.get(i).size(); record++) {
                open.add(i);
            }
        }
        while (!open.isEmpty()) {
            int queue = open.remove(random.nextInt(open.size()));
            queues.get(queue).get(at[queue]++).run();
        }
    }

    private void readAFew(int until) {
        for (int lineage = 0; lineage < LINEAGES; lineage++) {
            int count = random.nextInt(4);
            for (Event event : List.copyOf(rest(lineage))) {
                if (count-- == 0 || event.time > until) {
                    break;
                }
                reader.change(change(event, FIRST));
                next[lineage]++;
            }
        }
    }

    /** Records before the tick are gone, read or not. */
    private void trim(int tick) {
        for (int lineage = 0; lineage < LINEAGES; lineage++) {
            while (!rest(lineage).isEmpty() && rest(lineage).get(0).time < tick) {
                next[lineage]++;
            }
        }
    }

    private ItemChange change(Event event, long stamp) {
        String name = name(event.item);
        ItemChange change =
                newOnly
                        ? Tasks.movedNewOnly(name, stamp, event.sequence, event.after)
                        : Tasks.moved(name, stamp, event.sequence, event.before, event.after);
        return change.withBase(base(stamp));
    }
}
