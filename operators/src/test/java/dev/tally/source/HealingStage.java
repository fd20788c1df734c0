package dev.tally.source;

import dev.tally.change.ItemChange;
import dev.tally.change.ItemVersion;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.Watermark;

/**
 * The item stage's truth table (design, section 4) in its shortest form, for sources that lose
 * records: what it has when a generation is ready must be what the table had since its scan.
 */
final class HealingStage implements KeyedStage {

    private final Ledger ledger;
    private TreeMap<ItemKey, Image> items = new TreeMap<>();

    /** When the last row of a generation's scan was read that has arrived, by generation. */
    private TreeMap<Long, Long> scanned = new TreeMap<>();

    private long[] marks = new long[0];
    private long ready;

    /** The moment of the last restore by somebody: nothing may be said ready of before. */
    private long restoredAt;

    private int sweeps;
    private int readies;

    HealingStage(Ledger ledger) {
        this.ledger = ledger;
    }

    private static final class Image {
        private final long generation;
        private final boolean fromScan;
        private final ItemVersion version;
        private final Item image;

        Image(long generation, boolean fromScan, ItemVersion version, Item image) {
            this.generation = generation;
            this.fromScan = fromScan;
            this.version = version;
            this.image = image;
        }
    }

    private static final class Snapshot {
        private final TreeMap<ItemKey, Image> items;
        private final TreeMap<Long, Long> scanned;

        Snapshot(TreeMap<ItemKey, Image> items, TreeMap<Long, Long> scanned) {
            this.items = new TreeMap<>(items);
            this.scanned = new TreeMap<>(scanned);
        }
    }

    @Override
    public Object snapshot() {
        return new Snapshot(items, scanned);
    }

    @Override
    public void restore(Object from, int channels) {
        Snapshot snapshot = (Snapshot) from;
        items = snapshot == null ? new TreeMap<>() : new TreeMap<>(snapshot.items);
        scanned = snapshot == null ? new TreeMap<>() : new TreeMap<>(snapshot.scanned);
        marks = new long[channels];
        ready = 0;
    }

    /** Somebody starts the job again: ready is about this moment from now on. */
    void submitted(long moment) {
        restoredAt = moment;
    }

    @Override
    public void take(Object element, int channel) {
        if (element instanceof Watermark) {
            long mark = ((Watermark) element).getTimestamp();
            if (mark == Long.MAX_VALUE || mark < marks[channel]) {
                throw new AssertionError("watermark " + mark + " after " + marks[channel]);
            }
            marks[channel] = mark;
            long least = Long.MAX_VALUE;
            for (long other : marks) {
                least = Math.min(least, other);
            }
            if (least > ready) {
                ready(least);
            }
            return;
        }
        ItemChange change = (ItemChange) element;
        if (change.base() > change.generation() && change.scanned()) {
            throw new AssertionError("a row of a scan before its base: " + change);
        }
        Image before = items.get(change.key());
        Image after = change.scanned() ? scan(change, before) : stream(change, before);
        items.put(change.key(), after);
    }

    private Image scan(ItemChange change, Image before) {
        scanned.merge(change.generation(), change.time(), Math::max);
        if (before != null && before.generation >= change.generation()) {
            return before;
        }
        ItemVersion version = before == null ? null : before.version;
        return new Image(change.generation(), true, version, change.after());
    }

    private static Image stream(ItemChange change, Image before) {
        long stamp = change.generation();
        ItemVersion version = change.version();
        if (before == null) {
            return new Image(stamp, false, version, change.after());
        }
        if (before.version != null && version.compareTo(before.version) <= 0) {
            return before;
        }
        long generation = Math.max(stamp, before.generation);
        boolean accepts =
                !before.fromScan
                        || stamp > before.generation
                        || Objects.equals(change.before(), before.image)
                        || Objects.equals(change.after(), before.image);
        return accepts
                ? new Image(generation, false, version, change.after())
                : new Image(before.generation, true, version, before.image);
    }

    private void ready(long generation) {
        ready = generation;
        readies++;
        int size = items.size();
        items.values()
                .removeIf(
                        item ->
                                item.generation < generation
                                        || (item.image == null && item.generation == generation));
        sweeps += size - items.size();
        requireSince(Math.max(restoredAt, scanned.getOrDefault(generation, 0L)));
    }

    private void requireSince(long moment) {
        for (ItemKey key : ledger.keys()) {
            if (!ledger.hasHad(key, image(key), moment)) {
                throw new AssertionError(
                        "ready " + ready + " with an image of " + key + " older than " + moment);
            }
        }
    }

    private Item image(ItemKey key) {
        Image image = items.get(key);
        return image == null ? null : image.image;
    }

    /** The generation that every subtask has said is ready; 0 for none. */
    long ready() {
        return ready;
    }

    int readies() {
        return readies;
    }

    /** What is not as in the table; null if all is well. */
    String difference() {
        for (ItemKey key : ledger.keys()) {
            if (!Objects.equals(image(key), ledger.imageAt(key, Long.MAX_VALUE))) {
                return key + " has another image than the table";
            }
        }
        return null;
    }

    /** How many items and tombstones were removed because a generation had not seen them. */
    int sweeps() {
        return sweeps;
    }

    /** When the last row of the latest generation's scan was read; 0 for none. */
    long lastScanned() {
        Map.Entry<Long, Long> last = scanned.lastEntry();
        return last == null ? 0 : last.getValue();
    }
}
