package dev.tally.source.split;

import dev.tally.codec.Codec;
import java.io.IOException;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A part of the table ({@link SegmentSplit}) or of its stream ({@link ShardSplit}) with how far it
 * has been emitted: immutable, and the unit that is assigned, checkpointed and reported.
 *
 * <p>It holds positions that outlive any iterator: a sequence number, a key.
 */
public abstract class TableSplit implements SourceSplit {

    private static final int SEGMENT = 1;
    private static final int SHARD = 2;

    public static final Codec<TableSplit> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 2;
                }

                @Override
                public void write(TableSplit split, DataOutputView out) throws IOException {
                    if (split instanceof SegmentSplit) {
                        out.writeByte(SEGMENT);
                        SegmentSplit.CODEC.write((SegmentSplit) split, out);
                    } else {
                        out.writeByte(SHARD);
                        ShardSplit.CODEC.write((ShardSplit) split, out);
                    }
                }

                @Override
                public TableSplit read(int version, DataInputView in) throws IOException {
                    int kind = in.readByte();
                    switch (kind) {
                        case SEGMENT:
                            return SegmentSplit.CODEC.read(version, in);
                        case SHARD:
                            return ShardSplit.CODEC.read(version, in);
                        default:
                            throw new IOException("cannot read a split: its kind is " + kind);
                    }
                }
            };

    /** Only segments and shards. */
    TableSplit() {}

    /** Whether its end has been reached: it is kept until the enumerator has that for certain. */
    public abstract boolean finished();
}
