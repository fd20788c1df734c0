package dev.tally.source;

import dev.tally.change.ItemChange;
import dev.tally.change.ItemVersion;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.Watermark;

/**
 * The keyed stage behind the source, as far as its promises to it go: it keeps per item what has
 * arrived and fails on the first change that breaks one.
 *
 * <ul>
 *   <li>records of one item come in order, each once, and each begins where the last one ended;
 *   <li>a row of the scan comes at most once in a generation;
 *   <li>when ready has come from every subtask, nothing from before is missing.
 * </ul>
 */
final class SimulatedStage implements KeyedStage {

    private final Ledger ledger;
    private final long overlap;
    private TreeMap<ItemKey, Arrived> items = new TreeMap<>();
    private long[] watermarks;
    private long lastScanned;

    SimulatedStage(Ledger ledger, int channels, long overlap) {
        this.ledger = ledger;
        this.overlap = overlap;
        this.watermarks = new long[channels];
    }

    /** What has arrived of one item. */
    private static final class Arrived {
        private final ItemVersion version;
        private final Item streamed;
        private final int records;
        private final Item scanned;

        Arrived(ItemVersion version, Item streamed, int records, Item scanned) {
            this.version = version;
            this.streamed = streamed;
            this.records = records;
            this.scanned = scanned;
        }

        Item image() {
            return version == null ? scanned : streamed;
        }
    }

    /** What a checkpoint has of the stage. */
    static final class Snapshot {
        private final TreeMap<ItemKey, Arrived> items;
        private final long lastScanned;

        private Snapshot(TreeMap<ItemKey, Arrived> items, long lastScanned) {
            this.items = items;
            this.lastScanned = lastScanned;
        }
    }

    @Override
    public Snapshot snapshot() {
        return new Snapshot(new TreeMap<>(items), lastScanned);
    }

    @Override
    public void restore(Object from, int channels) {
        Snapshot snapshot = (Snapshot) from;
        items = snapshot == null ? new TreeMap<>() : new TreeMap<>(snapshot.items);
        lastScanned = snapshot == null ? 0 : snapshot.lastScanned;
        watermarks = new long[channels];
    }

    @Override
    public void take(Object element, int channel) {
        if (element instanceof Watermark) {
            long mark = ((Watermark) element).getTimestamp();
            require(mark != Long.MAX_VALUE, "the end of input", null);
            watermarks[channel] = mark;
            return;
        }
        ItemChange change = (ItemChange) element;
        Arrived before = items.get(change.key());
        items.put(change.key(), change.scanned() ? scan(change, before) : stream(change, before));
    }

    private Arrived scan(ItemChange change, Arrived before) {
        lastScanned = Math.max(lastScanned, change.time());
        if (before == null) {
            return new Arrived(null, null, 0, change.after());
        }
        require(before.scanned == null, "a second row of the scan", change);
        return new Arrived(before.version, before.streamed, before.records, change.after());
    }

    private static Arrived stream(ItemChange change, Arrived before) {
        if (before == null || before.version == null) {
            Item scanned = before == null ? null : before.scanned;
            return new Arrived(change.version(), change.after(), 1, scanned);
        }
        require(change.version().compareTo(before.version) > 0, "a record out of order", change);
        require(
                Objects.equals(change.before(), before.streamed),
                "a record that does not begin where the last one ended",
                change);
        return new Arrived(change.version(), change.after(), before.records + 1, before.scanned);
    }

    private static void require(boolean holds, String what, ItemChange change) {
        if (!holds) {
            throw new AssertionError("the stage got " + what + ": " + change);
        }
    }

    /** The generation that every subtask has said is ready; 0 for none. */
    long ready() {
        long least = Long.MAX_VALUE;
        for (long mark : watermarks) {
            least = Math.min(least, mark);
        }
        return least;
    }

    /** When the last row of the scan was read that has arrived. */
    long lastScanned() {
        return lastScanned;
    }

    /** Fails if a write between the fence and a moment, or an item older than that, is missing. */
    void requireComplete(long generation, long moment) {
        long fence = generation - overlap;
        for (ItemKey key : ledger.keys()) {
            Arrived arrived = items.get(key);
            int records = arrived == null ? 0 : arrived.records;
            int written = ledger.count(key, fence, moment);
            if (records < written) {
                throw new AssertionError(
                        key + " has " + records + " records of " + written + " until " + moment);
            }
            if (written == 0 && ledger.imageAt(key, moment) != null && arrived == null) {
                throw new AssertionError(key + " was not scanned");
            }
        }
    }

    /** What is not as it was written: missing, twice, or another image; null if all is well. */
    String difference(long generation) {
        long fence = generation - overlap;
        for (ItemKey key : ledger.keys()) {
            Arrived arrived = items.get(key);
            int records = arrived == null ? 0 : arrived.records;
            int written = ledger.count(key, fence, Long.MAX_VALUE);
            if (records != written) {
                return key + " has " + records + " records of " + written;
            }
            Item image = arrived == null ? null : arrived.image();
            if (!Objects.equals(image, ledger.imageAt(key, Long.MAX_VALUE))) {
                return key + " has another image than the table";
            }
        }
        return null;
    }
}
