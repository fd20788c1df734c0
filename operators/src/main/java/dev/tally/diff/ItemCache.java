package dev.tally.diff;

import dev.tally.item.ItemKey;
import java.util.HashMap;
import java.util.Map;

/**
 * Items on the heap: those changed since they were last written back, and behind them, as far as
 * there is room, those that state has as they are, so that they need not be read. Most changes hit
 * few items. On the task thread; never part of a checkpoint, before which all are written back.
 *
 * <p>Two lists through the entries of one map, each in the order of last use: one look into the map
 * per change, whatever becomes of the item.
 *
 * <p>Where changes hit so many items that hardly one is found here, room for many brings nothing:
 * it only makes barriers long, since all that has changed is written back before them, and gives
 * the garbage collector much to copy. Then the cache is {@link #small}, until more are found.
 */
final class ItemCache {

    /** Estimate of the objects around a key and an image, in bytes. */
    private static final int OBJECTS = 300;

    /** A small cache has one part in so many of the room. */
    static final int SMALL_SHARE = 20;

    /** After so many looks it is decided anew what is worth its room. */
    private static final int LOOKS = 1 << 14;

    /** Of the looks into a full cache that must find something, one in so many. */
    private static final int FOUND_FULL = 16;

    /** Of those into a small one, in which much less is found than in a full one. */
    private static final int FOUND_SMALL = 64;

    /** An item on the heap. */
    static final class Entry {
        private final ItemKey key;
        private Entry older;
        private Entry newer;

        /** What state has; null if there is nothing. */
        private ItemState stored;

        /** Its way since then; null if it has not changed. */
        private DirtyItem dirty;

        private Entry(ItemKey key) {
            this.key = key;
        }

        ItemKey key() {
            return key;
        }

        ItemState stored() {
            return stored;
        }

        DirtyItem dirty() {
            return dirty;
        }

        ItemState now() {
            return dirty == null ? stored : dirty.now();
        }
    }

    /** A ring: the newest before the head, the oldest behind it. */
    private static final class Order {
        private final Entry head = new Entry(null);

        Order() {
            head.older = head;
            head.newer = head;
        }

        void add(Entry entry) {
            entry.newer = head;
            entry.older = head.older;
            entry.older.newer = entry;
            head.older = entry;
        }

        /**
         * Leaves the entry without neighbours: one that has grown old on the heap would keep all
         * that left after it, one through the other, from young collections of garbage.
         */
        static void remove(Entry entry) {
            entry.older.newer = entry.newer;
            entry.newer.older = entry.older;
            entry.older = null;
            entry.newer = null;
        }

        Entry oldest() {
            return head.newer;
        }
    }

    private final long cleanBytesMax;
    private final Map<ItemKey, Entry> entries = new HashMap<>();
    private final Order changed = new Order();
    private final Order clean = new Order();
    private int changedItems;
    private long changedBytes;
    private long cleanBytes;
    private int looks;
    private int found;
    private boolean small;

    /**
     * @param cleanBytesMax room for items that state has as they are, estimated
     */
    ItemCache(long cleanBytesMax) {
        this.cleanBytesMax = cleanBytesMax;
    }

    /** Null if the item is not on the heap. */
    Entry get(ItemKey key) {
        Entry entry = entries.get(key);
        found += entry == null ? 0 : 1;
        if (++looks == LOOKS) {
            small = found < LOOKS / (small ? FOUND_SMALL : FOUND_FULL);
            looks = 0;
            found = 0;
        }
        return entry;
    }

    /** Whether more room than its share would not help. */
    boolean small() {
        return small;
    }

    /** An item that is not on the heap yet, as state has it. */
    Entry add(ItemKey key, ItemState stored) {
        Entry entry = new Entry(key);
        entry.stored = stored;
        entries.put(key, entry);
        addClean(entry);
        return entry;
    }

    private void addClean(Entry entry) {
        clean.add(entry);
        cleanBytes += weight(entry.stored);
        long max = small ? cleanBytesMax / SMALL_SHARE : cleanBytesMax;
        while (cleanBytes > max && clean.oldest() != entry) {
            forget(clean.oldest());
        }
    }

    /** The item is to change: its way begins here, or goes on. Ends with {@link #changed}. */
    DirtyItem change(Entry entry) {
        Order.remove(entry);
        if (entry.dirty == null) {
            cleanBytes -= weight(entry.stored);
            entry.dirty = new DirtyItem(entry.stored);
            changedItems++;
        } else {
            changedBytes -= entry.dirty.weight();
        }
        changed.add(entry);
        return entry.dirty;
    }

    void changed(Entry entry) {
        changedBytes += entry.dirty.weight();
    }

    int changedItems() {
        return changedItems;
    }

    /** Estimated. */
    long changedBytes() {
        return changedBytes;
    }

    /** The one changed longest ago, if there is any. */
    Entry oldestChanged() {
        return changed.oldest();
    }

    /** State has it now as it is. */
    void writtenBack(Entry entry) {
        changedBytes -= entry.dirty.weight();
        changedItems--;
        entry.stored = entry.dirty.now();
        entry.dirty = null;
        Order.remove(entry);
        if (entry.stored == null) {
            entries.remove(entry.key);
            return;
        }
        addClean(entry);
    }

    /** Takes an item that has not changed off the heap; nothing if it is not there. */
    void forget(ItemKey key) {
        Entry entry = entries.get(key);
        if (entry != null) {
            forget(entry);
        }
    }

    private void forget(Entry entry) {
        Order.remove(entry);
        entries.remove(entry.key);
        cleanBytes -= weight(entry.stored);
    }

    private static long weight(ItemState state) {
        return OBJECTS + (state == null || state.image() == null ? 0 : state.image().size());
    }
}
