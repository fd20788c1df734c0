package dev.tally.bench.rivals;

import dev.tally.bench.run.Contestant;
import dev.tally.bench.run.Figures;
import dev.tally.bench.run.Setting;
import dev.tally.bench.run.Stopwatch;
import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Totals;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Maps of the JDK in one thread, without Flink: what the work itself costs when nothing survives a
 * crash and all fits into memory.
 */
public final class HashLoop implements Contestant {

    @Override
    public Figures run(Changes changes, Setting setting, Path scratch) {
        Delivery[] deliveries = Delivery.all(changes);
        Map<String, Delivery> newest = new HashMap<>();
        Map<String, Group> groups = new HashMap<>();
        Stopwatch watch = new Stopwatch();
        for (Delivery delivery : deliveries) {
            Delivery before = newest.get(delivery.item());
            if (before != null && before.sequence() >= delivery.sequence()) {
                continue;
            }
            newest.put(delivery.item(), delivery);
            if (before != null && before.group() != null) {
                Group group = groups.get(before.group());
                group.retract(before, setting.full());
                if (group.count == 0) {
                    groups.remove(before.group());
                }
            }
            if (delivery.group() != null) {
                groups.computeIfAbsent(delivery.group(), g -> new Group())
                        .add(delivery, setting.full());
            }
        }
        long nanos = watch.nanos();
        long cpu = watch.cpuNanos();
        Map<String, Totals> found = new HashMap<>();
        groups.forEach((name, group) -> found.put(name, group.totals(setting.full())));
        return Figures.of(changes, setting.full(), nanos, cpu, found);
    }

    private static final class Group {
        private long count;
        private long sum;
        private final TreeMap<Long, Integer> amounts = new TreeMap<>();
        private final Map<String, Integer> customers = new HashMap<>();

        void add(Delivery delivery, boolean full) {
            count++;
            sum += delivery.amount();
            if (full) {
                amounts.merge(delivery.amount(), 1, Integer::sum);
                customers.merge(delivery.customer(), 1, Integer::sum);
            }
        }

        void retract(Delivery delivery, boolean full) {
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

        Totals totals(boolean full) {
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
    }
}
