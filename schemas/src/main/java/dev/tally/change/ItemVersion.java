package dev.tally.change;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Orders the changes of one item: the incarnation of the stream, then the sequence number as a
 * number.
 *
 * <p>An incarnation is one stream ARN; each ARN that follows, after the stream was switched off and
 * on, has the next number and orders above. Sequence numbers have 21 to 40 digits.
 */
public final class ItemVersion implements Comparable<ItemVersion> {

    public static final Codec<ItemVersion> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 1;
                }

                @Override
                public void write(ItemVersion version, DataOutputView out) throws IOException {
                    Wire.writeInt(version.incarnation, out);
                    Wire.writeBig(version.sequence, out);
                }

                @Override
                public ItemVersion read(int version, DataInputView in) throws IOException {
                    return new ItemVersion(Wire.readInt(in), Wire.readBig(in));
                }
            };

    private final int incarnation;
    private final BigInteger sequence;

    private ItemVersion(int incarnation, BigInteger sequence) {
        this.incarnation = incarnation;
        this.sequence = sequence;
    }

    public static ItemVersion of(int incarnation, String sequenceNumber) {
        return new ItemVersion(incarnation, new BigInteger(sequenceNumber));
    }

    public int incarnation() {
        return incarnation;
    }

    public BigInteger sequence() {
        return sequence;
    }

    @Override
    public int compareTo(ItemVersion other) {
        int byIncarnation = Integer.compare(incarnation, other.incarnation);
        return byIncarnation != 0 ? byIncarnation : sequence.compareTo(other.sequence);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ItemVersion && compareTo((ItemVersion) o) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(incarnation, sequence);
    }

    /** As feeds show it: both parts padded, so that text order is version order. */
    @Override
    public String toString() {
        return String.format("%06d-%040d", incarnation, sequence);
    }
}
