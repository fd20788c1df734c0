package dev.tally.source;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Everything that was written to a table, apart from the table itself: the oracle. */
final class Ledger {

    private final SimulatedTable table;
    private final Map<ItemKey, List<Write>> writes = new TreeMap<>();

    Ledger(SimulatedTable table) {
        this.table = table;
    }

    static final class Write {
        final long time;
        final Item after;

        Write(long time, Item after) {
            this.time = time;
            this.after = after;
        }
    }

    /** Applies an operation; one that changes nothing is no write, as for a stream. */
    void apply(Workload.Operation operation, long now) {
        Item before = table.get(operation.keys());
        operation.applyTo(table);
        Item after = table.get(operation.keys());
        boolean same = before == null ? after == null : before.equals(after);
        if (!same) {
            writes.computeIfAbsent(
                            ItemKey.of(table.key(), operation.keys()), k -> new ArrayList<>())
                    .add(new Write(now, after));
        }
    }

    /** The table has become another one, with other items. */
    void replaced(long now) {
        writes.forEach(
                (key, list) -> {
                    Item after = table.get(key.toItem(table.key()));
                    if (!Objects.equals(after, list.get(list.size() - 1).after)) {
                        list.add(new Write(now, after));
                    }
                });
    }

    /** Whether an image is one that the item has had at a moment or since. */
    boolean hasHad(ItemKey key, Item image, long since) {
        List<Write> all = writes.get(key);
        for (int i = 0; i < all.size(); i++) {
            boolean lasted = i + 1 == all.size() || all.get(i + 1).time >= since;
            if (lasted && Objects.equals(all.get(i).after, image)) {
                return true;
            }
        }
        return image == null && all.get(0).time >= since;
    }

    Iterable<ItemKey> keys() {
        return writes.keySet();
    }

    /** Writes of an item from one moment to another, both included. */
    int count(ItemKey key, long from, long to) {
        int count = 0;
        for (Write write : writes.get(key)) {
            if (write.time >= from && write.time <= to) {
                count++;
            }
        }
        return count;
    }

    /** The item as it was at a moment; null if it did not exist. */
    Item imageAt(ItemKey key, long moment) {
        Item image = null;
        for (Write write : writes.get(key)) {
            if (write.time <= moment) {
                image = write.after;
            }
        }
        return image;
    }
}
