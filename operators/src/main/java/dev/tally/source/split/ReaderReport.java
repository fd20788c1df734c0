package dev.tally.source.split;

import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * What a reader tells the enumerator: the emitted (not the fetched) positions of its splits that
 * have moved since its last report, and the positions that the stream no longer holds. The first
 * report of an attempt has all splits; the first after an order to begin says that all of them are
 * under that order's fence.
 */
public final class ReaderReport implements SourceEvent {

    private static final long serialVersionUID = 1L;

    private final boolean first;
    private final long serviceTime;
    private final long generation;
    private final byte[] splits;
    private final ArrayList<LostPosition> lost;

    /**
     * @param serviceTime latest service milliseconds that the reader has seen
     * @param generation of the fence that all its shards are under; 0 before an order to begin
     */
    public ReaderReport(
            boolean first,
            long serviceTime,
            long generation,
            List<TableSplit> splits,
            List<LostPosition> lost) {
        this.first = first;
        this.serviceTime = serviceTime;
        this.generation = generation;
        this.splits = toBytes(splits);
        this.lost = new ArrayList<>(lost);
    }

    public boolean first() {
        return first;
    }

    public long serviceTime() {
        return serviceTime;
    }

    public long generation() {
        return generation;
    }

    public List<LostPosition> lost() {
        return lost;
    }

    public List<TableSplit> splits() {
        try {
            DataInputDeserializer in = new DataInputDeserializer(splits);
            int count = Wire.readCount(in);
            List<TableSplit> read = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                read.add(TableSplit.CODEC.read(TableSplit.CODEC.version(), in));
            }
            return read;
        } catch (IOException e) {
            throw new IllegalStateException("cannot read a reader's report", e);
        }
    }

    private static byte[] toBytes(List<TableSplit> splits) {
        try {
            DataOutputSerializer out = new DataOutputSerializer(64 + 256 * splits.size());
            Wire.writeInt(splits.size(), out);
            for (TableSplit split : splits) {
                TableSplit.CODEC.write(split, out);
            }
            return out.getCopyOfBuffer();
        } catch (IOException e) {
            throw new IllegalStateException("cannot write a reader's report into memory", e);
        }
    }
}
