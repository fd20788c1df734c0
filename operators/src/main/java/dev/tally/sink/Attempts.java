package dev.tally.sink;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Calls that block, for what is written and read beside the row sink: while their outcome is not
 * known they are repeated, so they must be such that a repetition changes nothing.
 */
final class Attempts {

    private static final long WAIT_MAX = 5_000;

    private final int most;
    private final long firstWait;

    /**
     * @param firstWait between the first two, then twice as long each time, up to 5 s; 0 for none
     */
    Attempts(int most, Duration firstWait) {
        this.most = most;
        this.firstWait = firstWait.toMillis();
    }

    /** How many there are at the most. */
    int most() {
        return most;
    }

    /**
     * @param action for messages: {@code read table todoTaskCount}
     * @throws ConditionalCheckFailedException if that is what the call met; an earlier attempt may
     *     have landed and be the reason
     * @throws TargetException if the last attempt fails, or one whose failure is final
     */
    <T> T repeat(String action, Supplier<T> call) {
        for (int attempt = 1; ; attempt++) {
            try {
                return call.get();
            } catch (CompletionException e) {
                Throwable cause = ServiceErrors.cause(e);
                if (cause instanceof ConditionalCheckFailedException) {
                    throw (ConditionalCheckFailedException) cause;
                }
                if (!ServiceErrors.outcome(action, e).repeat() || attempt == most) {
                    throw ServiceErrors.named(action, e);
                }
            }
            pause(action, attempt);
        }
    }

    /** Waits behind an attempt, the first of which is 1. */
    void pause(String action, int attempt) {
        try {
            TimeUnit.MILLISECONDS.sleep(Math.min(WAIT_MAX, firstWait << (attempt - 1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TargetException("cannot " + action + ": interrupted", e);
        }
    }
}
