package dev.tally.simulation;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.Value;
import dev.tally.source.simulated.SimulatedTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All versions of all items, as they were written. It tells whether what a pipeline shows is one
 * version of every item, none older than the moment from which rows may show, and none older than
 * what was shown before.
 */
final class ItemHistory {

    private final SimulatedTable table;
    private final int removals;
    private long writes;
    private final Map<ItemKey, List<Version>> versions = new TreeMap<>();

    /** Index of the version that each item is shown at, at least. */
    private Map<ItemKey, Integer> shown = new HashMap<>();

    private static final class Version {
        private final long time;
        private final Item image;

        Version(long time, Item image) {
            this.time = time;
            this.image = image;
        }
    }

    /**
     * @param removals of ten writes on an item that is there
     */
    ItemHistory(SimulatedTable table, int removals) {
        this.table = table;
        this.removals = removals;
    }

    /** How many writes there were. */
    long writes() {
        return writes;
    }

    /** One random write. */
    void write(Random random, long now) {
        writes++;
        Item key = SimulatedViews.key(random);
        Item before = table.get(key);
        int dice = random.nextInt(10);
        if (before != null && dice < removals) {
            remove(key, random);
        } else if (before == null || dice < 6) {
            table.put(SimulatedViews.task(key, random));
        } else if (dice < 8) {
            Value list = SimulatedViews.list(random);
            table.update(key, Map.of("ListId", dice == 7 ? rare() : list), List.of("Secret"));
        } else if (dice < 9) {
            table.update(key, Map.of("Tags", SimulatedViews.tags(random)), List.of());
        } else {
            table.update(key, Map.of(), List.of("Effort", "ListId"));
        }
        versions.computeIfAbsent(ItemKey.of(table.key(), key), absent -> new ArrayList<>())
                .add(new Version(now, table.get(key)));
    }

    /** A list that hardly another write touches again: it shows what was only passed through. */
    private Value rare() {
        return Value.text("rare-" + writes % 97);
    }

    private void remove(Item key, Random random) {
        if (random.nextInt(3) == 0) {
            table.expire(key);
        } else {
            table.delete(key);
        }
    }

    /** All items are what the table holds of them now: it is another one. */
    void replaced(long now) {
        versions.forEach(
                (key, all) -> all.add(new Version(now, table.get(key.toItem(SimulatedViews.KEY)))));
    }

    private static Item cut(Item item, Set<String> attributes) {
        return item == null ? null : item.only(attributes);
    }

    /** A submission begins: what was written before a moment must show in its first row. */
    void showFrom(long moment) {
        shown = new HashMap<>();
        versions.forEach(
                (key, all) -> {
                    int last = -1;
                    while (last + 1 < all.size() && all.get(last + 1).time < moment) {
                        last++;
                    }
                    shown.put(key, last);
                });
    }

    /**
     * Rows show these images now; the answer says what is wrong with them.
     *
     * @param attributes what those rows are made of: versions that differ in nothing else are one
     */
    List<String> show(Map<ItemKey, Item> images, Set<String> attributes) {
        List<String> wrong = new ArrayList<>();
        Set<ItemKey> keys = new TreeSet<>(versions.keySet());
        keys.addAll(images.keySet());
        for (ItemKey key : keys) {
            Item image = cut(images.get(key), attributes);
            List<Version> all = versions.getOrDefault(key, List.of());
            int at = shown.getOrDefault(key, -1);
            while (at < all.size() && !isShown(image, at, all, attributes)) {
                at++;
            }
            if (at == all.size()) {
                wrong.add(
                        key
                                + " is shown as "
                                + text(image)
                                + ", which is none of its versions since number "
                                + shown.get(key)
                                + " of "
                                + all.size());
            } else {
                shown.put(key, at);
            }
        }
        return wrong;
    }

    private static boolean isShown(Item image, int at, List<Version> all, Set<String> attributes) {
        Item version = at < 0 ? null : cut(all.get(at).image, attributes);
        return Objects.equals(version, image);
    }

    /** Simulated items are nobody's. */
    static String text(Item item) {
        return item == null ? "nothing" : item.attributes().toString();
    }
}
