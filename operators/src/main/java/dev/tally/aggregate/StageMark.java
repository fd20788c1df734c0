package dev.tally.aggregate;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** How far the group stage was, for a range of key groups; in union list state. */
public final class StageMark {

    public static final Codec<StageMark> CODEC = new StageMarkCodec();

    private final int firstKeyGroup;
    private final int lastKeyGroup;
    private final long submission;
    private final Phase phase;
    private final boolean reconciled;
    private final long ready;
    private final long seen;

    /**
     * @param lastKeyGroup inclusive
     * @param reconciled whether this submission has compared these key groups with the target
     * @param ready the ready generation; 0 if there is none
     * @param seen highest stamp of a contribution; 0 if there was none
     */
    StageMark(
            int firstKeyGroup,
            int lastKeyGroup,
            long submission,
            Phase phase,
            boolean reconciled,
            long ready,
            long seen) {
        this.firstKeyGroup = firstKeyGroup;
        this.lastKeyGroup = lastKeyGroup;
        this.submission = submission;
        this.phase = Objects.requireNonNull(phase);
        this.reconciled = reconciled;
        this.ready = ready;
        this.seen = seen;
    }

    boolean covers(int keyGroup) {
        return firstKeyGroup <= keyGroup && keyGroup <= lastKeyGroup;
    }

    long submission() {
        return submission;
    }

    Phase phase() {
        return phase;
    }

    boolean reconciled() {
        return reconciled;
    }

    long ready() {
        return ready;
    }

    long seen() {
        return seen;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof StageMark
                && ((StageMark) o).firstKeyGroup == firstKeyGroup
                && ((StageMark) o).lastKeyGroup == lastKeyGroup
                && ((StageMark) o).submission == submission
                && ((StageMark) o).phase == phase
                && ((StageMark) o).reconciled == reconciled
                && ((StageMark) o).ready == ready
                && ((StageMark) o).seen == seen;
    }

    @Override
    public int hashCode() {
        return Objects.hash(firstKeyGroup, lastKeyGroup, submission, phase);
    }

    @Override
    public String toString() {
        return phase + " for key groups " + firstKeyGroup + " to " + lastKeyGroup;
    }

    private static final class StageMarkCodec implements Codec<StageMark> {

        @Override
        public int version() {
            return 1;
        }

        @Override
        public void write(StageMark mark, DataOutputView out) throws IOException {
            Wire.writeInt(mark.firstKeyGroup, out);
            Wire.writeInt(mark.lastKeyGroup, out);
            Wire.writeLong(mark.submission, out);
            out.writeByte(mark.phase.ordinal());
            out.writeBoolean(mark.reconciled);
            Wire.writeLong(mark.ready, out);
            Wire.writeLong(mark.seen, out);
        }

        @Override
        public StageMark read(int version, DataInputView in) throws IOException {
            return new StageMark(
                    Wire.readInt(in),
                    Wire.readInt(in),
                    Wire.readLong(in),
                    Phase.ofCode(in.readByte()),
                    in.readBoolean(),
                    Wire.readLong(in),
                    Wire.readLong(in));
        }
    }
}
