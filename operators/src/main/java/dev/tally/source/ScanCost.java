package dev.tally.source;

import java.util.Locale;

/** What reading a whole table takes, about. */
public final class ScanCost {

    /** A strongly consistent read unit is 4 KB; on demand a million of them costs so much. */
    private static final double KB_PER_UNIT = 4;

    public static final double DOLLARS_PER_MILLION_UNITS = 0.125;

    /** What eight segments of one reader do; measured against a real region by nobody yet. */
    private static final double UNITS_PER_SECOND = 3000;

    private final double units;
    private final double seconds;

    /**
     * @param capacity read units a second that the scan may take; 0 for no limit
     */
    public ScanCost(long sizeBytes, double capacity) {
        units = Math.ceil(sizeBytes / 1024.0 / KB_PER_UNIT);
        double pace = capacity > 0 ? Math.min(capacity, UNITS_PER_SECOND) : UNITS_PER_SECOND;
        seconds = Math.ceil(units / pace);
    }

    @Override
    public String toString() {
        double dollars = units * DOLLARS_PER_MILLION_UNITS / 1e6;
        return String.format(
                Locale.ROOT,
                "%,.0f read units, about $%.2f on demand, in about %,.0f s",
                units,
                dollars,
                seconds);
    }
}
