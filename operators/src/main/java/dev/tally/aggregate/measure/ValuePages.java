package dev.tally.aggregate.measure;

import java.util.List;
import java.util.function.ObjLongConsumer;

/**
 * Where the values of one ordered measure of one group lie that are too many for the group's own
 * state: pages, each named by its first value. See {@link PageWriter} for what is in one.
 */
public interface ValuePages {

    /** The first values of all pages, in order; may be changed by the caller. */
    List<ValueKey> firsts();

    /** The page with this first value, which is there; must not be changed. */
    byte[] get(ValueKey first);

    void put(ValueKey first, byte[] page);

    void remove(ValueKey first);

    /** For what is put next; one for all, empty. */
    PageWriter writer();

    /** Takes out the values that layout 1 of the state has kept one by one. */
    void takeSingles(ObjLongConsumer<ValueKey> action);
}
