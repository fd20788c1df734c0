package dev.tally.sink;

import dev.tally.view.OwnMetric;
import dev.tally.view.Row;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** What a row sink counts: every row that comes in ends in exactly one of these. */
final class RowSinkMetrics {

    private static final int WINDOW = 10_000;

    /** Rows now in the target. */
    final Counter written;

    /** Rows found in the target after an attempt of unknown outcome. */
    final Counter duplicates;

    /** Rows that came after a newer one of this submission. */
    final Counter late;

    /** Rows that became dead letters. */
    final Counter deadLetters;

    /** Restored rows of an earlier submission, dropped. */
    final Counter outdated;

    final Counter throttled;
    final Counter unknown;
    final Counter retries;
    final Counter superseded;

    /** Tombstones taken away; those whose row has come back; those left for a later attempt. */
    final Counter removed;

    final Counter revived;
    final Counter removalsLater;

    /** MAX_WATERMARK, which is no generation. */
    final Counter ignoredWatermarks;

    private final Histogram writeMillis;
    private final Histogram committedMillis;
    private final Histogram eagerMillis;

    RowSinkMetrics(MetricGroup group, String view, WriteQueue queue) {
        written = OwnMetric.ROWS_WRITTEN.counter(group, view);
        duplicates = group.counter("rowsDuplicate");
        late = group.counter("rowsLate");
        deadLetters = group.counter("rowsRefused");
        outdated = group.counter("rowsOfOlderSubmission");
        throttled = OwnMetric.WRITES_THROTTLED.counter(group, view);
        unknown = group.counter("writesUnknown");
        retries = group.counter("writeRetries");
        superseded = group.counter("superseded");
        removed = group.counter("tombstonesRemoved");
        revived = group.counter("tombstonesRevived");
        removalsLater = group.counter("tombstonesLater");
        ignoredWatermarks = group.counter("watermarksIgnored");
        writeMillis = histogram(group, "writeLatency");
        committedMillis = histogram(group, "committedLatency");
        eagerMillis = histogram(group, "eagerLatency");
        OwnMetric.BACKLOG.gauge(group, view, queue::backlog);
        group.gauge("rowsReplaced", queue::replaced);
        group.gauge("writesInFlight", queue::inFlight);
    }

    private static Histogram histogram(MetricGroup group, String name) {
        return group.histogram(name, new DescriptiveStatisticsHistogram(WINDOW));
    }

    /**
     * @param sent when the attempt began, by the same clock as {@code now}
     */
    void landed(Row row, long sent, long now) {
        writeMillis.update(now - sent);
        if (row.time() > 0) {
            (row.eager() ? eagerMillis : committedMillis).update(now - row.time());
        }
    }
}
