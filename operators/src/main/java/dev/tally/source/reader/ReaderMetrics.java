package dev.tally.source.reader;

import dev.tally.view.OwnMetric;
import java.time.Duration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.clock.Clock;

/** What a reader counts. Gauges are read by reporters' threads, hence volatile. */
final class ReaderMetrics {

    final Counter streamRecords;
    final Counter scannedItems;
    final Counter skippedBeforeFence;
    final Counter duplicates;
    final Counter readsThrottled;
    final Counter readerLimits;
    final Counter expiredIterators;
    final Counter retries;
    final Counter trimmedBeforeFence;
    final Counter trimmedAfterReading;
    final Counter expiredBeforeFence;
    final Counter lostPositions;
    final Counter unreadableAttributes;
    final Counter unreadableRecords;

    /** What calls and reports take, generously, on top of the waits between them. */
    private static final long CALLS_MILLIS = 2_000;

    /** Until an answer has come. */
    private static final long UNHEARD = Long.MIN_VALUE;

    private final Clock clock;

    /** Less than what an idle shard's looks are apart cannot be told from no lag at all. */
    private final long inStepMillis;

    private volatile int openShards;
    private volatile int openSegments;

    /** Service minus relative milliseconds. */
    private volatile long serviceOffset = UNHEARD;

    /** Service milliseconds up to which every shard was read; 0 without shards. */
    private volatile long readUpTo;

    /** When a shard was first met of which no position in time is known; 0 if there is none. */
    private long unknownSince;

    /**
     * @param table logical name
     * @param idlePollMax longest wait between two looks at an idle shard
     */
    ReaderMetrics(MetricGroup group, String table, Duration idlePollMax, Clock clock) {
        this.clock = clock;
        this.inStepMillis = QuietPages.NEEDED * idlePollMax.toMillis() + CALLS_MILLIS;
        MetricGroup tally = group.addGroup("tally");
        streamRecords = tally.counter("streamRecords");
        scannedItems = tally.counter("scannedItems");
        skippedBeforeFence = tally.counter("skippedBeforeFence");
        duplicates = tally.counter("duplicateRecords");
        readsThrottled = OwnMetric.READS_THROTTLED.counter(group, table);
        readerLimits = tally.counter("readerLimits");
        expiredIterators = tally.counter("expiredIterators");
        retries = tally.counter("retries");
        trimmedBeforeFence = tally.counter("trimmedBeforeFence");
        trimmedAfterReading = tally.counter("trimmedAfterReading");
        expiredBeforeFence = tally.counter("shardsExpiredBeforeFence");
        lostPositions = tally.counter("lostPositions");
        unreadableAttributes = tally.counter("unreadableAttributes");
        unreadableRecords = tally.counter("unreadableRecords");
        OwnMetric.LAG_MILLIS.gauge(group, table, this::lagMillis);
        tally.gauge("openShards", () -> openShards);
        tally.gauge("openSegments", () -> openSegments);
    }

    /** An answer came with this time. */
    void saw(long serviceTime) {
        serviceOffset = serviceTime - clock.relativeTimeMillis();
    }

    /**
     * @param newReadUpTo least of all open shards; 0 if it is not known of one, or there is none
     */
    void update(long newReadUpTo, int shards, int segments) {
        boolean unknown = shards > 0 && newReadUpTo == 0;
        if (!unknown) {
            unknownSince = 0;
        } else if (unknownSince == 0 && serviceOffset != UNHEARD) {
            unknownSince = serviceNow();
        }
        readUpTo = unknown ? unknownSince : newReadUpTo;
        openShards = shards;
        openSegments = segments;
    }

    /**
     * How far the furthest shard is behind the service's present. It is a time up to which shards
     * were read, not that of a last record, so it is right on idle shards, and grows if the reader
     * stands still. A shard that never gave anything is behind since it was met.
     */
    private long lagMillis() {
        if (readUpTo == 0 || serviceOffset == UNHEARD) {
            return 0;
        }
        long lag = serviceNow() - readUpTo;
        return lag <= inStepMillis ? 0 : lag;
    }

    private long serviceNow() {
        return clock.relativeTimeMillis() + serviceOffset;
    }
}
