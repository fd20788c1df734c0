package dev.tally.sink;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.view.Row;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What is still to be written of one group: the newest row that may be written, and the newest that
 * waits for its checkpoint; immutable. Older rows are never needed, since each is absolute.
 *
 * <p>It carries the submission that made it: a later one compares the whole target with its state
 * and does not want these rows.
 */
public final class Pending {

    public static final Codec<Pending> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 1;
                }

                @Override
                public void write(Pending pending, DataOutputView out) throws IOException {
                    Wire.writeLong(pending.submission, out);
                    Wire.writeOptional(Row.CODEC, pending.writable, out);
                    Wire.writeOptional(Row.CODEC, pending.awaiting, out);
                }

                @Override
                public Pending read(int version, DataInputView in) throws IOException {
                    return new Pending(
                            Wire.readLong(in),
                            Wire.readOptional(Row.CODEC, version, in),
                            Wire.readOptional(Row.CODEC, version, in));
                }
            };

    private final long submission;
    private final Row writable;
    private final Row awaiting;

    private Pending(long submission, Row writable, Row awaiting) {
        this.submission = submission;
        this.writable = writable;
        this.awaiting = awaiting;
    }

    static Pending none(long submission) {
        return new Pending(submission, null, null);
    }

    long submission() {
        return submission;
    }

    /** Null if no row may be written now. */
    Row writable() {
        return writable;
    }

    /** Null if no row waits for its checkpoint. */
    Row awaiting() {
        return awaiting;
    }

    boolean isEmpty() {
        return writable == null && awaiting == null;
    }

    /**
     * With one more row.
     *
     * @param completed the last completed checkpoint known; rows up to it may be written
     */
    Pending with(Row row, long completed) {
        Pending now = promoted(completed);
        return row.eager() || row.checkpoint() <= completed
                ? new Pending(submission, newer(now.writable, row), now.awaiting)
                : new Pending(submission, now.writable, newer(now.awaiting, row));
    }

    /** After a checkpoint has completed; the same object if that changes nothing. */
    Pending promoted(long completed) {
        if (awaiting == null || awaiting.checkpoint() > completed) {
            return this;
        }
        return new Pending(submission, newer(writable, awaiting), null);
    }

    /** After the given row has been dealt with; a newer one that came meanwhile stays. */
    Pending without(Row row) {
        return row.equals(writable) ? new Pending(submission, null, awaiting) : this;
    }

    private static Row newer(Row a, Row b) {
        return a == null || order(a, b) <= 0 ? b : a;
    }

    /** The order of the rows' guards. */
    static int order(Row a, Row b) {
        int order = Long.compare(a.checkpoint(), b.checkpoint());
        return order != 0 ? order : Long.compare(a.counter(), b.counter());
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Pending
                && ((Pending) o).submission == submission
                && Objects.equals(((Pending) o).writable, writable)
                && Objects.equals(((Pending) o).awaiting, awaiting);
    }

    @Override
    public int hashCode() {
        return Objects.hash(submission, writable, awaiting);
    }

    @Override
    public String toString() {
        return "writable " + writable + ", awaiting " + awaiting;
    }
}
