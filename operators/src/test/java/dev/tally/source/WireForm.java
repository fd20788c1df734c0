package dev.tally.source;

import dev.tally.source.enumerator.EnumeratorState;
import dev.tally.source.split.TableSplit;
import dev.tally.source.split.VersionedCodec;
import java.io.IOException;

/** Splits and the enumerator's state as Flink has them between machines and in checkpoints. */
public final class WireForm {

    private static final VersionedCodec<TableSplit> SPLITS =
            new VersionedCodec<>("split", TableSplit.CODEC);
    private static final VersionedCodec<EnumeratorState> STATES =
            new VersionedCodec<>("state", EnumeratorState.CODEC);

    private WireForm() {}

    public static byte[] of(TableSplit split) {
        try {
            return SPLITS.serialize(split);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static TableSplit split(byte[] bytes) {
        try {
            return SPLITS.deserialize(SPLITS.getVersion(), bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static byte[] of(EnumeratorState state) throws IOException {
        return STATES.serialize(state);
    }

    public static EnumeratorState state(byte[] bytes) throws IOException {
        return STATES.deserialize(STATES.getVersion(), bytes);
    }
}
