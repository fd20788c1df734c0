package dev.tally.source.simulated;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ClientException.Kind;
import dev.tally.source.client.ScanPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The items of a table in the order of a scan: by the hash of the partition key.
 *
 * <p>A segment is a range of hashes, so that the items of a segment are the same in every scan with
 * as many segments.
 */
final class SimulatedItems {

    static final long HASHES = 1L << 32;
    private static final int UNIT = 4096;

    private final KeySchema key;
    private final TreeMap<Place, Item> items = new TreeMap<>();

    SimulatedItems(KeySchema key) {
        this.key = key;
    }

    /** From 0 to 2^32 - 1, of the partition key only. */
    long hash(Item item) {
        int hash = ItemKey.of(List.of(item.get(key.attributes().get(0).name()))).hashCode();
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return Integer.toUnsignedLong(hash ^ (hash >>> 16));
    }

    Item get(Item keys) {
        return items.get(place(keys));
    }

    /** Null removes it. */
    void set(Item keys, Item image) {
        if (image == null) {
            items.remove(place(keys));
        } else {
            items.put(place(keys), image);
        }
    }

    void clear() {
        items.clear();
    }

    List<Item> all() {
        return List.copyOf(items.values());
    }

    long sizeBytes() {
        return items.values().stream().mapToLong(Item::size).sum();
    }

    int count() {
        return items.size();
    }

    ScanPage scan(int segment, int total, Item after, int limit, int bytes, long serviceTime)
            throws ClientException {
        Place from = Place.before(HASHES * segment / total);
        Place to = Place.before(HASHES * (segment + 1) / total);
        NavigableMap<Place, Item> rest = items.subMap(from, false, to, false);
        if (after != null) {
            Place last = place(after);
            if (last.compareTo(from) < 0 || last.compareTo(to) > 0) {
                throw Faults.fault(
                        Kind.REFUSED,
                        "scan segment " + segment + " of " + total,
                        "the starting key is outside of it");
            }
            rest = rest.tailMap(last, false);
        }
        List<Item> page = new ArrayList<>();
        long size = 0;
        for (Map.Entry<Place, Item> entry : rest.entrySet()) {
            page.add(entry.getValue());
            size += entry.getValue().size();
            // Like DynamoDB: a page that is full has a last key also when nothing follows.
            if (page.size() == limit || size >= bytes) {
                Item lastKey = entry.getKey().key.toItem(key);
                return new ScanPage(page, lastKey, units(size), serviceTime);
            }
        }
        return new ScanPage(page, null, units(size), serviceTime);
    }

    private static double units(long size) {
        return Math.max(1, (size + UNIT - 1) / UNIT);
    }

    private Place place(Item keys) {
        return new Place(hash(keys), ItemKey.of(key, keys));
    }

    private static final class Place implements Comparable<Place> {
        private final long hash;
        private final ItemKey key;

        Place(long hash, ItemKey key) {
            this.hash = hash;
            this.key = key;
        }

        /** Before all items of a hash. */
        static Place before(long hash) {
            return new Place(hash, null);
        }

        @Override
        public int compareTo(Place other) {
            int byHash = Long.compare(hash, other.hash);
            if (byHash != 0 || key == other.key) {
                return byHash;
            }
            if (key == null || other.key == null) {
                return key == null ? -1 : 1;
            }
            return key.compareTo(other.key);
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Place && compareTo((Place) o) == 0;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(hash);
        }
    }
}
