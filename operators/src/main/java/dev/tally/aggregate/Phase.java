package dev.tally.aggregate;

/**
 * How far the group stage is with letting rows of a view out.
 *
 * <pre>
 *             watermark at or above            all rows of the          all groups
 *             every stamp seen                 target compared          walked
 *   HOLD ────────────────────────▶ RECONCILE ─────────────────▶ RELEASE ──────────▶ LIVE
 *    ▲                                 │                           │                 │
 *    └─────────────────────────────────┴───────────────────────────┴─────────────────┘
 *                     a contribution stamped above the ready generation
 * </pre>
 *
 * <p>A new submission begins at HOLD, whatever the state says, and so does a view that is new to a
 * state: it waits for a generation that the state had not heard of. HOLD and RECONCILE let no row
 * out.
 */
enum Phase {
    /** A generation is open, or the submission has not caught up: rows are kept back. */
    HOLD,
    /** The rows of the targets are read and compared. */
    RECONCILE,
    /** Groups whose rows differ go out, so many per checkpoint; changed ones at once. */
    RELEASE,
    /** Each checkpoint gets the rows that changed. */
    LIVE;

    private static final Phase[] ALL = values();

    boolean letsRowsOut() {
        return this == RELEASE || this == LIVE;
    }

    Phase to(Phase next) {
        boolean legal = next == HOLD || next.ordinal() == ordinal() + 1;
        if (!legal) {
            throw new IllegalStateException("cannot go from phase " + this + " to " + next);
        }
        return next;
    }

    static Phase ofCode(int code) {
        if (code < 0 || code >= ALL.length) {
            throw new IllegalArgumentException("no phase has the code " + code);
        }
        return ALL[code];
    }
}
