package dev.tally.aggregate.measure;

import java.util.HashMap;
import java.util.Map;

/**
 * A multiset of values with its first key and the number of different ones at hand.
 *
 * <p>Changes wait on the heap as differences per value, so that a value that comes and goes between
 * two settlements costs nothing below; {@link #settle} brings them into the {@link ValueCounts}.
 * The first key is sought there only when it has gone itself: one seek, since the counts are in the
 * order of the keys.
 */
final class OrderedMultiset {

    private final ValueCounts counts;
    private final boolean seeksFirst;

    /** Value to signed difference; never zero. */
    private final Map<ValueKey, long[]> waiting = new HashMap<>();

    private int weight;
    private long distinct;
    private ValueKey first;

    /**
     * @param seeksFirst whether the first key is wanted
     */
    OrderedMultiset(ValueCounts counts, boolean seeksFirst) {
        this.counts = counts;
        this.seeksFirst = seeksFirst;
    }

    /**
     * @param by occurrences more, or fewer if negative
     */
    void change(ValueKey key, long by) {
        long[] difference = waiting.get(key);
        if (difference == null) {
            waiting.put(key, new long[] {by});
            weight += key.weight();
        } else {
            difference[0] += by;
            if (difference[0] == 0) {
                waiting.remove(key);
                weight -= key.weight();
            }
        }
    }

    /** Takes in all values of the other, which is settled. */
    void merge(OrderedMultiset other) {
        other.counts.forEach(this::change);
    }

    /** What waits weighs: {@link ValueKey#weight} of each value. */
    int waiting() {
        return weight;
    }

    /**
     * @return false if some value would be there fewer than zero times
     */
    boolean settle() {
        if (waiting.isEmpty()) {
            return true;
        }
        boolean firstGone = false;
        for (Map.Entry<ValueKey, long[]> change : waiting.entrySet()) {
            ValueKey key = change.getKey();
            long before = counts.get(key);
            long after = before + change.getValue()[0];
            if (after < 0) {
                return false;
            }
            counts.set(key, after);
            if (before == 0) {
                distinct++;
                if (seeksFirst && (first == null || key.compareTo(first) < 0)) {
                    first = key;
                }
            } else if (after == 0) {
                distinct--;
                firstGone |= key.equals(first);
            }
        }
        waiting.clear();
        weight = 0;
        if (firstGone && seeksFirst) {
            first = distinct == 0 ? null : counts.first();
        }
        return true;
    }

    /** How many different values there are; settled only. */
    long distinct() {
        return distinct;
    }

    /** Null if there is none, or none is sought; settled only. */
    ValueKey first() {
        return first;
    }

    void restore(long restoredDistinct, ValueKey restoredFirst) {
        distinct = restoredDistinct;
        first = restoredFirst;
    }
}
