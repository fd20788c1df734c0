package dev.tally.aggregate;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** How far the group stage was with a view, for a range of key groups; in union list state. */
public final class StageMark {

    public static final Codec<StageMark> CODEC = new StageMarkCodec();

    private final String view;
    private final int firstKeyGroup;
    private final int lastKeyGroup;
    private final long submission;
    private final Phase phase;
    private final boolean reconciled;
    private final boolean cleared;
    private final long ready;
    private final long seen;
    private final long needs;
    private final long heard;

    /**
     * @param view null: all that there were, as version 1 had it
     * @param lastKeyGroup inclusive
     * @param reconciled whether this submission has compared these key groups with the target
     * @param cleared whether it has looked again for late writes of earlier submissions, when none
     *     could be under way any more
     * @param ready the ready generation; 0 if there is none
     * @param seen highest stamp of a contribution; 0 if there was none
     * @param needs the view is not ready before this generation is
     * @param heard the newest generation that the stage has heard of; 0 if there is none
     */
    StageMark(
            String view,
            int firstKeyGroup,
            int lastKeyGroup,
            long submission,
            Phase phase,
            boolean reconciled,
            boolean cleared,
            long ready,
            long seen,
            long needs,
            long heard) {
        this.view = view;
        this.firstKeyGroup = firstKeyGroup;
        this.lastKeyGroup = lastKeyGroup;
        this.submission = submission;
        this.phase = Objects.requireNonNull(phase);
        this.reconciled = reconciled;
        this.cleared = cleared;
        this.ready = ready;
        this.seen = seen;
        this.needs = needs;
        this.heard = heard;
    }

    /** Whether it tells of views one by one; version 1 did not. */
    boolean isOfOneView() {
        return view != null;
    }

    boolean isOf(String name) {
        return view == null || view.equals(name);
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

    boolean cleared() {
        return cleared;
    }

    long ready() {
        return ready;
    }

    long seen() {
        return seen;
    }

    long needs() {
        return needs;
    }

    long heard() {
        return heard;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof StageMark
                && Objects.equals(((StageMark) o).view, view)
                && ((StageMark) o).firstKeyGroup == firstKeyGroup
                && ((StageMark) o).lastKeyGroup == lastKeyGroup
                && ((StageMark) o).submission == submission
                && ((StageMark) o).phase == phase
                && ((StageMark) o).reconciled == reconciled
                && ((StageMark) o).cleared == cleared
                && ((StageMark) o).ready == ready
                && ((StageMark) o).seen == seen
                && ((StageMark) o).needs == needs
                && ((StageMark) o).heard == heard;
    }

    @Override
    public int hashCode() {
        return Objects.hash(view, firstKeyGroup, lastKeyGroup, submission, phase);
    }

    @Override
    public String toString() {
        return view + ": " + phase + " for key groups " + firstKeyGroup + " to " + lastKeyGroup;
    }

    /**
     * Version 1 had one phase for all views, and of what was heard only seen and ready; version 2
     * never looked again.
     */
    private static final class StageMarkCodec implements Codec<StageMark> {

        @Override
        public int version() {
            return 3;
        }

        @Override
        public void write(StageMark mark, DataOutputView out) throws IOException {
            Wire.writeInt(mark.firstKeyGroup, out);
            Wire.writeInt(mark.lastKeyGroup, out);
            Wire.writeLong(mark.submission, out);
            out.writeByte(mark.phase.ordinal());
            out.writeBoolean(mark.reconciled);
            out.writeBoolean(mark.cleared);
            Wire.writeLong(mark.ready, out);
            Wire.writeLong(mark.seen, out);
            Wire.writeOptionalText(mark.view, out);
            Wire.writeLong(mark.needs, out);
            Wire.writeLong(mark.heard, out);
        }

        @Override
        public StageMark read(int version, DataInputView in) throws IOException {
            int firstKeyGroup = Wire.readInt(in);
            int lastKeyGroup = Wire.readInt(in);
            long submission = Wire.readLong(in);
            Phase phase = Phase.ofCode(in.readByte());
            boolean reconciled = in.readBoolean();
            boolean cleared = version > 2 && in.readBoolean();
            long ready = Wire.readLong(in);
            long seen = Wire.readLong(in);
            return new StageMark(
                    version == 1 ? null : Wire.readOptionalText(in),
                    firstKeyGroup,
                    lastKeyGroup,
                    submission,
                    phase,
                    reconciled,
                    cleared,
                    ready,
                    seen,
                    version == 1 ? 0 : Wire.readLong(in),
                    version == 1 ? Math.max(ready, seen) : Wire.readLong(in));
        }
    }
}
