package dev.tally.source.split;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.source.SourceOptions;
import java.io.IOException;
import java.io.Serializable;
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
 *
 * <p>Its base is the generation that must be ready before rows show of views that were complete
 * when a record was read: after lost records the generation itself; while it only builds new views,
 * the one that was ready before.
 */
public final class Fence implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Stands for the generation before the first: records are skipped and counted. */
    public static final long SKIP = 0;

    public static final Codec<Fence> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 2;
                }

                @Override
                public void write(Fence fence, DataOutputView out) throws IOException {
                    Wire.writeLong(fence.time, out);
                    Wire.writeLong(fence.before, out);
                    Wire.writeLong(fence.generation, out);
                    Wire.writeLong(fence.base, out);
                }

                @Override
                public Fence read(int version, DataInputView in) throws IOException {
                    long time = Wire.readLong(in);
                    long before = Wire.readLong(in);
                    long generation = Wire.readLong(in);
                    long base = version == 1 ? generation : Wire.readLong(in);
                    return new Fence(time, before, generation, base);
                }
            };

    private final long time;
    private final long before;
    private final long generation;
    private final long base;

    /**
     * Of a first generation, or one that heals.
     *
     * @param time service milliseconds
     * @param before generation of older records, or {@link #SKIP}
     * @param generation of the others: its pin time in service milliseconds
     */
    public Fence(long time, long before, long generation) {
        this(time, before, generation, generation);
    }

    /**
     * @param base generation that complete views wait for
     */
    public Fence(long time, long before, long generation, long base) {
        this.time = time;
        this.before = before;
        this.generation = generation;
        this.base = base;
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

    public long base() {
        return base;
    }

    /** Whether complete views do not wait for the generation: it only builds new ones. */
    public boolean builds() {
        return base != generation;
    }

    /**
     * Whether everything that has left the stream by a time is older than the fence, and a scan of
     * all that is later.
     */
    public boolean onlyOlderGone(long serviceTime) {
        return !builds() && serviceTime - SourceOptions.RETENTION.toMillis() < time;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Fence
                && ((Fence) o).time == time
                && ((Fence) o).before == before
                && ((Fence) o).generation == generation
                && ((Fence) o).base == base;
    }

    @Override
    public int hashCode() {
        return Objects.hash(time, before, generation);
    }

    @Override
    public String toString() {
        return "fence " + time + " (" + before + "|" + generation + " on " + base + ")";
    }
}
