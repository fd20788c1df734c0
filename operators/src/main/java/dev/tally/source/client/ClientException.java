package dev.tally.source.client;

import dev.tally.item.ValuelessCause;
import java.util.Objects;

/** A call that failed, classed by what the caller has to do. */
public final class ClientException extends Exception {

    private static final long serialVersionUID = 1L;

    /** How to react. */
    public enum Kind {
        /** Take a new iterator after the last sequence number. */
        EXPIRED_ITERATOR,
        /** Wait, with backoff and jitter. */
        THROTTLED,
        /** More than two processes read the shard: step back far. */
        READER_LIMIT,
        /** The position is gone: a gap. */
        TRIMMED,
        /** Table, stream or shard does not exist (any more). */
        NOT_FOUND,
        /** Stop and say which permission is missing. */
        ACCESS_DENIED,
        /** Retry, within bounds: server errors, timeouts, connections. */
        TRANSIENT,
        /** The request itself is wrong: a bug or a setting; stop. */
        REFUSED
    }

    private final Kind kind;

    /**
     * @param message a sentence: cannot do what to which object: why
     */
    public ClientException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind);
    }

    /** The failure of a client's future, whatever the future's stages have wrapped it in. */
    public static ClientException of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClientException) {
                return (ClientException) cause;
            }
        }
        return new ClientException(
                Kind.REFUSED,
                "cannot call DynamoDB: " + failure.getClass().getSimpleName() + " in this program.",
                ValuelessCause.of(failure));
    }

    public Kind kind() {
        return kind;
    }
}
