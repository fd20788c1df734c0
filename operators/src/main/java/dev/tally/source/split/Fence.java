package dev.tally.source.split;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Which generation a stream record belongs to.
 *
 * <p>Records older than the fence's time are stamped with the generation before, or skipped where
 * there is none; the others with the generation. "Older" is a prefix of a lineage: once a record at
 * or after the time has been seen, all later ones of the shard and of its children are stamped with
 * the generation, whatever their time, because the clocks of the service are not monotone.
 */
public final class Fence {

    /** Stands for the generation before the first: records are skipped and counted. */
    public static final long SKIP = 0;

    public static final Codec<Fence> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 1;
                }

                @Override
                public void write(Fence fence, DataOutputView out) throws IOException {
                    Wire.writeLong(fence.time, out);
                    Wire.writeLong(fence.before, out);
                    Wire.writeLong(fence.generation, out);
                }

                @Override
                public Fence read(int version, DataInputView in) throws IOException {
                    return new Fence(Wire.readLong(in), Wire.readLong(in), Wire.readLong(in));
                }
            };

    private final long time;
    private final long before;
    private final long generation;

    /**
     * @param time service milliseconds
     * @param before generation of older records, or {@link #SKIP}
     * @param generation of the others: its pin time in service milliseconds
     */
    public Fence(long time, long before, long generation) {
        this.time = time;
        this.before = before;
        this.generation = generation;
    }

    public long time() {
        return time;
    }

    public long before() {
        return before;
    }

    public long generation() {
        return generation;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Fence
                && ((Fence) o).time == time
                && ((Fence) o).before == before
                && ((Fence) o).generation == generation;
    }

    @Override
    public int hashCode() {
        return Objects.hash(time, before, generation);
    }

    @Override
    public String toString() {
        return "fence " + time + " (" + before + "|" + generation + ")";
    }
}
