package dev.tally.aggregate;

import dev.tally.aggregate.GroupState.Emitted;
import dev.tally.codec.Wire;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Rows that wait for the next barrier on the heap, of groups that were written back before it; the
 * state of such a group says that its row is out. Empty at every barrier, so never part of a
 * checkpoint. For the task thread.
 *
 * <p>Bytes, not objects: there may be hundreds of thousands, and the garbage collector copies each.
 */
final class EarlyRows {

    /** Estimate of the objects around a row's bytes, its key among them. */
    private static final int OBJECTS = 150;

    private final long bytesMax;

    /** Per group its time and what its row will say. */
    private final Map<GroupKey, byte[]> rows = new LinkedHashMap<>();

    /** Those of them whose results overflow. */
    private final Map<GroupKey, Group> overflowing = new HashMap<>();

    private final DataOutputSerializer out = new DataOutputSerializer(128);
    private final DataInputDeserializer in = new DataInputDeserializer();
    private long bytes;

    /**
     * @param bytesMax room for rows, estimated
     */
    EarlyRows(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Keeps the group's row, instead of an earlier one that it may have.
     *
     * @return false if there is no room for one more
     */
    boolean put(Group group, Emitted result) {
        GroupKey key = group.key();
        byte[] row = write(result, group.time());
        byte[] before = rows.get(key);
        long more = before == null ? OBJECTS + row.length : row.length - before.length;
        if (before == null && bytes + more > bytesMax) {
            return false;
        }
        bytes += more;
        rows.put(key, row);
        if (group.overflows()) {
            overflowing.put(key, group);
        } else {
            overflowing.remove(key);
        }
        return true;
    }

    private byte[] write(Emitted result, long time) {
        try {
            out.clear();
            Wire.writeLong(time, out);
            Emitted.CODEC.write(result, out);
            return out.getCopyOfBuffer();
        } catch (IOException e) {
            throw new IllegalStateException("cannot write a row into memory", e);
        }
    }

    private Row read(GroupKey key, byte[] row, long checkpoint) {
        try {
            in.setBuffer(row);
            long time = Wire.readLong(in);
            Emitted result = Emitted.CODEC.read(Emitted.CODEC.version(), in);
            return new Row(key, result.measures(), result.empty(), checkpoint, 0, time);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read a row from memory", e);
        }
    }

    boolean has(GroupKey key) {
        return rows.containsKey(key);
    }

    /** The group has a newer row. */
    void remove(GroupKey key) {
        byte[] row = rows.remove(key);
        if (row != null) {
            bytes -= OBJECTS + row.length;
            overflowing.remove(key);
        }
    }

    int size() {
        return rows.size();
    }

    /**
     * At a barrier: lets all rows out whose views may.
     *
     * @param keepBack is told of the others
     * @return how many these are
     */
    long commit(long checkpoint, Outlet outlet, Consumer<GroupKey> keepBack) {
        long kept = 0;
        GroupKey last = null;
        boolean letsOut = false;
        for (Map.Entry<GroupKey, byte[]> row : rows.entrySet()) {
            GroupKey key = row.getKey();
            if (last == null || !key.isOfViewOf(last)) {
                letsOut = outlet.letsOut(key.view());
            }
            last = key;
            if (letsOut) {
                outlet.emit(read(key, row.getValue(), checkpoint), overflowing.get(key));
            } else {
                keepBack.accept(key);
                kept++;
            }
        }
        rows.clear();
        overflowing.clear();
        bytes = 0;
        return kept;
    }
}
