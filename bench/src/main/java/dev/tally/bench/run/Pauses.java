package dev.tally.bench.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How evenly one part of the source is let emit, as the stages behind it let it. Between a barrier
 * and the next the longest time without a record is noted: the barrier's stall in it, less what
 * fits into the network's buffers. And the rate while checkpoints are under way is put beside the
 * rate between them. One per part, for its thread; the noted ones are those of all parts.
 */
final class Pauses {

    /** Longest pauses of all parts, nanoseconds. */
    private static final List<Long> LONGEST = Collections.synchronizedList(new ArrayList<>());

    /** Records and nanoseconds of all parts: between checkpoints, then during them. */
    private static final long[][] SPENT = new long[2][2];

    private long last = System.nanoTime();

    /** Since the barrier; nothing counts before the first one. */
    private long longest;

    private boolean afterBarrier;
    private boolean ended;
    private long records;
    private long since = last;
    private int underWay;

    static void reset() {
        LONGEST.clear();
        synchronized (SPENT) {
            SPENT[0] = new long[2];
            SPENT[1] = new long[2];
        }
    }

    void record() {
        long now = System.nanoTime();
        longest = Math.max(longest, now - last);
        last = now;
        records++;
    }

    /** A barrier passes the source. */
    void barrier() {
        if (ended) {
            return;
        }
        spend(1);
        if (afterBarrier) {
            LONGEST.add(longest);
        }
        afterBarrier = true;
        longest = 0;
    }

    void complete() {
        if (!ended) {
            spend(0);
        }
    }

    /** Of what comes now, nothing counts. */
    void end() {
        spend(0);
        ended = true;
    }

    private void spend(int next) {
        long now = System.nanoTime();
        synchronized (SPENT) {
            SPENT[underWay][0] += records;
            SPENT[underWay][1] += now - since;
        }
        records = 0;
        since = now;
        underWay = next;
    }

    /** Adds what was noted, if a checkpoint was complete before the source's end. */
    static Figures add(Figures figures) {
        List<Long> sorted = new ArrayList<>(LONGEST);
        Collections.sort(sorted);
        if (sorted.isEmpty() || SPENT[1][1] == 0) {
            return figures;
        }
        double during = SPENT[1][0] / (double) SPENT[1][1];
        double between = SPENT[0][0] / (double) SPENT[0][1];
        return figures.with("pauseP50Millis", sorted.get(sorted.size() / 2) / 1e6)
                .with("pauseP99Millis", sorted.get((sorted.size() * 99 - 1) / 100) / 1e6)
                .with("percentDuringCheckpoints", 100 * during / between)
                .with("checkpoints", sorted.size());
    }
}
