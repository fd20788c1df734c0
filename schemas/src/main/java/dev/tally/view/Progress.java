package dev.tally.view;

import java.io.Serializable;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Takes what a table's source knows of itself, at each completed checkpoint; the status table is
 * behind it. Shipped inside the job graph; connections open at first use.
 */
public interface Progress extends Serializable, AutoCloseable {

    /** How far the source of a table is. */
    enum State {
        /** The first generation is being read. */
        BUILDING,
        /** Read, or restored, but not yet past the moment from which rows may show. */
        HELD,
        /** Rows are exact as of the given time. */
        READY,
        /** Records were lost; rows are not exact until a new generation is ready. */
        STALE
    }

    /** What the source says. */
    final class Report {
        private final State state;
        private final int percent;
        private final long generation;
        private final long checkpoint;
        private final long asOf;
        private final long base;
        private final String reason;
        private final int gaps;
        private final Set<String> building;

        /** Of a first generation without gaps. */
        public Report(State state, int percent, long generation, long checkpoint, long asOf) {
            this(state, percent, generation, checkpoint, asOf, generation, "first", 0, Set.of());
        }

        /**
         * @param state of the views that have been complete, or of all in a first generation
         * @param percent of the scan, 0 to 100
         * @param checkpoint the completed one that contains all of it
         * @param asOf service milliseconds up to which every shard was read, 0 if unknown
         * @param base the generation that complete views wait for
         * @param reason why the generation began: first, gap, views or request
         * @param gaps how often changes were lost so far
         * @param building names of views that are being built while others stay complete
         */
        public Report(
                State state,
                int percent,
                long generation,
                long checkpoint,
                long asOf,
                long base,
                String reason,
                int gaps,
                Set<String> building) {
            this.base = base;
            this.reason = reason;
            this.gaps = gaps;
            this.building = Set.copyOf(building);
            this.state = state;
            this.percent = percent;
            this.generation = generation;
            this.checkpoint = checkpoint;
            this.asOf = asOf;
        }

        public State state() {
            return state;
        }

        public int percent() {
            return percent;
        }

        public long generation() {
            return generation;
        }

        public long checkpoint() {
            return checkpoint;
        }

        public long asOf() {
            return asOf;
        }

        public String reason() {
            return reason;
        }

        public int gaps() {
            return gaps;
        }

        /** The state of one view. */
        public State stateOf(String view) {
            return building.contains(view) ? State.BUILDING : state;
        }

        /** The generation that must be ready before the view's rows are exact. */
        public long generationOf(String view) {
            boolean shown = !building.isEmpty() && !building.contains(view);
            return shown ? base : generation;
        }
    }

    /**
     * Writes the report without blocking the caller.
     *
     * @return completes with whether this submission is still the newest; failures to write are
     *     logged and count as still the newest
     */
    CompletableFuture<Boolean> report(Report report);

    @Override
    void close();
}
