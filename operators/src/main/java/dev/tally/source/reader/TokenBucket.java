package dev.tally.source.reader;

/**
 * Read capacity units for the scan. A page's cost is known only afterwards, so it may leave a debt,
 * and the next page waits until that is paid. Task thread only; times are relative milliseconds.
 */
final class TokenBucket {

    private final double perSecond;
    private double tokens;
    private long filledAt;

    /**
     * @param perSecond units a second; 0 for no limit
     */
    TokenBucket(double perSecond, long now) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
        this.filledAt = now;
    }

    void spend(double cost, long now) {
        fill(now);
        tokens -= cost;
    }

    /** When the next page may be asked for: now or later. */
    long availableAt(long now) {
        if (perSecond <= 0) {
            return now;
        }
        fill(now);
        return tokens > 0 ? now : now + 1 + (long) (-tokens * 1000 / perSecond);
    }

    private void fill(long now) {
        tokens = Math.min(perSecond, tokens + (now - filledAt) * perSecond / 1000);
        filledAt = now;
    }
}
