package dev.tally.source.split;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.item.Item;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A segment of a parallel scan; the number of segments is frozen for a generation. */
public final class SegmentSplit extends TableSplit {

    public static final Codec<SegmentSplit> CODEC = new SegmentSplitCodec();

    private final int segment;
    private final int total;
    private final long generation;
    private final long base;
    private final Item lastKey;
    private final long emitted;
    private final boolean finished;

    /**
     * @param base generation that complete views wait for, as {@link Fence#base()}
     * @param lastKey key attributes of the last item that was emitted, or of the last page's end;
     *     null at the start. The item need not exist any more.
     * @param emitted items so far
     */
    public SegmentSplit(
            int segment,
            int total,
            long generation,
            long base,
            Item lastKey,
            long emitted,
            boolean finished) {
        this.segment = segment;
        this.total = total;
        this.generation = generation;
        this.base = base;
        this.lastKey = lastKey;
        this.emitted = emitted;
        this.finished = finished;
    }

    public static SegmentSplit start(int segment, int total, long generation, long base) {
        return new SegmentSplit(segment, total, generation, base, null, 0, false);
    }

    public static String id(long generation, int segment) {
        return "segment-" + generation + "-" + segment;
    }

    @Override
    public String splitId() {
        return id(generation, segment);
    }

    public int segment() {
        return segment;
    }

    public int total() {
        return total;
    }

    public long generation() {
        return generation;
    }

    public long base() {
        return base;
    }

    public Item lastKey() {
        return lastKey;
    }

    /** The same segment, further on. */
    public SegmentSplit at(Item otherKey, long otherEmitted, boolean atEnd) {
        return new SegmentSplit(segment, total, generation, base, otherKey, otherEmitted, atEnd);
    }

    public long emitted() {
        return emitted;
    }

    @Override
    public boolean finished() {
        return finished;
    }

    @Override
    public boolean equals(Object o) {
        if (!(o instanceof SegmentSplit)) {
            return false;
        }
        SegmentSplit other = (SegmentSplit) o;
        return segment == other.segment
                && total == other.total
                && generation == other.generation
                && base == other.base
                && Objects.equals(lastKey, other.lastKey)
                && emitted == other.emitted
                && finished == other.finished;
    }

    @Override
    public int hashCode() {
        return Objects.hash(segment, generation);
    }

    @Override
    public String toString() {
        return splitId() + " of " + total + (finished ? " (finished)" : "");
    }

    private static final class SegmentSplitCodec implements Codec<SegmentSplit> {

        @Override
        public int version() {
            return 2;
        }

        @Override
        public void write(SegmentSplit split, DataOutputView out) throws IOException {
            Wire.writeInt(split.segment, out);
            Wire.writeInt(split.total, out);
            Wire.writeLong(split.generation, out);
            Wire.writeOptional(Item.CODEC, split.lastKey, out);
            Wire.writeLong(split.emitted, out);
            out.writeBoolean(split.finished);
            Wire.writeLong(split.base, out);
        }

        @Override
        public SegmentSplit read(int version, DataInputView in) throws IOException {
            int segment = Wire.readInt(in);
            int total = Wire.readInt(in);
            long generation = Wire.readLong(in);
            Item lastKey = Wire.readOptional(Item.CODEC, version, in);
            long emitted = Wire.readLong(in);
            boolean finished = in.readBoolean();
            long base = version == 1 ? generation : Wire.readLong(in);
            return new SegmentSplit(segment, total, generation, base, lastKey, emitted, finished);
        }
    }
}
