package dev.tally.source.enumerator;

/**
 * Who has a split, how far it has come, and whether a completed checkpoint says so.
 *
 * <pre>
 *   WAITING ──assign──▶ READING ──end──▶ FINISHED
 *      ▲                   │  ▲             │
 *      └─────give back─────┘  └───forget────┘   (only what no completed checkpoint holds)
 * </pre>
 *
 * <p>The enumerator outlives its readers. When a subtask starts again from the last completed
 * checkpoint, what it reported after that checkpoint has not happened: its splits that the
 * checkpoint does not hold are given back, and ends that the checkpoint does not hold are
 * forgotten, until reported again.
 */
final class Tenure {

    /** Codes in state are the ordinals. */
    enum Phase {
        WAITING,
        READING,
        FINISHED
    }

    /** Owner of a split that no reader of this attempt has reported yet. */
    static final int NOBODY = -1;

    private Phase phase;
    private int owner = NOBODY;

    /** The first checkpoint begun after the phase was entered; 0 for none yet. */
    private long firstCheckpoint;

    /** Whether a completed checkpoint holds the phase. */
    private boolean certain;

    private Tenure(Phase phase, boolean certain) {
        this.phase = phase;
        this.certain = certain;
    }

    static Tenure fresh() {
        return new Tenure(Phase.WAITING, false);
    }

    /** From a checkpoint: what it says is certain. */
    static Tenure restored(Phase phase) {
        return new Tenure(phase, true);
    }

    Phase phase() {
        return phase;
    }

    boolean waiting() {
        return phase == Phase.WAITING;
    }

    boolean reading() {
        return phase == Phase.READING;
    }

    boolean finished() {
        return phase == Phase.FINISHED;
    }

    int owner() {
        return owner;
    }

    boolean certain() {
        return certain;
    }

    void assign(int subtask) {
        if (!waiting()) {
            throw new IllegalStateException("cannot assign a split twice: it is " + phase);
        }
        owner = subtask;
        enter(Phase.READING);
    }

    /** The subtask says that it has the split. */
    void claim(int subtask) {
        if (waiting()) {
            throw new IllegalStateException(
                    "subtask " + subtask + " reports a split that it was not given");
        }
        owner = subtask;
    }

    void finish() {
        if (!finished()) {
            enter(Phase.FINISHED);
        }
    }

    private void enter(Phase next) {
        phase = next;
        firstCheckpoint = 0;
        certain = false;
    }

    /** The split comes back from a subtask whose checkpoint does not hold it. */
    void giveBack() {
        owner = NOBODY;
        enter(Phase.WAITING);
    }

    /** The subtask starts again: an end that is not certain has not been reached. */
    void forgetUncertainEnd() {
        if (finished() && !certain) {
            enter(Phase.READING);
        }
    }

    void checkpointBegins(long checkpoint) {
        if (firstCheckpoint == 0) {
            firstCheckpoint = checkpoint;
        }
    }

    /** Whether the phase has become certain by this. */
    boolean checkpointCompleted(long checkpoint) {
        boolean now = !certain && firstCheckpoint != 0 && firstCheckpoint <= checkpoint;
        certain |= now;
        return now;
    }
}
