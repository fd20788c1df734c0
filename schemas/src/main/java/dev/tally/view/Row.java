package dev.tally.view;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.item.Value;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A group's result, as the aggregate stage emits it and the row sink writes it. */
public final class Row {

    public static final Codec<Row> CODEC = new RowCodec();

    private final GroupKey group;
    private final Value[] measures;
    private final boolean empty;
    private final long checkpoint;
    private final long counter;
    private final long time;

    /**
     * @param measures one result per measure of the spec, null where it is absent; not copied
     * @param empty whether the group has no items
     * @param checkpoint for a committed row the checkpoint that contains it; for an eager one the
     *     last barrier seen
     * @param counter 0 for a committed row, from 1 for eager ones after that barrier
     * @param time as-of: service milliseconds of the newest change in it, or 0
     */
    public Row(
            GroupKey group,
            Value[] measures,
            boolean empty,
            long checkpoint,
            long counter,
            long time) {
        this.group = Objects.requireNonNull(group);
        this.measures = Objects.requireNonNull(measures);
        this.empty = empty;
        this.checkpoint = checkpoint;
        this.counter = counter;
        this.time = time;
    }

    public GroupKey group() {
        return group;
    }

    /** Must not be changed. */
    public Value[] measures() {
        return measures;
    }

    public boolean empty() {
        return empty;
    }

    public long checkpoint() {
        return checkpoint;
    }

    public long counter() {
        return counter;
    }

    public boolean eager() {
        return counter > 0;
    }

    public long time() {
        return time;
    }

    @Override
    public boolean equals(Object o) {
        if (!(o instanceof Row)) {
            return false;
        }
        Row other = (Row) o;
        return group.equals(other.group)
                && Arrays.equals(measures, other.measures)
                && empty == other.empty
                && checkpoint == other.checkpoint
                && counter == other.counter
                && time == other.time;
    }

    @Override
    public int hashCode() {
        return Objects.hash(group, checkpoint, counter);
    }

    @Override
    public String toString() {
        return "row of " + group + " at " + checkpoint + "/" + counter;
    }

    private static final class RowCodec implements Codec<Row> {

        @Override
        public int version() {
            return 1;
        }

        @Override
        public void write(Row row, DataOutputView out) throws IOException {
            GroupKey.CODEC.write(row.group, out);
            Contribution.writeValues(row.measures, out);
            out.writeBoolean(row.empty);
            Wire.writeLong(row.checkpoint, out);
            Wire.writeLong(row.counter, out);
            Wire.writeLong(row.time, out);
        }

        @Override
        public Row read(int version, DataInputView in) throws IOException {
            return new Row(
                    GroupKey.CODEC.read(version, in),
                    Contribution.readValues(version, in),
                    in.readBoolean(),
                    Wire.readLong(in),
                    Wire.readLong(in),
                    Wire.readLong(in));
        }
    }
}
