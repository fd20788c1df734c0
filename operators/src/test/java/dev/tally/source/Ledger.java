package dev.tally.source;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
