package dev.tally.change;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Exact before → after of an item: what the item stage gives to feeds and replicas. */
public final class ItemDiff {

    /** What happened; codes in state are the ordinals. */
    public enum Kind {
        INSERT,
        MODIFY,
        REMOVE,
        READ
    }

    public static final Codec<ItemDiff> CODEC = new ItemDiffCodec();

    private final Kind kind;
    private final ItemKey key;
    private final Item before;
    private final Item after;
    private final ItemVersion version;
    private final long time;
    private final String eventId;
    private final boolean ttl;

    /**
     * @param before null if there was none or it is not known (kind tells which, save on streams
     *     without old images)
     * @param after null if removed
     * @param version null for {@link Kind#READ}
     * @param time service milliseconds
     * @param eventId stable across repeats
     * @param ttl whether DynamoDB removed an expired item
     */
    public ItemDiff(
            Kind kind,
            ItemKey key,
            Item before,
            Item after,
            ItemVersion version,
            long time,
            String eventId,
            boolean ttl) {
        this.kind = Objects.requireNonNull(kind);
        this.key = Objects.requireNonNull(key);
        this.before = before;
        this.after = after;
        this.version = version;
        this.time = time;
        this.eventId = Objects.requireNonNull(eventId);
        this.ttl = ttl;
    }

    public Kind kind() {
        return kind;
    }

    public ItemKey key() {
        return key;
    }

    public Item before() {
        return before;
    }

    public Item after() {
        return after;
    }

    public ItemVersion version() {
        return version;
    }

    public long time() {
        return time;
    }

    public String eventId() {
        return eventId;
    }

    public boolean ttl() {
        return ttl;
    }

    @Override
    public boolean equals(Object o) {
        if (!(o instanceof ItemDiff)) {
            return false;
        }
        ItemDiff other = (ItemDiff) o;
        return kind == other.kind
                && key.equals(other.key)
                && Objects.equals(before, other.before)
                && Objects.equals(after, other.after)
                && Objects.equals(version, other.version)
                && time == other.time
                && eventId.equals(other.eventId)
                && ttl == other.ttl;
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, version, eventId);
    }

    @Override
    public String toString() {
        return kind + " of " + key + " at " + version;
    }

    private static final class ItemDiffCodec implements Codec<ItemDiff> {

        @Override
        public int version() {
            return 1;
        }

        @Override
        public void write(ItemDiff diff, DataOutputView out) throws IOException {
            out.writeByte(diff.kind.ordinal());
            ItemKey.CODEC.write(diff.key, out);
            Wire.writeOptional(Item.CODEC, diff.before, out);
            Wire.writeOptional(Item.CODEC, diff.after, out);
            Wire.writeOptional(ItemVersion.CODEC, diff.version, out);
            Wire.writeLong(diff.time, out);
            Wire.writeText(diff.eventId, out);
            out.writeBoolean(diff.ttl);
        }

        @Override
        public ItemDiff read(int version, DataInputView in) throws IOException {
            return new ItemDiff(
                    Kind.values()[in.readByte()],
                    ItemKey.CODEC.read(version, in),
                    Wire.readOptional(Item.CODEC, version, in),
                    Wire.readOptional(Item.CODEC, version, in),
                    Wire.readOptional(ItemVersion.CODEC, version, in),
                    Wire.readLong(in),
                    Wire.readText(in),
                    in.readBoolean());
        }
    }
}
