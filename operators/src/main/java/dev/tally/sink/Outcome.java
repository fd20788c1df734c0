package dev.tally.sink;

import java.util.Objects;

/** What became of one attempt to write, and so what to do next. */
final class Outcome {

    /** How to react. */
    enum Kind {
        /** The row is written. */
        WRITTEN,
        /** The row was there already: an attempt of unknown outcome had landed. */
        DUPLICATE,
        /** A newer row of this submission is there: this one is late. */
        LATE,
        /** A row of a newer submission is there: another job has taken over. */
        SUPERSEDED,
        /** Wait, then repeat. */
        THROTTLED,
        /** It may or may not have landed, now or later: repeat. */
        UNKNOWN,
        /** The target will never take this row: a dead letter. */
        REFUSED,
        /** The row belongs to somebody else. */
        FOREIGN,
        /** Table missing or permission denied: stop, by name. */
        BROKEN
    }

    private final Kind kind;
    private final String reason;

    private Outcome(Kind kind, String reason) {
        this.kind = Objects.requireNonNull(kind);
        this.reason = reason;
    }

    static Outcome of(Kind kind) {
        return new Outcome(kind, null);
    }

    /**
     * @param reason a sentence without item values
     */
    static Outcome because(Kind kind, String reason) {
        return new Outcome(kind, reason);
    }

    Kind kind() {
        return kind;
    }

    /** Null where the kind says it all. */
    String reason() {
        return reason;
    }

    /** Whether the row needs no further attempt. */
    boolean settled() {
        return kind == Kind.WRITTEN || kind == Kind.DUPLICATE || kind == Kind.LATE;
    }

    /** Whether the same row is to be sent again. */
    boolean repeat() {
        return kind == Kind.THROTTLED || kind == Kind.UNKNOWN;
    }

    @Override
    public String toString() {
        return reason == null ? kind.toString() : kind + ": " + reason;
    }
}
