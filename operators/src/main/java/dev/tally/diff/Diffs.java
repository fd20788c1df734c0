package dev.tally.diff;

/** Which diffs the feeds of a table want. */
public enum Diffs {
    NONE,
    /** One per stream record. */
    RECORDS,
    /** Also one of kind {@code READ} per row of the scan. */
    RECORDS_AND_SNAPSHOT;

    boolean any() {
        return this != NONE;
    }
}
