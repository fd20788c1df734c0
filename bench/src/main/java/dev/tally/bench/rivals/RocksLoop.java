package dev.tally.bench.rivals;

import dev.tally.bench.run.Contestant;
import dev.tally.bench.run.Figures;
import dev.tally.bench.run.Setting;
import dev.tally.bench.run.Stopwatch;
import dev.tally.bench.workload.Changes;
import java.nio.file.Path;

/**
 * RocksDB alone, read and written for each change in one thread, without Flink: what any engine
 * costs that asks its state for every change. At the end all of it is flushed to the disk.
 */
public final class RocksLoop implements Contestant {

    @Override
    public Figures run(Changes changes, Setting setting, Path scratch) throws Exception {
        Delivery[] deliveries = Delivery.all(changes);
        try (RocksTotals totals = new RocksTotals(scratch, setting.full())) {
            Stopwatch watch = new Stopwatch();
            for (Delivery delivery : deliveries) {
                totals.apply(delivery);
            }
            totals.flush();
            long nanos = watch.nanos();
            long cpu = watch.cpuNanos();
            return Figures.of(changes, setting.full(), nanos, cpu, totals.all())
                    .with("stateBytes", totals.bytes());
        }
    }
}
