package dev.tally.source;

import java.time.Instant;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * Changes of the table are lost for this state: the stream no longer holds a position that must be
 * read. A restart cannot heal it, only a new reading of the table.
 */
public final class GapException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private GapException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Stops the job for good.
     *
     * @param table as the user calls it
     * @param what lost what: {@code shard X is no longer in the stream}
     * @param since service milliseconds of the first change that may be lost
     */
    public static SuppressRestartsException stop(
            String table, String what, long since, Throwable cause) {
        return new SuppressRestartsException(
                new GapException(
                        "cannot go on reading table "
                                + table
                                + ": "
                                + what
                                + ". Changes since "
                                + Instant.ofEpochMilli(since)
                                + " may be lost. Start without the savepoint: the table is read"
                                + " afresh and every row corrected.",
                        cause));
    }
}
