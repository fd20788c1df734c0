package dev.tally.source.enumerator;

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

    EnumeratorMetrics(MetricGroup group) {
        MetricGroup tally = group.addGroup("tally");
        listings = tally.counter("shardListings");
        retries = tally.counter("retries");
        gaps = tally.counter("gaps");
        expiredBeforeFence = tally.counter("shardsExpiredBeforeFence");
        tally.gauge("openShards", () -> openShards);
        tally.gauge("scanPercent", () -> scanPercent);
        tally.gauge("ready", () -> ready ? 1 : 0);
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

    void update(int shards, int percent, boolean isReady) {
        openShards = shards;
        scanPercent = percent;
        ready = isReady;
    }
}
