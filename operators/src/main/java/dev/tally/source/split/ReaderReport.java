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
 * have moved since its last report. The first report of an attempt has all of them.
 */
public final class ReaderReport implements SourceEvent {

    private static final long serialVersionUID = 1L;

    private final boolean first;
    private final long serviceTime;
    private final byte[] splits;

    /**
     * @param serviceTime latest service milliseconds that the reader has seen
     */
    public ReaderReport(boolean first, long serviceTime, List<TableSplit> splits) {
        this.first = first;
        this.serviceTime = serviceTime;
        this.splits = toBytes(splits);
    }

    public boolean first() {
        return first;
    }

    public long serviceTime() {
        return serviceTime;
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
