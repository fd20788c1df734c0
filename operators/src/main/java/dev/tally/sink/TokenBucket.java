package dev.tally.sink;

/**
 * A rate limit: tokens drip in at the rate and are kept for one second's worth at most. Time comes
 * with each call, in milliseconds, and may stand still or step back.
 */
final class TokenBucket {

    private final double rate;
    private final double burst;
    private double tokens;
    private long last;

    /**
     * @param rate tokens a second; 0 for no limit
     */
    TokenBucket(double rate, long now) {
        this.rate = rate;
        this.burst = Math.max(1, rate);
        this.tokens = burst;
        this.last = now;
    }

    boolean tryTake(long now) {
        if (rate == 0) {
            return true;
        }
        drip(now);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** When a token will be there. */
    long nextAt(long now) {
        if (rate == 0) {
            return now;
        }
        drip(now);
        return tokens >= 1 ? now : now + (long) Math.ceil((1 - tokens) * 1000 / rate);
    }

    private void drip(long now) {
        if (now > last) {
            tokens = Math.min(burst, tokens + (now - last) * rate / 1000);
        }
        last = now;
    }
}
