package dev.tally.source.enumerator;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.source.enumerator.EnumeratorState.Pin;
import dev.tally.source.enumerator.EnumeratorState.SegmentState;
import dev.tally.source.enumerator.EnumeratorState.ShardState;
import dev.tally.source.split.Fence;
import dev.tally.source.split.SegmentSplit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version 1 knew one generation only: neither reasons nor standings. */
final class EnumeratorStateCodec implements Codec<EnumeratorState> {

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(EnumeratorState state, DataOutputView out) throws IOException {
        Wire.writeLong(state.submission(), out);
        out.writeBoolean(state.pin() != null);
        if (state.pin() == null) {
            return;
        }
        Pin pin = state.pin();
        Wire.writeText(pin.tableId(), out);
        Wire.writeText(pin.streamArn(), out);
        Wire.writeInt(pin.incarnation(), out);
        out.writeBoolean(pin.oldImages());
        Wire.writeLong(pin.itemCount(), out);
        Fence.CODEC.write(pin.fence(), out);
        out.writeByte(pin.reason().ordinal());
        Standing.CODEC.write(state.standing(), out);
        Wire.writeLong(state.settledAt(), out);
        Wire.writeLong(state.observedAt(), out);
        Wire.writeInt(state.segments().size(), out);
        for (SegmentState segment : state.segments()) {
            out.writeByte(segment.phase().ordinal());
            SegmentSplit.CODEC.write(segment.split(), out);
        }
        Wire.writeInt(state.shards().size(), out);
        for (ShardState shard : state.shards()) {
            Wire.writeText(shard.shardId(), out);
            Wire.writeOptionalText(shard.parentId(), out);
            out.writeBoolean(shard.root());
            out.writeByte(shard.phase().ordinal());
            out.writeBoolean(shard.fencePassed());
            Wire.writeLong(shard.readUpTo(), out);
        }
    }

    @Override
    public EnumeratorState read(int version, DataInputView in) throws IOException {
        long submission = Wire.readLong(in);
        if (!in.readBoolean()) {
            return EnumeratorState.unpinned(submission);
        }
        Pin pin =
                new Pin(
                        Wire.readText(in),
                        Wire.readText(in),
                        Wire.readInt(in),
                        version == 1 || in.readBoolean(),
                        Wire.readLong(in),
                        Fence.CODEC.read(version, in),
                        version == 1 ? Reason.FIRST : Gap.reason(in));
        Standing standing = version == 1 ? Standing.UNKNOWN : Standing.CODEC.read(version, in);
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
        return new EnumeratorState(
                pin, submission, settledAt, observedAt, standing, segments, shards);
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
