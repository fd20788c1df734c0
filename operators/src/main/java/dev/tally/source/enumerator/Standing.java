package dev.tally.source.enumerator;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** How a generation stands, beside its splits. */
final class Standing {

    /** Of a state that is older than standings. */
    static final Standing UNKNOWN = new Standing(false, 0, 0, Coverage.UNKNOWN, null);

    static final Codec<Standing> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 2;
                }

                @Override
                public void write(Standing standing, DataOutputView out) throws IOException {
                    out.writeBoolean(standing.ready);
                    Wire.writeInt(standing.gaps, out);
                    Wire.writeLong(standing.baseSettledAt, out);
                    Coverage.CODEC.write(standing.coverage, out);
                    Wire.writeOptional(Gap.CODEC, standing.gap, out);
                }

                @Override
                public Standing read(int version, DataInputView in) throws IOException {
                    return new Standing(
                            in.readBoolean(),
                            Wire.readInt(in),
                            Wire.readLong(in),
                            Coverage.CODEC.read(version, in),
                            Wire.readOptional(Gap.CODEC, version, in));
                }
            };

    private final boolean ready;
    private final int gaps;
    private final long baseSettledAt;
    private final Coverage coverage;
    private final Gap gap;

    /**
     * @param ready whether ready has been announced, once
     * @param gaps how many there were of this table so far
     * @param baseSettledAt moment that all shards must have passed before the base generation is
     *     announced again; 0 if it is not to be
     * @param gap that is known and not yet healed; or null
     */
    Standing(boolean ready, int gaps, long baseSettledAt, Coverage coverage, Gap gap) {
        this.ready = ready;
        this.gaps = gaps;
        this.baseSettledAt = baseSettledAt;
        this.coverage = coverage;
        this.gap = gap;
    }

    boolean ready() {
        return ready;
    }

    int gaps() {
        return gaps;
    }

    long baseSettledAt() {
        return baseSettledAt;
    }

    Coverage coverage() {
        return coverage;
    }

    Gap gap() {
        return gap;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Standing
                && ((Standing) o).ready == ready
                && ((Standing) o).gaps == gaps
                && ((Standing) o).baseSettledAt == baseSettledAt
                && ((Standing) o).coverage.equals(coverage)
                && Objects.equals(((Standing) o).gap, gap);
    }

    @Override
    public int hashCode() {
        return Objects.hash(ready, gaps, baseSettledAt);
    }
}
