package dev.tally.aggregate;

import dev.tally.aggregate.measure.ValuePages;
import dev.tally.view.GroupKey;
import java.util.Iterator;

/**
 * The truth behind {@link GroupBook}. All methods but the walks are about the group selected last.
 */
interface GroupStore {

    void select(GroupKey key);

    /** Null if there is none. */
    GroupState load();

    void save(GroupState state);

    void remove();

    /** Values of the selected group's measure at the given place of the spec. */
    ValuePages pages(int measure);

    /** Notes that the group's row is due at the next barrier. */
    void await();

    void awaited();

    /** A walk over keys, which holds resources until it is closed. */
    interface Walk extends Iterator<GroupKey>, AutoCloseable {
        @Override
        void close();
    }

    /** All groups that are there when the walk begins. */
    Walk groups();

    /** The groups noted by {@link #await}. */
    Walk awaiting();
}
