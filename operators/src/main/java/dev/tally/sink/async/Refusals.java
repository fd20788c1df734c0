package dev.tally.sink.async;

import dev.tally.item.ValuelessCause;
import java.time.Duration;
import java.util.Set;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * What is said and done when a destination takes nothing. A job that has just been started is
 * stopped for good: its configuration is wrong. One that continues from a checkpoint has probably
 * reached its destination before, which may come back: it fails, and restarts are of use.
 */
final class Refusals {

    /** Whose texts are about a stream, a table or a host; others may quote keys and values. */
    private static final Set<String> NAMING_RESOURCES =
            Set.of(
                    "ResourceNotFoundException",
                    "AccessDeniedException",
                    "UnknownHostException",
                    "ConnectException",
                    "TimeoutException");

    private final String destination;
    private final Duration limit;
    private final boolean restored;
    private final Acceptance acceptance;

    /**
     * @param destination what is written and where to, as the object of a sentence
     * @param limit how long nothing may be accepted
     */
    Refusals(String destination, Duration limit, boolean restored, Acceptance acceptance) {
        this.destination = destination;
        this.limit = limit;
        this.restored = restored;
        this.acceptance = acceptance;
    }

    String destination() {
        return destination;
    }

    Duration limit() {
        return limit;
    }

    /** Nothing was ever accepted. */
    RuntimeException never() {
        return ending(
                "nothing was accepted within "
                        + limit.toSeconds()
                        + " s, "
                        + acceptance.refused()
                        + " records were refused",
                null);
    }

    /** The connector gives up by itself. */
    RuntimeException fatal(Exception cause) {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String type = root.getClass().getSimpleName();
        return ending(
                NAMING_RESOURCES.contains(type)
                        ? root.getMessage()
                        : "the log has the place of " + type,
                ValuelessCause.of(cause));
    }

    private RuntimeException ending(String why, Throwable cause) {
        IllegalStateException named =
                new IllegalStateException(
                        "cannot write "
                                + destination
                                + ": "
                                + why
                                + ". Check that it exists in this account and region, that it can"
                                + " be reached, and that the job may write to it.",
                        cause);
        boolean hopeless = !restored && !acceptance.any();
        return hopeless ? new SuppressRestartsException(named) : named;
    }

    /** Nothing is accepted any more. */
    String stalled() {
        return "cannot write "
                + destination
                + ": nothing was accepted for "
                + limit.toSeconds()
                + " s, "
                + acceptance.refused()
                + " records were refused so far; each is sent again.";
    }
}
