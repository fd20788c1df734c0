package dev.tally.source.enumerator;

import dev.tally.view.OwnMetric;
import java.util.Locale;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What the enumerator counts. Gauges are read by reporters' threads, hence volatile. */
final class EnumeratorMetrics {

    private final Counter listings;
    private final Counter retries;
    private final Counter gaps;
    private final Counter expiredBeforeFence;
    private volatile int openShards;
    private volatile int scanPercent;
    private volatile boolean ready;
    private volatile boolean stale;
    private volatile long generation;
    private volatile String reason = "";

    /**
     * @param table logical name
     */
    EnumeratorMetrics(MetricGroup group, String table) {
        MetricGroup tally = group.addGroup("tally");
        listings = tally.counter("shardListings");
        retries = tally.counter("retries");
        gaps = OwnMetric.GAPS.counter(group, table);
        expiredBeforeFence = tally.counter("shardsExpiredBeforeFence");
        tally.gauge("openShards", () -> openShards);
        tally.gauge("scanPercent", () -> scanPercent);
        tally.gauge("ready", () -> ready ? 1 : 0);
        tally.gauge("stale", () -> stale ? 1 : 0);
        tally.gauge("generation", () -> generation);
        tally.gauge("reason", () -> reason);
    }

    void listed() {
        listings.inc();
    }

    void retried() {
        retries.inc();
    }

    void gap() {
        gaps.inc();
    }

    void expiredBeforeFence() {
        expiredBeforeFence.inc();
    }

    void update(Generation of) {
        openShards = of.graph().open();
        scanPercent = of.plan().percent();
        ready = of.announced() == of.pin().generation();
        stale = of.stale();
        generation = of.pin().generation();
        reason = of.pin().reason().name().toLowerCase(Locale.ROOT);
    }
}
