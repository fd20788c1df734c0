package dev.tally.aggregate;

/** What comparing a row of the target with its group has shown. */
enum Comparison {
    /** The group's row is right, and nobody's late write can replace it; nothing to write. */
    EQUAL,
    /**
     * The group's row is right, but of another submission or an attempt that has not ended in
     * order: it will be written again, for a write of that one that is still on its way may carry a
     * newer guard than the row has.
     */
    RENEWED,
    /** A row will be written. */
    DIFFERENT,
    /** No group has items for it: an empty row will be written. */
    ORPHAN,
    /** This submission knows the group's row already. */
    KNOWN
}
