package dev.tally.source.reader;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.clock.Clock;

/** What a reader counts. Gauges are read by reporters' threads, hence volatile. */
final class ReaderMetrics {

    final Counter streamRecords;
    final Counter scannedItems;
    final Counter skippedBeforeFence;
    final Counter duplicates;
    final Counter throttles;
    final Counter readerLimits;
    final Counter expiredIterators;
    final Counter retries;
    final Counter trimmedBeforeFence;
    final Counter trimmedAfterReading;
    final Counter expiredBeforeFence;
    final Counter gaps;
    final Counter unreadableAttributes;
    final Counter unreadableRecords;

    private final Clock clock;
    private volatile int openShards;
    private volatile int openSegments;

    /** Service minus relative milliseconds; 0 until an answer has come. */
    private volatile long serviceOffset;

    /** Service milliseconds up to which every shard was read; 0 without shards. */
    private volatile long readUpTo;

    ReaderMetrics(MetricGroup group, Clock clock) {
        this.clock = clock;
        MetricGroup tally = group.addGroup("tally");
        streamRecords = tally.counter("streamRecords");
        scannedItems = tally.counter("scannedItems");
        skippedBeforeFence = tally.counter("skippedBeforeFence");
        duplicates = tally.counter("duplicateRecords");
        throttles = tally.counter("throttles");
        readerLimits = tally.counter("readerLimits");
        expiredIterators = tally.counter("expiredIterators");
        retries = tally.counter("retries");
        trimmedBeforeFence = tally.counter("trimmedBeforeFence");
        trimmedAfterReading = tally.counter("trimmedAfterReading");
        expiredBeforeFence = tally.counter("shardsExpiredBeforeFence");
        gaps = tally.counter("gaps");
        unreadableAttributes = tally.counter("unreadableAttributes");
        unreadableRecords = tally.counter("unreadableRecords");
        tally.gauge("lagMillis", this::lagMillis);
        tally.gauge("openShards", () -> openShards);
        tally.gauge("openSegments", () -> openSegments);
    }

    /** An answer came with this time. */
    void saw(long serviceTime) {
        serviceOffset = serviceTime - clock.relativeTimeMillis();
    }

    void update(long newReadUpTo, int shards, int segments) {
        readUpTo = newReadUpTo;
        openShards = shards;
        openSegments = segments;
    }

    /**
     * How far the furthest shard is behind the service's present. It is a time up to which shards
     * were read, not that of a last record, so it is right on idle shards, and grows if the reader
     * stands still.
     */
    private long lagMillis() {
        if (readUpTo == 0 || serviceOffset == 0) {
            return 0;
        }
        return Math.max(0, clock.relativeTimeMillis() + serviceOffset - readUpTo);
    }
}
