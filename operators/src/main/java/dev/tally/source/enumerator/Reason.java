package dev.tally.source.enumerator;

/** Why a generation began; codes in state are the ordinals. */
enum Reason {
    /** Nothing of the table was read before. */
    FIRST,
    /** Changes were lost. */
    GAP,
    /** Views are new or count something else. */
    VIEWS,
    /** Somebody asked for it. */
    REQUEST
}
