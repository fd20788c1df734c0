package dev.tally.aggregate;

import java.io.Serializable;
import java.time.Duration;

/** Bounds of the group stage. */
public final class StageOptions implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Of the interval of eager rows: how long a first one waits for company. */
    private static final int COMPANY_SHARE = 10;

    public static final StageOptions DEFAULTS = new StageOptions(50_000, 32 << 20, 250, 10_000);

    private final int groupsMax;
    private final long earlyBytesMax;
    private final long eagerMillis;
    private final int releaseRows;

    /**
     * @param groupsMax groups on the heap of a subtask
     * @param earlyBytesMax rows of groups that left the heap before the barrier, estimated
     * @param eagerMillis between rows of eager views, at least
     * @param releaseRows unchanged groups whose rows go out with one checkpoint while a submission
     *     is released, per subtask
     */
    public StageOptions(int groupsMax, long earlyBytesMax, long eagerMillis, int releaseRows) {
        if (groupsMax < 1 || eagerMillis < 1 || releaseRows < 1) {
            throw new IllegalArgumentException("bounds of the group stage are at least 1");
        }
        this.groupsMax = groupsMax;
        this.earlyBytesMax = earlyBytesMax;
        this.eagerMillis = eagerMillis;
        this.releaseRows = releaseRows;
    }

    /** The defaults, with another interval of eager rows. */
    public static StageOptions eagerEvery(Duration interval) {
        return new StageOptions(
                DEFAULTS.groupsMax,
                DEFAULTS.earlyBytesMax,
                interval.toMillis(),
                DEFAULTS.releaseRows);
    }

    int groupsMax() {
        return groupsMax;
    }

    long earlyBytesMax() {
        return earlyBytesMax;
    }

    long eagerMillis() {
        return eagerMillis;
    }

    long companyMillis() {
        return Math.max(1, eagerMillis / COMPANY_SHARE);
    }

    int releaseRows() {
        return releaseRows;
    }
}
