package dev.tally.bench.run;

import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Totals;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one run of a contestant took.
 *
 * @param changes worked off
 * @param nanos from the first change until the last checkpoint was complete
 * @param cpuNanos of the whole process in that time, collection of garbage and compilers included
 * @param groups that there have to be
 * @param wrong of them, against a recount
 * @param more figures of that contestant alone, by name
 */
public record Figures(
        long changes, long nanos, long cpuNanos, int groups, int wrong, Map<String, Double> more) {

    /** Those of a run whose result is {@code found}. */
    public static Figures of(
            Changes changes, boolean full, long nanos, long cpuNanos, Map<String, Totals> found) {
        Map<String, Totals> truth = Totals.recount(changes, full);
        int wrong = Totals.wrong(truth, found);
        return new Figures(changes.size(), nanos, cpuNanos, truth.size(), wrong, Map.of());
    }

    public double perSecond() {
        return changes * 1e9 / nanos;
    }

    public double cpuMicros() {
        return cpuNanos / 1e3 / changes;
    }

    public Figures with(String name, double figure) {
        Map<String, Double> all = new LinkedHashMap<>(more);
        all.put(name, figure);
        return new Figures(changes, nanos, cpuNanos, groups, wrong, all);
    }
}
