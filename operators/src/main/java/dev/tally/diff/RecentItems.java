package dev.tally.diff;

import dev.tally.item.ItemKey;
import java.util.HashMap;
import java.util.Map;

/**
 * What some items are in state, so that it need not be read: those that were written back last.
 * Most changes hit few items. On the task thread; a copy of state, never part of it.
 *
 * <p>Two halves: when the younger has half of the bytes it takes the place of the older, whose
 * items are forgotten. What is asked for moves to the younger.
 */
final class RecentItems {

    /** Estimate of the objects around a key and an image, in bytes. */
    private static final int OBJECTS = 300;

    private final long bytesMax;
    private Map<ItemKey, ItemState> young = new HashMap<>();
    private Map<ItemKey, ItemState> old = new HashMap<>();
    private long bytes;

    RecentItems(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes the item's state out; null if it is not known. */
    ItemState take(ItemKey key) {
        ItemState state = young.remove(key);
        if (state == null) {
            return old.remove(key);
        }
        bytes -= weight(state);
        return state;
    }

    /** State has this of the item now. */
    void put(ItemKey key, ItemState state) {
        young.put(key, state);
        bytes += weight(state);
        if (bytes > bytesMax / 2) {
            old = young;
            young = new HashMap<>();
            bytes = 0;
        }
    }

    private static long weight(ItemState state) {
        return OBJECTS + (state.image() == null ? 0 : state.image().size());
    }
}
