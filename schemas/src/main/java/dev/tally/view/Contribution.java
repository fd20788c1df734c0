package dev.tally.view;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.item.Value;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Signed effect of one item on one group: take away what it was, add what it is.
 *
 * <p>Each side holds one input per measure of the view, in the order of the spec; null where the
 * image gives that measure nothing (attribute missing, measure's {@code where} false). For {@code
 * count} the input is {@link Value#TRUE}. A side that is null as a whole means: the item was not
 * (is not) in the group. Both null: the group was only passed through within a bundle; eager rows
 * need to know (design: touched groups).
 */
public final class Contribution {

    public static final Codec<Contribution> CODEC = new ContributionCodec();

    /** Far more measures than a row of 400 KB can hold. */
    private static final int SIZE_MAX = 1 << 16;

    private final GroupKey group;
    private final long generation;
    private final long time;
    private final Value[] retract;
    private final Value[] add;

    /**
     * The arrays are not copied and must not change.
     *
     * @param time service milliseconds of the newest change in it
     */
    public Contribution(GroupKey group, long generation, long time, Value[] retract, Value[] add) {
        this.group = Objects.requireNonNull(group);
        this.generation = generation;
        this.time = time;
        this.retract = retract;
        this.add = add;
    }

    public GroupKey group() {
        return group;
    }

    /** Stamp of the change behind it: a stage holds from the first one above its ready one. */
    public long generation() {
        return generation;
    }

    public long time() {
        return time;
    }

    /** Null if the item was not in the group; must not be changed. */
    public Value[] retract() {
        return retract;
    }

    /** Null if the item is not in the group; must not be changed. */
    public Value[] add() {
        return add;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Contribution
                && ((Contribution) o).group.equals(group)
                && ((Contribution) o).generation == generation
                && ((Contribution) o).time == time
                && Arrays.equals(((Contribution) o).retract, retract)
                && Arrays.equals(((Contribution) o).add, add);
    }

    @Override
    public int hashCode() {
        return group.hashCode();
    }

    @Override
    public String toString() {
        String effect = (retract == null ? "" : " retract") + (add == null ? "" : " add");
        return group + (effect.isEmpty() ? " touched" : effect);
    }

    /** Writes the measures of a row: a count plus one, 0 for none; then each. */
    static void writeValues(Value[] values, DataOutputView out) throws IOException {
        Wire.writeInt(values == null ? 0 : values.length + 1, out);
        for (int i = 0; values != null && i < values.length; i++) {
            Wire.writeOptional(Value.CODEC, values[i], out);
        }
    }

    static Value[] readValues(int version, DataInputView in) throws IOException {
        int sizeAndOne = Wire.readInt(in);
        if (sizeAndOne == 0) {
            return null;
        }
        Value[] values = newValues(sizeAndOne);
        for (int i = 0; i < values.length; i++) {
            values[i] = Wire.readOptional(Value.CODEC, version, in);
        }
        return values;
    }

    private static Value[] newValues(int sizeAndOne) throws IOException {
        if (sizeAndOne < 0 || sizeAndOne > SIZE_MAX) {
            throw new IOException("cannot read inputs of measures: there are not " + sizeAndOne);
        }
        return new Value[sizeAndOne - 1];
    }

    /**
     * A side is its size plus one, 0 for none; then per measure 0 for nothing, 1 and a value, or
     * how many places before it the same value is, plus one: several measures are of one attribute.
     * Version 1 wrote each value for itself.
     */
    private static final class ContributionCodec implements Codec<Contribution> {

        @Override
        public int version() {
            return 2;
        }

        @Override
        public void write(Contribution contribution, DataOutputView out) throws IOException {
            GroupKey.CODEC.write(contribution.group, out);
            Wire.writeLong(contribution.generation, out);
            Wire.writeLong(contribution.time, out);
            writeSide(contribution.retract, out);
            writeSide(contribution.add, out);
        }

        private static void writeSide(Value[] inputs, DataOutputView out) throws IOException {
            Wire.writeInt(inputs == null ? 0 : inputs.length + 1, out);
            for (int i = 0; inputs != null && i < inputs.length; i++) {
                int back = inputs[i] == null ? 0 : 1;
                while (back > 0 && back <= i && inputs[i - back] != inputs[i]) {
                    back++;
                }
                if (back == 0) {
                    out.writeByte(0);
                } else if (back > i) {
                    out.writeByte(1);
                    Value.CODEC.write(inputs[i], out);
                } else {
                    Wire.writeInt(back + 1, out);
                }
            }
        }

        @Override
        public Contribution read(int version, DataInputView in) throws IOException {
            return new Contribution(
                    GroupKey.CODEC.read(version, in),
                    Wire.readLong(in),
                    Wire.readLong(in),
                    version == 1 ? readValues(version, in) : readSide(version, in),
                    version == 1 ? readValues(version, in) : readSide(version, in));
        }

        private static Value[] readSide(int version, DataInputView in) throws IOException {
            int sizeAndOne = Wire.readInt(in);
            if (sizeAndOne == 0) {
                return null;
            }
            Value[] inputs = newValues(sizeAndOne);
            for (int i = 0; i < inputs.length; i++) {
                int code = Wire.readInt(in);
                if (code == 1) {
                    inputs[i] = Value.CODEC.read(version, in);
                } else if (code != 0) {
                    if (code < 0 || code - 1 > i) {
                        throw new IOException(
                                "cannot read inputs of measures: there is none " + code + " back");
                    }
                    inputs[i] = inputs[i - code + 1];
                }
            }
            return inputs;
        }
    }
}
