package dev.tally.sink;

import java.io.Serializable;
import java.time.Duration;

/** Bounds of a row sink's work, each per subtask. */
public final class WriteLimits implements Serializable {

    private static final long serialVersionUID = 1L;

    public static final WriteLimits DEFAULTS =
            new WriteLimits(
                    64,
                    16L << 20,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(60),
                    Duration.ofHours(1));

    private final int inFlight;
    private final long heapBytes;
    private final Duration attempt;
    private final Duration drain;
    private final Duration tombstone;

    /**
     * @param inFlight most writes at a time
     * @param heapBytes of rows that wait in memory; more wait in state
     * @param attempt after which a write is of unknown outcome and repeated
     * @param drain how long an orderly end waits for the last rows
     * @param tombstone how long a removed row's guard stays at least: longer than a signed request
     *     lives
     */
    public WriteLimits(
            int inFlight, long heapBytes, Duration attempt, Duration drain, Duration tombstone) {
        this.inFlight = inFlight;
        this.heapBytes = heapBytes;
        this.attempt = attempt;
        this.drain = drain;
        this.tombstone = tombstone;
    }

    int inFlight() {
        return inFlight;
    }

    long heapBytes() {
        return heapBytes;
    }

    Duration attempt() {
        return attempt;
    }

    Duration drain() {
        return drain;
    }

    Duration tombstone() {
        return tombstone;
    }
}
