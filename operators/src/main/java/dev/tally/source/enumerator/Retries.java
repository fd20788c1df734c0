package dev.tally.source.enumerator;

import dev.tally.source.SourceOptions;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ClientException.Kind;

/**
 * How long to wait before a call is made again, and whether at all. A refusal for the rate is
 * repeated for as long as it takes; an error so many times in a row. Pure.
 */
final class Retries {

    /** {@link #again} if repeating does not cure it. */
    static final long NEVER = -1;

    private static final long BACKOFF_MAX_MS = 10_000;

    private int failures;

    /** Since the service last answered anything at all. */
    private int errors;

    void succeeded() {
        failures = 0;
        errors = 0;
    }

    /** Milliseconds after the call that failed, or {@link #NEVER}. */
    long again(ClientException error) {
        boolean refused = error.kind() == Kind.THROTTLED || error.kind() == Kind.READER_LIMIT;
        errors = refused ? 0 : errors + 1;
        failures++;
        if (!refused && (error.kind() != Kind.TRANSIENT || errors > SourceOptions.RETRIES)) {
            return NEVER;
        }
        return Math.min(BACKOFF_MAX_MS, 100L << Math.min(failures, 10));
    }
}
