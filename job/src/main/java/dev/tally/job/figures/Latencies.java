package dev.tally.job.figures;

import dev.tally.item.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * From changes of one row and what the row was seen to hold, how long each took to show. A row that
 * shows a change shows all before it: they were made one after the other on one item.
 *
 * <p>Times are nanoseconds of any one clock. Not thread safe.
 */
final class Latencies {

    private final Deque<Change> awaited = new ArrayDeque<>();
    private final List<Long> nanos = new ArrayList<>();

    /**
     * A change was made.
     *
     * @param results what the row holds when it shows it
     */
    void changed(Value[] results, long at) {
        awaited.addLast(new Change(results, at));
    }

    /** The row was read. */
    void seen(Value[] results, long at) {
        int shown = 0;
        int position = 0;
        for (Change change : awaited) {
            position++;
            if (Arrays.equals(change.results, results)) {
                shown = position;
            }
        }
        for (int i = 0; i < shown; i++) {
            nanos.add(Math.max(0, at - awaited.removeFirst().at));
        }
    }

    /** Forgets what was measured so far: before that, more than a change is waited for. */
    void restart() {
        nanos.clear();
    }

    /** Changes that the row has not shown yet. */
    int awaited() {
        return awaited.size();
    }

    /** Changes that it has shown. */
    int shown() {
        return nanos.size();
    }

    /**
     * The smallest latency that so much of the changes did not exceed; those still awaited count
     * with the time they have waited, else a row that stands still would look fast.
     *
     * @param quantile above 0, up to 1
     * @return milliseconds; NaN without changes
     */
    double millis(double quantile, long now) {
        List<Long> all = new ArrayList<>(nanos);
        for (Iterator<Change> open = awaited.iterator(); open.hasNext(); ) {
            all.add(Math.max(0, now - open.next().at));
        }
        if (all.isEmpty()) {
            return Double.NaN;
        }
        Collections.sort(all);
        int rank = (int) Math.ceil(quantile * all.size());
        return all.get(Math.max(1, rank) - 1) / 1e6;
    }

    private static final class Change {
        private final Value[] results;
        private final long at;

        private Change(Value[] results, long at) {
            this.results = results;
            this.at = at;
        }
    }
}
