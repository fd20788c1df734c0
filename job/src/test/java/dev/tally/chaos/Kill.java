package dev.tally.chaos;

import java.time.Duration;

/** What was killed, in which phase it really was, and how long the job took to be back. */
final class Kill {

    /** Of a job's life. */
    enum Phase {
        /** The table is being read. */
        SCAN("scan"),
        /** The stream is being read, no checkpoint is in flight. */
        STREAM("stream"),
        /** Some tasks are behind a barrier, and its checkpoint has not completed. */
        BARRIER("barrier to complete"),
        /** Rows of a completed checkpoint are being written. */
        COMMIT("commit"),
        /** The job is not yet back from an earlier kill. */
        RECOVERY("recovery");

        private final String words;

        Phase(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** What is killed. */
    enum Victim {
        TASK_MANAGER,
        JOB_MANAGER
    }

    private final Phase phase;
    private final Victim victim;
    private final Duration recovery;

    Kill(Phase phase, Victim victim, Duration recovery) {
        this.phase = phase;
        this.victim = victim;
        this.recovery = recovery;
    }

    Phase phase() {
        return phase;
    }

    Victim victim() {
        return victim;
    }

    /** Until a checkpoint that began after the kill had completed; null if another kill came. */
    Duration recovery() {
        return recovery;
    }

    @Override
    public String toString() {
        return victim
                + " in "
                + phase
                + (recovery == null ? "" : ", back after " + recovery.toMillis() + " ms");
    }
}
