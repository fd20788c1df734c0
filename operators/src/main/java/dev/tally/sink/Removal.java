package dev.tally.sink;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A tombstone that is to be taken away: its guard, and when at the earliest. */
public final class Removal {

    public static final Codec<Removal> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 1;
                }

                @Override
                public void write(Removal removal, DataOutputView out) throws IOException {
                    Wire.writeText(removal.guard, out);
                    Wire.writeLong(removal.due, out);
                }

                @Override
                public Removal read(int version, DataInputView in) throws IOException {
                    return new Removal(Wire.readText(in), Wire.readLong(in));
                }
            };

    private final String guard;
    private final long due;

    Removal(String guard, long due) {
        this.guard = Objects.requireNonNull(guard);
        this.due = due;
    }

    /** As it is stored in the row; only a row that still has it is removed. */
    String guard() {
        return guard;
    }

    /** Milliseconds of processing time. */
    long due() {
        return due;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Removal
                && ((Removal) o).guard.equals(guard)
                && ((Removal) o).due == due;
    }

    @Override
    public int hashCode() {
        return Objects.hash(guard, due);
    }

    @Override
    public String toString() {
        return "removal of " + guard + " at " + due;
    }
}
