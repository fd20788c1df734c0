package dev.tally.diff;

/**
 * What became of a change of an item: one constant per row of the item stage's truth table, with
 * the counter that shows how often.
 *
 * <p>Counters: every ignored input has its own; accepted ones share {@code accepted}, save those
 * that an operator wants to see apart.
 */
enum Verdict {
    /** Stream record not newer than the last one: ignored as a whole, no diff either. */
    DUPLICATE("duplicates", false),
    /** Stream record of an item that is not known. */
    STREAM_FIRST("accepted", true),
    /** Stream record after a stream record. */
    STREAM_NEXT("accepted", true),
    /** As before, but the record's old image is not what the state holds: somebody lost one. */
    STREAM_DRIFTED("drift", true),
    /** As before, across the start of a generation: records between may be lost, as announced. */
    STREAM_HEALED("healed", true),
    /** Stream record of a later generation than the scan row in the state. */
    STREAM_AFTER_OLD_SCAN("accepted", true),
    /** Its old image is the scan row: the first record after what the scan has seen. */
    STREAM_FOLLOWS_SCAN("accepted", true),
    /** Its new image is the scan row: the scan has seen this one; in step from here. */
    IN_STEP("inStep", false),
    /** The scan has seen a later change: the image stays. */
    SCAN_AHEAD("skippedScanAhead", false),
    /** New images only, from before the fence: the scan has it, the image stays. */
    SCAN_HAS_IT("skippedBeforeFence", false),
    /** New images only, from after the fence. */
    STREAM_OVER_SCAN("accepted", true),
    /** Row of an item that is not known. */
    SCAN_FIRST("accepted", true),
    /** Row of a later generation than the state. */
    SCAN_NEWER("accepted", true),
    /** Row of an item that its generation has already touched: the state is not older. */
    SCAN_LATE("skippedScanLate", false),
    /** At ready: not touched by the generation, so gone from the table. */
    SWEPT("swept", true),
    /** At ready: a tombstone that no scan row can contradict any more. */
    FORGOTTEN("forgotten", false),
    /** At ready: as it is. */
    KEPT(null, false);

    private final String counter;
    private final boolean accepted;

    Verdict(String counter, boolean accepted) {
        this.counter = counter;
        this.accepted = accepted;
    }

    /** Name of its counter; null if it is not counted. */
    String counter() {
        return counter;
    }

    /** Whether the image of the change is the item's image now. */
    boolean accepted() {
        return accepted;
    }
}
