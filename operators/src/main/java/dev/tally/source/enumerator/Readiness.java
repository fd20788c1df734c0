package dev.tally.source.enumerator;

/**
 * When a generation is ready, and when that may be said. Pure.
 *
 * <pre>
 *   scanning ──all segments done──▶ settled at T ──every shard past T──▶ holds ──▶ announced
 *      ▲                             │        ▲                            │
 *      └── a segment's end forgotten ┘        └─── a reader starts again ──┘
 *
 *   holds ──▶ announced: by the completion of a checkpoint that began while it held
 * </pre>
 *
 * <p>A reader that fails takes back what it reported, so the condition must hold again, and only a
 * checkpoint that began after it held makes it a fact: then every restart of readers comes after
 * it. Announced stays announced for as long as this enumerator lives; a restored one begins anew.
 */
final class Readiness {

    private static final long CLOCK_UNIT_MS = 1_000;

    private long settledAt;
    private boolean listedSince;
    private boolean holds;
    private long firstCheckpoint;
    private boolean announced;

    /**
     * @param settledAt from state; 0 if not settled
     */
    Readiness(long settledAt) {
        this.settledAt = settledAt;
    }

    /** Service milliseconds that every shard must have passed; 0 if the scan is not done. */
    long settledAt() {
        return settledAt;
    }

    boolean announced() {
        return announced;
    }

    boolean holds() {
        return holds;
    }

    /**
     * Fixes the moment.
     *
     * @param now service milliseconds, cut to the second by HTTP's {@code Date}: it is already up
     *     to a second later
     */
    void settle(long now) {
        settledAt = now + CLOCK_UNIT_MS;
        listedSince = false;
    }

    /** Whether a listing begun now would be one that {@link #listed} waits for. */
    boolean wantsListing(long now) {
        return settledAt > 0 && !listedSince && now >= settledAt;
    }

    /** A segment is not done after all. */
    void unsettle() {
        settledAt = 0;
        listedSince = false;
        doubt();
    }

    /** A reader starts again: what it said must be said again. */
    void doubt() {
        holds = false;
        firstCheckpoint = 0;
    }

    /**
     * @param begunAt when a listing of the shards began that is now part of the graph
     */
    void listed(long begunAt) {
        listedSince |= settledAt > 0 && begunAt >= settledAt;
    }

    /**
     * @param allPast whether every shard was read past {@link #settledAt()}
     */
    void observe(boolean allPast) {
        holds |= settledAt > 0 && listedSince && allPast;
    }

    void checkpointBegins(long checkpoint) {
        if (holds && firstCheckpoint == 0) {
            firstCheckpoint = checkpoint;
        }
    }

    /** Whether ready is to be announced by this. */
    boolean checkpointCompleted(long checkpoint) {
        boolean now = !announced && firstCheckpoint != 0 && firstCheckpoint <= checkpoint;
        announced |= now;
        return now;
    }
}
