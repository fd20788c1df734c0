package dev.tally.diff;

import dev.tally.view.Membership.Problem;
import dev.tally.view.OwnMetric;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** The counters of one subtask of the item stage: each input ends in exactly one of a verdict. */
final class ItemStageCounters {

    private final Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);
    private final Map<Problem, Counter> problems = new EnumMap<>(Problem.class);
    private final Counter unreadable;
    private final Counter ignoredMaxWatermarks;
    private final Counter flushes;

    ItemStageCounters(MetricGroup group, String table) {
        Map<String, Counter> byName = new HashMap<>();
        byName.put(OwnMetric.DRIFT.metricName(), OwnMetric.DRIFT.counter(group, table));
        for (Verdict verdict : Verdict.values()) {
            if (verdict.counter() != null) {
                verdicts.put(verdict, byName.computeIfAbsent(verdict.counter(), group::counter));
            }
        }
        problems.put(Problem.GROUP_MISSING, group.counter("groupMissing"));
        problems.put(Problem.GROUP_UNUSABLE, group.counter("groupUnusable"));
        problems.put(Problem.VALUE_UNUSABLE, group.counter("valueUnusable"));
        unreadable = group.counter("unreadable");
        ignoredMaxWatermarks = group.counter("ignoredMaxWatermarks");
        flushes = group.counter("flushes");
    }

    void count(Verdict verdict) {
        Counter counter = verdicts.get(verdict);
        if (counter != null) {
            counter.inc();
        }
    }

    long swept() {
        return verdicts.get(Verdict.SWEPT).getCount();
    }

    long drift() {
        return verdicts.get(Verdict.STREAM_DRIFTED).getCount();
    }

    void count(Problem problem) {
        problems.get(problem).inc();
    }

    void countUnreadable() {
        unreadable.inc();
    }

    void countIgnoredMaxWatermark() {
        ignoredMaxWatermarks.inc();
    }

    void countFlush() {
        flushes.inc();
    }
}
