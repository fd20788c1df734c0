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
                if (group.empty()) {
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
}
