package dev.tally.diff;

import dev.tally.item.ItemKey;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * A walk over the items that a subtask had when a generation became ready, a slice at a time.
 *
 * <p>Items that come later are not visited: they are of that generation or a newer one. Holds an
 * iterator of the state backend until it is closed.
 */
final class Sweep {

    /** Visits an item. */
    interface Visitor {
        void visit(ItemKey key) throws Exception;
    }

    private final long generation;
    private final Stream<ItemKey> keys;
    private final Iterator<ItemKey> rest;

    Sweep(long generation, Stream<ItemKey> keys) {
        this.generation = generation;
        this.keys = keys;
        this.rest = keys.iterator();
    }

    long generation() {
        return generation;
    }

    /** Visits the next items; false when there are no more. */
    boolean slice(int size, Visitor visitor) throws Exception {
        for (int i = 0; i < size && rest.hasNext(); i++) {
            visitor.visit(rest.next());
        }
        return rest.hasNext();
    }

    void close() {
        keys.close();
    }
}
