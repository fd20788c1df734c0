package dev.tally.bench.rivals;

import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Names;

/**
 * A delivery of a change, for contestants that are not Flink jobs.
 *
 * @param sequence of two changes of an item the one with the greater number is newer
 * @param group null: the item is removed
 */
public record Delivery(String item, long sequence, String group, long amount, String customer) {

    public static Delivery of(Changes changes, int i) {
        boolean removed = changes.group(i) == Changes.REMOVED;
        return new Delivery(
                Names.item(changes.item(i)),
                changes.sequence(i),
                removed ? null : Names.group(changes.group(i)),
                changes.measured(i),
                Names.customer(changes.customer(i)));
    }

    /** All of them, made before a clock starts. */
    static Delivery[] all(Changes changes) {
        Delivery[] all = new Delivery[changes.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = of(changes, i);
        }
        return all;
    }
}
