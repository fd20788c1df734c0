package dev.tally.bench.workload;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What a group amounts to.
 *
 * @param distinct different customers; with {@code min} and {@code max} -1 where they are not asked
 *     for
 */
public record Totals(long count, long sum, double average, long min, long max, long distinct) {

    private static final double ROUNDING = 1e-9;

    /** A recount: the newest change of each item, group by group. */
    public static Map<String, Totals> recount(Changes changes, boolean full) {
        int[] newest = new int[changes.items()];
        for (int i = 0; i < changes.size(); i++) {
            int item = changes.item(i);
            boolean first = i < newest.length;
            if (first || changes.sequence(i) > changes.sequence(newest[item])) {
                newest[item] = i;
            }
        }
        Map<Integer, Counting> groups = new HashMap<>();
        for (int i : newest) {
            if (changes.group(i) != Changes.REMOVED) {
                groups.computeIfAbsent(changes.group(i), g -> new Counting())
                        .add(changes.measured(i), changes.customer(i));
            }
        }
        Map<String, Totals> totals = new HashMap<>();
        groups.forEach((group, counting) -> totals.put(Names.group(group), counting.totals(full)));
        return totals;
    }

    /** How many groups are not as they should be, missing and surplus ones included. */
    public static int wrong(Map<String, Totals> truth, Map<String, Totals> found) {
        int wrong = 0;
        for (Map.Entry<String, Totals> group : truth.entrySet()) {
            Totals totals = found.get(group.getKey());
            if (totals == null || !totals.isLike(group.getValue())) {
                wrong++;
            }
        }
        for (String group : found.keySet()) {
            if (!truth.containsKey(group)) {
                wrong++;
            }
        }
        return wrong;
    }

    private boolean isLike(Totals other) {
        return count == other.count
                && sum == other.sum
                && Math.abs(average - other.average) <= ROUNDING * Math.abs(other.average)
                && min == other.min
                && max == other.max
                && distinct == other.distinct;
    }

    private static final class Counting {
        private long count;
        private long sum;
        private long min = Long.MAX_VALUE;
        private long max = Long.MIN_VALUE;
        private final BitSet customers = new BitSet();

        void add(long measured, int customer) {
            count++;
            sum += measured;
            min = Math.min(min, measured);
            max = Math.max(max, measured);
            customers.set(customer);
        }

        Totals totals(boolean full) {
            double average = (double) sum / count;
            return full
                    ? new Totals(count, sum, average, min, max, customers.cardinality())
                    : new Totals(count, sum, average, -1, -1, -1);
        }
    }
}
