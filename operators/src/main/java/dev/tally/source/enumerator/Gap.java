package dev.tally.source.enumerator;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Why what was read so far does not do any more, and the table must be read anew. */
final class Gap {

    static final Codec<Gap> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 2;
                }

                @Override
                public void write(Gap gap, DataOutputView out) throws IOException {
                    out.writeByte(gap.reason.ordinal());
                    Wire.writeText(gap.what, out);
                    Wire.writeLong(gap.since, out);
                }

                @Override
                public Gap read(int version, DataInputView in) throws IOException {
                    return new Gap(reason(in), Wire.readText(in), Wire.readLong(in));
                }
            };

    private final Reason reason;
    private final String what;
    private final long since;

    private Gap(Reason reason, String what, long since) {
        this.reason = reason;
        this.what = what;
        this.since = since;
    }

    /**
     * Changes are lost.
     *
     * @param what lost what: a clause
     * @param since service milliseconds of the first change that may be lost
     */
    static Gap of(String what, long since) {
        return new Gap(Reason.GAP, what, since);
    }

    /** Nothing is known to be lost: somebody wants it so. */
    static Gap requested(long serviceTime) {
        return new Gap(Reason.REQUEST, "a new reading was asked for", serviceTime);
    }

    static Reason reason(DataInputView in) throws IOException {
        int code = in.readByte();
        Reason[] reasons = Reason.values();
        if (code < 0 || code >= reasons.length) {
            throw new IOException("cannot read the source's state: no reason " + code);
        }
        return reasons[code];
    }

    Reason reason() {
        return reason;
    }

    String what() {
        return what;
    }

    long since() {
        return since;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Gap
                && ((Gap) o).reason == reason
                && ((Gap) o).what.equals(what)
                && ((Gap) o).since == since;
    }

    @Override
    public int hashCode() {
        return Objects.hash(reason, what, since);
    }

    @Override
    public String toString() {
        return what + " since " + since;
    }
}
