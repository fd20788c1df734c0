package dev.tally.source.enumerator;

import java.util.Set;

/**
 * What is said to be ready: a generation, and until then, while it only builds new views, the one
 * that it is based on. Pure.
 *
 * <p>The base was ready before. It is said again after a restore as soon as all shards have passed
 * the moment from which rows are of the present, so that complete views do not wait for the scan.
 */
final class Announcements {

    private final long generation;
    private final Readiness ready;
    private final long baseGeneration;

    /** Null if it is not to be said. */
    private final Readiness base;

    /**
     * @param base null if the generation is not based on another
     */
    Announcements(long generation, Readiness ready, long baseGeneration, Readiness base) {
        this.generation = generation;
        this.ready = ready;
        this.baseGeneration = baseGeneration;
        this.base = base;
    }

    /** Service milliseconds that every shard must have passed; 0 if the scan is not done. */
    long settledAt() {
        return ready.settledAt();
    }

    /** The same for the base; 0 without one. */
    long baseSettledAt() {
        return base == null ? 0 : base.settledAt();
    }

    /** Somebody has started from state: ready means from now on this moment. */
    void resumed(long moment) {
        if (ready.settledAt() > 0) {
            ready.settle(moment);
        }
        if (base != null) {
            base.settle(moment);
        }
    }

    void scanDone(long serviceTime) {
        ready.settle(serviceTime);
    }

    void scanNotDone() {
        ready.unsettle();
    }

    /** What was seen of readers does not count any more. */
    void doubt() {
        ready.doubt();
        if (base != null) {
            base.doubt();
        }
    }

    /**
     * @param begunAt when a listing of the shards began that is now part of the graph
     */
    void listed(long begunAt) {
        ready.listed(begunAt);
        if (base != null) {
            base.listed(begunAt);
        }
    }

    boolean wantsListing(long serviceTime) {
        return ready.wantsListing(serviceTime) || (base != null && base.wantsListing(serviceTime));
    }

    /**
     * @param excused ends whose missing child is not waited for any more
     */
    void observe(ShardGraph graph, Set<String> excused) {
        observe(ready, graph, excused);
        if (base != null) {
            observe(base, graph, excused);
        }
    }

    private static void observe(Readiness which, ShardGraph graph, Set<String> excused) {
        which.observe(which.settledAt() > 0 && graph.allPast(which.settledAt(), excused));
    }

    void checkpointBegins(long checkpoint) {
        ready.checkpointBegins(checkpoint);
        if (base != null) {
            base.checkpointBegins(checkpoint);
        }
    }

    /** The generation that is to be said by the completion of a checkpoint; 0 for none. */
    long dueAt(long checkpoint) {
        boolean baseDue = base != null && base.checkpointCompleted(checkpoint);
        if (ready.checkpointCompleted(checkpoint)) {
            return generation;
        }
        return baseDue && !ready.announced() ? baseGeneration : 0;
    }

    /** The latest generation that was said; 0 for none. */
    long said() {
        if (ready.announced()) {
            return generation;
        }
        return base != null && base.announced() ? baseGeneration : 0;
    }
}
