package dev.tally.change;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.item.Item;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Something that could not be used as it is, with its reason: a value that a measure cannot take, a
 * group that cannot be a key, a row or diff that its target refuses. The flow goes on without it.
 */
public final class DeadLetter {

    public static final Codec<DeadLetter> CODEC = new DeadLetterCodec();

    private final String id;
    private final String source;
    private final String reason;
    private final Item keys;
    private final String version;
    private final long time;
    private final Item item;

    /**
     * @param id the same when the same thing is refused again, so that repeats overwrite
     * @param source who refused: {@code view task-count}, {@code feed task-changes}
     * @param reason a sentence without item values: which attribute, of what type, why not
     * @param keys key attributes of the item or row
     * @param version of the item, or the guard of the row; may be null
     * @param time service milliseconds of the change, or 0
     * @param item what was refused, or null
     */
    public DeadLetter(
            String id,
            String source,
            String reason,
            Item keys,
            String version,
            long time,
            Item item) {
        this.id = Objects.requireNonNull(id);
        this.source = Objects.requireNonNull(source);
        this.reason = Objects.requireNonNull(reason);
        this.keys = Objects.requireNonNull(keys);
        this.version = version;
        this.time = time;
        this.item = item;
    }

    public String id() {
        return id;
    }

    public String source() {
        return source;
    }

    public String reason() {
        return reason;
    }

    public Item keys() {
        return keys;
    }

    public String version() {
        return version;
    }

    public long time() {
        return time;
    }

    public Item item() {
        return item;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof DeadLetter
                && ((DeadLetter) o).id.equals(id)
                && ((DeadLetter) o).source.equals(source)
                && ((DeadLetter) o).reason.equals(reason)
                && ((DeadLetter) o).keys.equals(keys)
                && Objects.equals(((DeadLetter) o).item, item);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "dead letter of " + source + ": " + reason;
    }

    private static final class DeadLetterCodec implements Codec<DeadLetter> {

        @Override
        public int version() {
            return 1;
        }

        @Override
        public void write(DeadLetter letter, DataOutputView out) throws IOException {
            Wire.writeText(letter.id, out);
            Wire.writeText(letter.source, out);
            Wire.writeText(letter.reason, out);
            Item.CODEC.write(letter.keys, out);
            Wire.writeOptionalText(letter.version, out);
            Wire.writeLong(letter.time, out);
            Wire.writeOptional(Item.CODEC, letter.item, out);
        }

        @Override
        public DeadLetter read(int version, DataInputView in) throws IOException {
            return new DeadLetter(
                    Wire.readText(in),
                    Wire.readText(in),
                    Wire.readText(in),
                    Item.CODEC.read(version, in),
                    Wire.readOptionalText(in),
                    Wire.readLong(in),
                    Wire.readOptional(Item.CODEC, version, in));
        }
    }
}
