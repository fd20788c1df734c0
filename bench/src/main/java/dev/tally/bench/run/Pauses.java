package dev.tally.bench.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How evenly one part of the source is let emit, as the stages behind it let it. For each barrier
 * the longest time without a record is noted from when it passes the source until its checkpoint is
 * complete: its stall, less what fits into the network's buffers. Collections of garbage in it
 * count. The rate in that time is put beside the rate between checkpoints. One per part, for its
 * thread; what is noted is that of all parts.
 */
final class Pauses {

    /** Longest pause of each barrier in each part, nanoseconds. */
    private static final List<Long> AT_BARRIERS = Collections.synchronizedList(new ArrayList<>());

    /** Longest pauses of all parts while no checkpoint was under way, nanoseconds. */
    private static final List<Long> BETWEEN = Collections.synchronizedList(new ArrayList<>());

    /** Records and nanoseconds of all parts: between checkpoints, then during them. */
    private static final long[][] SPENT = new long[2][2];

    private long last = System.nanoTime();
    private long longest;
    private long records;
    private long since = last;
    private boolean underWay;

    /** The checkpoint that is under way, but for the pause. */
    private boolean complete;

    private boolean ended;

    static void reset() {
        AT_BARRIERS.clear();
        BETWEEN.clear();
        synchronized (SPENT) {
            SPENT[0] = new long[2];
            SPENT[1] = new long[2];
        }
    }

    void record() {
        pauseEnds();
        records++;
        if (complete) {
            spend(false);
        }
    }

    private void pauseEnds() {
        long now = System.nanoTime();
        longest = Math.max(longest, now - last);
        last = now;
    }

    /** A barrier passes the source. */
    void barrier() {
        if (!ended) {
            spend(true);
        }
    }

    /** A pause that is not over yet is still the barrier's. */
    void complete() {
        complete = underWay;
    }

    /** Of what comes now, nothing counts. */
    void end() {
        spend(false);
        ended = true;
    }

    private void spend(boolean next) {
        pauseEnds();
        (underWay ? AT_BARRIERS : BETWEEN).add(longest);
        longest = 0;
        int of = underWay ? 1 : 0;
        synchronized (SPENT) {
            SPENT[of][0] += records;
            SPENT[of][1] += last - since;
        }
        records = 0;
        since = last;
        underWay = next;
        complete = false;
    }

    /** Adds what was noted, if a checkpoint was complete before the source's end. */
    static Figures add(Figures figures) {
        List<Long> sorted = new ArrayList<>(AT_BARRIERS);
        Collections.sort(sorted);
        if (sorted.isEmpty() || SPENT[1][1] == 0) {
            return figures;
        }
        double during = SPENT[1][0] / (double) SPENT[1][1];
        double between = SPENT[0][0] / (double) SPENT[0][1];
        long all = SPENT[0][1] + SPENT[1][1];
        return figures.with("pauseP50Millis", sorted.get(sorted.size() / 2) / 1e6)
                .with("pauseP99Millis", sorted.get((sorted.size() * 99 - 1) / 100) / 1e6)
                .with("pauseBetweenMillis", Collections.max(BETWEEN) / 1e6)
                .with("percentDuringCheckpoints", 100 * during / between)
                .with("percentOfTimeInCheckpoints", 100.0 * SPENT[1][1] / all)
                .with("checkpoints", sorted.size());
    }
}
