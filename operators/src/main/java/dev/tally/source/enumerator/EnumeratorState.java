package dev.tally.source.enumerator;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.source.split.Fence;
import dev.tally.source.split.SegmentSplit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** What a checkpoint holds of the enumerator. */
public final class EnumeratorState {

    public static final Codec<EnumeratorState> CODEC = new EnumeratorStateCodec();

    private final Pin pin;
    private final long submission;
    private final long settledAt;
    private final long observedAt;
    private final List<SegmentState> segments;
    private final List<ShardState> shards;

    /**
     * @param pin null before the first generation is pinned: then there is nothing else either
     * @param submission that wrote the checkpoint
     * @param settledAt the moment that all shards must have passed for ready; 0 if not known yet
     * @param observedAt service milliseconds of the latest answer: how old the checkpoint is
     */
    EnumeratorState(
            Pin pin,
            long submission,
            long settledAt,
            long observedAt,
            List<SegmentState> segments,
            List<ShardState> shards) {
        this.pin = pin;
        this.submission = submission;
        this.settledAt = settledAt;
        this.observedAt = observedAt;
        this.segments = List.copyOf(segments);
        this.shards = List.copyOf(shards);
    }

    static EnumeratorState unpinned(long submission) {
        return new EnumeratorState(null, submission, 0, 0, List.of(), List.of());
    }

    Pin pin() {
        return pin;
    }

    long submission() {
        return submission;
    }

    long settledAt() {
        return settledAt;
    }

    long observedAt() {
        return observedAt;
    }

    List<SegmentState> segments() {
        return segments;
    }

    /** How many shards of the stream are known. */
    public int shardCount() {
        return shards.size();
    }

    List<ShardState> shards() {
        return shards;
    }

    @Override
    public boolean equals(Object o) {
        if (!(o instanceof EnumeratorState)) {
            return false;
        }
        EnumeratorState other = (EnumeratorState) o;
        return Objects.equals(pin, other.pin)
                && submission == other.submission
                && settledAt == other.settledAt
                && observedAt == other.observedAt
                && segments.equals(other.segments)
                && shards.equals(other.shards);
    }

    @Override
    public int hashCode() {
        return Objects.hash(submission, settledAt, observedAt);
    }

    @Override
    public String toString() {
        return pin + ", " + segments.size() + " segments, " + shards.size() + " shards";
    }

    /** What a generation is about: fixed before any split is assigned. */
    static final class Pin {
        private final String tableId;
        private final String streamArn;
        private final int incarnation;
        private final long itemCount;
        private final Fence fence;

        /**
         * @param itemCount about how many items the table has
         */
        Pin(String tableId, String streamArn, int incarnation, long itemCount, Fence fence) {
            this.tableId = Objects.requireNonNull(tableId);
            this.streamArn = Objects.requireNonNull(streamArn);
            this.incarnation = incarnation;
            this.itemCount = itemCount;
            this.fence = Objects.requireNonNull(fence);
        }

        String tableId() {
            return tableId;
        }

        String streamArn() {
            return streamArn;
        }

        int incarnation() {
            return incarnation;
        }

        long itemCount() {
            return itemCount;
        }

        Fence fence() {
            return fence;
        }

        long generation() {
            return fence.generation();
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Pin
                    && ((Pin) o).tableId.equals(tableId)
                    && ((Pin) o).streamArn.equals(streamArn)
                    && ((Pin) o).incarnation == incarnation
                    && ((Pin) o).itemCount == itemCount
                    && ((Pin) o).fence.equals(fence);
        }

        @Override
        public int hashCode() {
            return Objects.hash(streamArn, fence);
        }

        @Override
        public String toString() {
            return "stream " + streamArn + " from " + fence;
        }
    }

    /** A segment that nobody has read yet, is read by somebody, or is done. */
    static final class SegmentState {
        private final Tenure.Phase phase;
        private final SegmentSplit split;

        SegmentState(Tenure.Phase phase, SegmentSplit split) {
            this.phase = phase;
            this.split = split;
        }

        Tenure.Phase phase() {
            return phase;
        }

        /** As last reported; where it is read, the reader's own state knows better. */
        SegmentSplit split() {
            return split;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof SegmentState
                    && ((SegmentState) o).phase == phase
                    && ((SegmentState) o).split.equals(split);
        }

        @Override
        public int hashCode() {
            return split.hashCode();
        }
    }

    /** A shard of the graph. */
    static final class ShardState {
        private final String shardId;
        private final String parentId;
        private final boolean root;
        private final Tenure.Phase phase;
        private final boolean fencePassed;
        private final long readUpTo;

        /**
         * @param parentId as listed, or null
         * @param root whether its parent, if it names one, was gone already at the pin
         */
        ShardState(
                String shardId,
                String parentId,
                boolean root,
                Tenure.Phase phase,
                boolean fencePassed,
                long readUpTo) {
            this.shardId = shardId;
            this.parentId = parentId;
            this.root = root;
            this.phase = phase;
            this.fencePassed = fencePassed;
            this.readUpTo = readUpTo;
        }

        String shardId() {
            return shardId;
        }

        String parentId() {
            return parentId;
        }

        boolean root() {
            return root;
        }

        Tenure.Phase phase() {
            return phase;
        }

        boolean fencePassed() {
            return fencePassed;
        }

        long readUpTo() {
            return readUpTo;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof ShardState
                    && ((ShardState) o).shardId.equals(shardId)
                    && Objects.equals(((ShardState) o).parentId, parentId)
                    && ((ShardState) o).root == root
                    && ((ShardState) o).phase == phase
                    && ((ShardState) o).fencePassed == fencePassed
                    && ((ShardState) o).readUpTo == readUpTo;
        }

        @Override
        public int hashCode() {
            return shardId.hashCode();
        }
    }

    private static final class EnumeratorStateCodec implements Codec<EnumeratorState> {

        @Override
        public int version() {
            return 1;
        }

        @Override
        public void write(EnumeratorState state, DataOutputView out) throws IOException {
            Wire.writeLong(state.submission, out);
            out.writeBoolean(state.pin != null);
            if (state.pin == null) {
                return;
            }
            Wire.writeText(state.pin.tableId, out);
            Wire.writeText(state.pin.streamArn, out);
            Wire.writeInt(state.pin.incarnation, out);
            Wire.writeLong(state.pin.itemCount, out);
            Fence.CODEC.write(state.pin.fence, out);
            Wire.writeLong(state.settledAt, out);
            Wire.writeLong(state.observedAt, out);
            Wire.writeInt(state.segments.size(), out);
            for (SegmentState segment : state.segments) {
                out.writeByte(segment.phase.ordinal());
                SegmentSplit.CODEC.write(segment.split, out);
            }
            Wire.writeInt(state.shards.size(), out);
            for (ShardState shard : state.shards) {
                Wire.writeText(shard.shardId, out);
                Wire.writeOptionalText(shard.parentId, out);
                out.writeBoolean(shard.root);
                out.writeByte(shard.phase.ordinal());
                out.writeBoolean(shard.fencePassed);
                Wire.writeLong(shard.readUpTo, out);
            }
        }

        @Override
        public EnumeratorState read(int version, DataInputView in) throws IOException {
            long submission = Wire.readLong(in);
            if (!in.readBoolean()) {
                return unpinned(submission);
            }
            Pin pin =
                    new Pin(
                            Wire.readText(in),
                            Wire.readText(in),
                            Wire.readInt(in),
                            Wire.readLong(in),
                            Fence.CODEC.read(version, in));
            long settledAt = Wire.readLong(in);
            long observedAt = Wire.readLong(in);
            List<SegmentState> segments = new ArrayList<>();
            for (int left = Wire.readCount(in); left > 0; left--) {
                segments.add(new SegmentState(phase(in), SegmentSplit.CODEC.read(version, in)));
            }
            List<ShardState> shards = new ArrayList<>();
            for (int left = Wire.readCount(in); left > 0; left--) {
                shards.add(
                        new ShardState(
                                Wire.readText(in),
                                Wire.readOptionalText(in),
                                in.readBoolean(),
                                phase(in),
                                in.readBoolean(),
                                Wire.readLong(in)));
            }
            return new EnumeratorState(pin, submission, settledAt, observedAt, segments, shards);
        }

        private static Tenure.Phase phase(DataInputView in) throws IOException {
            int code = in.readByte();
            Tenure.Phase[] phases = Tenure.Phase.values();
            if (code < 0 || code >= phases.length) {
                throw new IOException("cannot read the source's state: no phase " + code);
            }
            return phases[code];
        }
    }
}
