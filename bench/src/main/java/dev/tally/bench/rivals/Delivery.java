package dev.tally.bench.rivals;

import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Names;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

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

    public void write(DataOutput out) throws IOException {
        out.writeUTF(item);
        out.writeLong(sequence);
        out.writeUTF(group == null ? "" : group);
        out.writeLong(amount);
        out.writeUTF(customer);
    }

    public static Delivery read(DataInput in) throws IOException {
        String item = in.readUTF();
        long sequence = in.readLong();
        String group = in.readUTF();
        return new Delivery(
                item, sequence, group.isEmpty() ? null : group, in.readLong(), in.readUTF());
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
