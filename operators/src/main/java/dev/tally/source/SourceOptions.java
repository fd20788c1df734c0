package dev.tally.source;

import java.io.Serializable;
import java.time.Duration;

/** Limits and paces of the source; all have defaults that are right for most tables. */
public final class SourceOptions implements Serializable {

    private static final long serialVersionUID = 1L;

    /** How long DynamoDB keeps a stream record. */
    public static final Duration RETENTION = Duration.ofHours(24);

    /** Between a generation's pin and its fence: more than request signing tolerates in skew. */
    public static final Duration FENCE_OVERLAP = Duration.ofMinutes(15);

    /** The scan stands still while a shard is further behind than this: the stream's clock runs. */
    public static final Duration SCAN_YIELDS_AT_LAG = Duration.ofHours(6);

    /** After a third reader was met, one call in this time for a shard. */
    public static final Duration READER_LIMIT_PACE = Duration.ofSeconds(5);

    /** Without a child for an ended shard, or a parent for a listed one, for so long: give up. */
    public static final Duration LISTING_PATIENCE = Duration.ofMinutes(10);

    /** Least time between two listings that somebody asked for. */
    public static final Duration LISTING_SPACING = Duration.ofSeconds(1);

    /** Between two looks whether a table whose stream is off has a new one. */
    public static final Duration STREAM_LOOKS = Duration.ofSeconds(10);

    /** Failures in a row of one call before the task fails. */
    public static final int RETRIES = 20;

    /** Heap that one page of GetRecords or Scan is reckoned to take, decoded. */
    public static final long PAGE_BYTES = 3L << 20;

    private int segments = 0;
    private int segmentsPerReader = 4;
    private Duration idlePollMin = Duration.ofMillis(100);
    private Duration idlePollMax = Duration.ofSeconds(1);
    private Duration discoveryInterval = Duration.ofSeconds(30);
    private Duration readerLimitStop = Duration.ofMinutes(10);
    private Duration reportInterval = Duration.ofMillis(500);
    private Duration timePrecision = Duration.ofSeconds(1);
    private int recordsPerPage = 1000;
    private int itemsPerPage = 2000;
    private long memoryBytes = 96L << 20;
    private boolean replay;
    private boolean resnapshot;

    private SourceOptions() {}

    private SourceOptions(SourceOptions other) {
        this.segments = other.segments;
        this.segmentsPerReader = other.segmentsPerReader;
        this.idlePollMin = other.idlePollMin;
        this.idlePollMax = other.idlePollMax;
        this.discoveryInterval = other.discoveryInterval;
        this.readerLimitStop = other.readerLimitStop;
        this.reportInterval = other.reportInterval;
        this.timePrecision = other.timePrecision;
        this.recordsPerPage = other.recordsPerPage;
        this.itemsPerPage = other.itemsPerPage;
        this.memoryBytes = other.memoryBytes;
        this.replay = other.replay;
        this.resnapshot = other.resnapshot;
    }

    public static SourceOptions defaults() {
        return new SourceOptions();
    }

    /**
     * @param count 1 to 10,000; 0 for a number that follows from the table's size
     */
    public SourceOptions withSegments(int count) {
        require(count >= 0 && count <= 10_000, "segments must be 0 to 10000, not " + count);
        SourceOptions other = new SourceOptions(this);
        other.segments = count;
        return other;
    }

    /** The wait after a first empty page, and the longest one. */
    public SourceOptions withIdlePoll(Duration min, Duration max) {
        require(
                min.toMillis() > 0 && max.compareTo(min) >= 0,
                "idle poll must be above 0 and its maximum not below its minimum");
        SourceOptions other = new SourceOptions(this);
        other.idlePollMin = min;
        other.idlePollMax = max;
        return other;
    }

    /**
     * To what the service cuts the creation times of records: DynamoDB to the second, DynamoDB
     * Local to the minute.
     */
    public SourceOptions withTimePrecision(Duration precision) {
        require(precision.toMillis() > 0, "time precision must be above 0");
        SourceOptions other = new SourceOptions(this);
        other.timePrecision = precision;
        return other;
    }

    /** How often shards are listed without other cause, and how often readers report. */
    public SourceOptions withIntervals(Duration discovery, Duration report) {
        require(discovery.toMillis() > 0 && report.toMillis() > 0, "intervals must be above 0");
        SourceOptions other = new SourceOptions(this);
        other.discoveryInterval = discovery;
        other.reportInterval = report;
        return other;
    }

    /** Most records of a GetRecords page, 1 to 1000, and most items of a Scan page. */
    public SourceOptions withPages(int records, int items) {
        require(records >= 1 && records <= 1000, "records per page must be 1 to 1000");
        require(items >= 1, "items per page must be 1 or more");
        SourceOptions other = new SourceOptions(this);
        other.recordsPerPage = records;
        other.itemsPerPage = items;
        return other;
    }

    /** Heap for fetched pages of one reader. */
    public SourceOptions withMemory(long bytes) {
        require(bytes >= 4 * PAGE_BYTES, "memory must be at least " + 4 * PAGE_BYTES + " bytes");
        SourceOptions other = new SourceOptions(this);
        other.memoryBytes = bytes;
        return other;
    }

    /**
     * A restored submission counts as caught up at the moment of its savepoint already: rows go
     * back to it, and forward again.
     */
    public SourceOptions withReplay(boolean fromTheSavepoint) {
        SourceOptions other = new SourceOptions(this);
        other.replay = fromTheSavepoint;
        return other;
    }

    /** A restored submission reads the table anew, once. */
    public SourceOptions withResnapshot(boolean anew) {
        SourceOptions other = new SourceOptions(this);
        other.resnapshot = anew;
        return other;
    }

    private static void require(boolean valid, String message) {
        if (!valid) {
            throw new IllegalArgumentException(message);
        }
    }

    /** 0: from the table's size. */
    public int segments() {
        return segments;
    }

    /** Segments that one reader scans at the same time. */
    public int segmentsPerReader() {
        return segmentsPerReader;
    }

    public Duration idlePollMin() {
        return idlePollMin;
    }

    public Duration idlePollMax() {
        return idlePollMax;
    }

    public Duration discoveryInterval() {
        return discoveryInterval;
    }

    /** How long a third reader is borne. */
    public Duration readerLimitStop() {
        return readerLimitStop;
    }

    public Duration reportInterval() {
        return reportInterval;
    }

    public Duration timePrecision() {
        return timePrecision;
    }

    public boolean replay() {
        return replay;
    }

    public boolean resnapshot() {
        return resnapshot;
    }

    public int recordsPerPage() {
        return recordsPerPage;
    }

    public int itemsPerPage() {
        return itemsPerPage;
    }

    /** Pages that a reader may have in memory or on their way, at least four. */
    public int pagesMax() {
        return (int) Math.max(4, Math.min(10_000, memoryBytes / PAGE_BYTES));
    }
}
