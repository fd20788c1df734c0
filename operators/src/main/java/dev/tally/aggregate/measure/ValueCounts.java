package dev.tally.aggregate.measure;

import java.util.function.ObjLongConsumer;

/**
 * Values of one ordered measure of one group, each with how often it is there: the truth behind
 * {@link OrderedMultiset}, on heap or in state.
 */
public interface ValueCounts {

    /** 0 if the value is not there. */
    long get(ValueKey key);

    /**
     * @param count 0 removes the value
     */
    void set(ValueKey key, long count);

    /** The smallest key; null if there is none. */
    ValueKey first();

    void forEach(ObjLongConsumer<ValueKey> action);
}
