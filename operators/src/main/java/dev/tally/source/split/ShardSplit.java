package dev.tally.source.split;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A shard of the stream, read from its trim horizon. */
public final class ShardSplit extends TableSplit {

    public static final Codec<ShardSplit> CODEC = new ShardSplitCodec();

    private final String shardId;
    private final String parentShardId;
    private final String streamArn;
    private final int incarnation;
    private final Fence fence;
    private final Position position;

    /**
     * @param parentShardId null without one
     * @param incarnation number of the stream ARN: orders item versions
     */
    public ShardSplit(
            String shardId,
            String parentShardId,
            String streamArn,
            int incarnation,
            Fence fence,
            Position position) {
        this.shardId = Objects.requireNonNull(shardId);
        this.parentShardId = parentShardId;
        this.streamArn = Objects.requireNonNull(streamArn);
        this.incarnation = incarnation;
        this.fence = Objects.requireNonNull(fence);
        this.position = Objects.requireNonNull(position);
    }

    /** How far a shard has been emitted. */
    public static final class Position {
        private final String sequenceNumber;
        private final boolean fencePassed;
        private final long readUpTo;
        private final boolean finished;

        /**
         * @param sequenceNumber of the last record that was emitted; null for none: trim horizon
         * @param fencePassed whether the lineage has seen a record at or after the fence
         * @param readUpTo service milliseconds before which no record of the shard is unread
         * @param finished whether the shard's end has been reached
         */
        public Position(
                String sequenceNumber, boolean fencePassed, long readUpTo, boolean finished) {
            this.sequenceNumber = sequenceNumber;
            this.fencePassed = fencePassed;
            this.readUpTo = readUpTo;
            this.finished = finished;
        }

        /** Before the first record, with what the parent's position says. */
        public static Position start(boolean fencePassed, long readUpTo) {
            return new Position(null, fencePassed, readUpTo, false);
        }
    }

    public static String id(int incarnation, String shardId) {
        return "shard-" + incarnation + "-" + shardId;
    }

    /** The same shard under another fence; of a later generation nothing has passed it yet. */
    public ShardSplit under(Fence other) {
        boolean same = other.generation() == fence.generation();
        Position at =
                new Position(
                        position.sequenceNumber,
                        position.fencePassed && same,
                        position.readUpTo,
                        position.finished);
        return new ShardSplit(shardId, parentShardId, streamArn, incarnation, other, at);
    }

    /** The same shard, further on. */
    public ShardSplit at(Position other) {
        return new ShardSplit(shardId, parentShardId, streamArn, incarnation, fence, other);
    }

    @Override
    public String splitId() {
        return id(incarnation, shardId);
    }

    public String shardId() {
        return shardId;
    }

    public String parentShardId() {
        return parentShardId;
    }

    public String streamArn() {
        return streamArn;
    }

    public int incarnation() {
        return incarnation;
    }

    public Fence fence() {
        return fence;
    }

    public String sequenceNumber() {
        return position.sequenceNumber;
    }

    public boolean fencePassed() {
        return position.fencePassed;
    }

    public long readUpTo() {
        return position.readUpTo;
    }

    @Override
    public boolean finished() {
        return position.finished;
    }

    @Override
    public boolean equals(Object o) {
        if (!(o instanceof ShardSplit)) {
            return false;
        }
        ShardSplit other = (ShardSplit) o;
        return shardId.equals(other.shardId)
                && Objects.equals(parentShardId, other.parentShardId)
                && streamArn.equals(other.streamArn)
                && incarnation == other.incarnation
                && fence.equals(other.fence)
                && Objects.equals(position.sequenceNumber, other.position.sequenceNumber)
                && position.fencePassed == other.position.fencePassed
                && position.readUpTo == other.position.readUpTo
                && position.finished == other.position.finished;
    }

    @Override
    public int hashCode() {
        return shardId.hashCode();
    }

    @Override
    public String toString() {
        return splitId()
                + " after "
                + position.sequenceNumber
                + (position.finished ? " (finished)" : "");
    }

    private static final class ShardSplitCodec implements Codec<ShardSplit> {

        @Override
        public int version() {
            return 2;
        }

        @Override
        public void write(ShardSplit split, DataOutputView out) throws IOException {
            Wire.writeText(split.shardId, out);
            Wire.writeOptionalText(split.parentShardId, out);
            Wire.writeText(split.streamArn, out);
            Wire.writeInt(split.incarnation, out);
            Fence.CODEC.write(split.fence, out);
            Wire.writeOptionalText(split.position.sequenceNumber, out);
            out.writeBoolean(split.position.fencePassed);
            Wire.writeLong(split.position.readUpTo, out);
            out.writeBoolean(split.position.finished);
        }

        @Override
        public ShardSplit read(int version, DataInputView in) throws IOException {
            return new ShardSplit(
                    Wire.readText(in),
                    Wire.readOptionalText(in),
                    Wire.readText(in),
                    Wire.readInt(in),
                    Fence.CODEC.read(version, in),
                    new Position(
                            Wire.readOptionalText(in),
                            in.readBoolean(),
                            Wire.readLong(in),
                            in.readBoolean()));
        }
    }
}
