package dev.tally.bench.rivals;

import dev.tally.bench.workload.Totals;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** A group's totals on the heap, and what it takes to bring them down again. For one thread. */
public final class Group {

    private long count;
    private long sum;

    /** How often there is each; empty when neither extremes nor customers are asked for. */
    private final TreeMap<Long, Integer> amounts = new TreeMap<>();

    private final Map<String, Integer> customers = new HashMap<>();

    public void add(Delivery delivery, boolean full) {
        count++;
        sum += delivery.amount();
        if (full) {
            amounts.merge(delivery.amount(), 1, Integer::sum);
            customers.merge(delivery.customer(), 1, Integer::sum);
        }
    }

    public void retract(Delivery delivery, boolean full) {
        count--;
        sum -= delivery.amount();
        if (full) {
            amounts.computeIfPresent(delivery.amount(), (amount, n) -> less(n));
            customers.computeIfPresent(delivery.customer(), (customer, n) -> less(n));
        }
    }

    private static Integer less(int n) {
        return n == 1 ? null : n - 1;
    }

    public boolean empty() {
        return count == 0;
    }

    public Totals totals(boolean full) {
        double average = (double) sum / count;
        return full
                ? new Totals(
                        count,
                        sum,
                        average,
                        amounts.firstKey(),
                        amounts.lastKey(),
                        customers.size())
                : new Totals(count, sum, average, -1, -1, -1);
    }

    public void write(DataOutput out) throws IOException {
        out.writeLong(count);
        out.writeLong(sum);
        out.writeInt(amounts.size());
        for (Map.Entry<Long, Integer> amount : amounts.entrySet()) {
            out.writeLong(amount.getKey());
            out.writeInt(amount.getValue());
        }
        out.writeInt(customers.size());
        for (Map.Entry<String, Integer> customer : customers.entrySet()) {
            out.writeUTF(customer.getKey());
            out.writeInt(customer.getValue());
        }
    }

    public static Group read(DataInput in) throws IOException {
        Group group = new Group();
        group.count = in.readLong();
        group.sum = in.readLong();
        for (int left = in.readInt(); left > 0; left--) {
            group.amounts.put(in.readLong(), in.readInt());
        }
        for (int left = in.readInt(); left > 0; left--) {
            group.customers.put(in.readUTF(), in.readInt());
        }
        return group;
    }
}
