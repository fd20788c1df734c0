package dev.tally.aggregate;

import dev.tally.aggregate.measure.Amount;
import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.item.Value;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A group as it is kept in state: what it amounts to, and what is known of its row. Values of
 * ordered measures are in it too, unless they are many: then they are beside it, in pages.
 */
public final class GroupState {

    public static final Codec<GroupState> CODEC = new GroupStateCodec();

    private final long items;
    private final long time;
    private final Amount[] amounts;
    private final long stamp;
    private final Emitted emitted;

    /**
     * @param items in the group
     * @param time service milliseconds of the newest change in it, 0 if unknown
     * @param amounts one per measure of the spec; not copied
     * @param stamp the submission that knows what the target holds; 0: none
     * @param emitted what the target holds or will hold, as far as {@code stamp} knows; null if it
     *     knows of nothing, or that the row must be written whatever it is
     */
    GroupState(long items, long time, Amount[] amounts, long stamp, Emitted emitted) {
        this.items = items;
        this.time = time;
        this.amounts = Objects.requireNonNull(amounts);
        this.stamp = stamp;
        this.emitted = emitted;
    }

    long items() {
        return items;
    }

    long time() {
        return time;
    }

    /** Must not be changed. */
    Amount[] amounts() {
        return amounts;
    }

    long stamp() {
        return stamp;
    }

    Emitted emitted() {
        return emitted;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof GroupState
                && ((GroupState) o).items == items
                && ((GroupState) o).time == time
                && Arrays.equals(((GroupState) o).amounts, amounts)
                && ((GroupState) o).stamp == stamp
                && Objects.equals(((GroupState) o).emitted, emitted);
    }

    @Override
    public int hashCode() {
        return Objects.hash(items, time, Arrays.hashCode(amounts), stamp);
    }

    @Override
    public String toString() {
        return "a group of " + items + " items";
    }

    /** What a row says: its results, and whether it says that the group has no items. */
    static final class Emitted {

        static final Codec<Emitted> CODEC = new EmittedCodec();

        private final Value[] measures;
        private final boolean empty;

        /**
         * @param measures one per measure of the spec, null where absent; not copied
         */
        Emitted(Value[] measures, boolean empty) {
            this.measures = Objects.requireNonNull(measures);
            this.empty = empty;
        }

        /** Must not be changed. */
        Value[] measures() {
            return measures;
        }

        boolean empty() {
            return empty;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Emitted
                    && ((Emitted) o).empty == empty
                    && Arrays.equals(((Emitted) o).measures, measures);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(measures);
        }
    }

    /** Version 1 had no values in it, version 2 those of a maximum beside its minimum's. */
    private static final class GroupStateCodec implements Codec<GroupState> {

        @Override
        public int version() {
            return 3;
        }

        @Override
        public void write(GroupState state, DataOutputView out) throws IOException {
            Wire.writeLong(state.items, out);
            Wire.writeLong(state.time, out);
            Wire.writeLong(state.stamp, out);
            Wire.writeInt(state.amounts.length, out);
            for (Amount amount : state.amounts) {
                Amount.CODEC.write(amount, out);
            }
            Emitted.CODEC.write(state.emitted, out);
        }

        @Override
        public GroupState read(int version, DataInputView in) throws IOException {
            long items = Wire.readLong(in);
            long time = Wire.readLong(in);
            long stamp = Wire.readLong(in);
            Amount[] amounts = new Amount[Wire.readCount(in)];
            for (int i = 0; i < amounts.length; i++) {
                amounts[i] = Amount.CODEC.read(version, in);
            }
            return new GroupState(items, time, amounts, stamp, Emitted.CODEC.read(version, in));
        }
    }

    /** A part of the group, as its versions have it; also of none, which is null. */
    private static final class EmittedCodec implements Codec<Emitted> {

        private static final int NOTHING = 0;
        private static final int ROW = 1;
        private static final int EMPTY_ROW = 2;

        @Override
        public int version() {
            return GroupState.CODEC.version();
        }

        @Override
        public void write(Emitted emitted, DataOutputView out) throws IOException {
            if (emitted == null) {
                out.writeByte(NOTHING);
                return;
            }
            out.writeByte(emitted.empty ? EMPTY_ROW : ROW);
            Wire.writeInt(emitted.measures.length, out);
            for (Value measure : emitted.measures) {
                Wire.writeOptional(Value.CODEC, measure, out);
            }
        }

        @Override
        public Emitted read(int version, DataInputView in) throws IOException {
            int row = in.readByte();
            if (row == NOTHING) {
                return null;
            }
            if (row != ROW && row != EMPTY_ROW) {
                throw new IOException("cannot read a group: no row has the code " + row);
            }
            Value[] measures = new Value[Wire.readCount(in)];
            for (int i = 0; i < measures.length; i++) {
                measures[i] = Wire.readOptional(Value.CODEC, version, in);
            }
            return new Emitted(measures, row == EMPTY_ROW);
        }
    }
}
