package dev.tally.diff;

import dev.tally.change.ItemVersion;
import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.item.Item;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What the item stage keeps of one item; immutable. Public because Flink's state finds the codec by
 * reflection.
 *
 * <p>The image holds the {@link KeptAttributes} only. A tombstone has no image: the stream has
 * removed the item while a generation is open, and the scan may still bring an older row of it.
 */
public final class ItemState {

    /** Who said last what the image is; codes in state are the ordinals: never reorder. */
    public enum Origin {
        SCAN,
        STREAM,
        TOMBSTONE
    }

    public static final Codec<ItemState> CODEC = new ItemStateCodec();

    private final long generation;
    private final Origin origin;
    private final ItemVersion version;
    private final Item image;

    private ItemState(long generation, Origin origin, ItemVersion version, Item image) {
        this.generation = generation;
        this.origin = Objects.requireNonNull(origin);
        this.version = version;
        this.image = image;
    }

    /**
     * @param version last stream version that the item had before, or null
     */
    public static ItemState scanned(long generation, ItemVersion version, Item image) {
        return new ItemState(generation, Origin.SCAN, version, Objects.requireNonNull(image));
    }

    public static ItemState streamed(long generation, ItemVersion version, Item image) {
        return new ItemState(
                generation,
                Origin.STREAM,
                Objects.requireNonNull(version),
                Objects.requireNonNull(image));
    }

    public static ItemState tombstone(long generation, ItemVersion version) {
        return new ItemState(generation, Origin.TOMBSTONE, Objects.requireNonNull(version), null);
    }

    /** The generation in which it was last touched: pin time in service milliseconds. */
    public long generation() {
        return generation;
    }

    public Origin origin() {
        return origin;
    }

    /** The newest stream version seen of the item; null if only the scan has seen it. */
    public ItemVersion version() {
        return version;
    }

    /** Null for a tombstone. */
    public Item image() {
        return image;
    }

    /** The same image, one stream record further. */
    ItemState withVersion(ItemVersion newer) {
        return new ItemState(generation, origin, newer, image);
    }

    /** The same with an image that was cut down. */
    ItemState withImage(Item kept) {
        return kept == image ? this : new ItemState(generation, origin, version, kept);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ItemState
                && ((ItemState) o).generation == generation
                && ((ItemState) o).origin == origin
                && Objects.equals(((ItemState) o).version, version)
                && Objects.equals(((ItemState) o).image, image);
    }

    @Override
    public int hashCode() {
        return Objects.hash(generation, origin.ordinal(), version);
    }

    @Override
    public String toString() {
        return origin + " of generation " + generation + " at " + version + ": " + image;
    }

    /**
     * A byte of flags (bits 0 and 1 the origin, bit 2 a version), then what the flags announce; the
     * image behind its length, which version 1 did not have.
     */
    private static final class ItemStateCodec implements Codec<ItemState> {

        private static final int ORIGIN = 0b011;
        private static final int VERSION = 0b100;
        private static final Origin[] ORIGINS = Origin.values();

        @Override
        public int version() {
            return 2;
        }

        @Override
        public void write(ItemState state, DataOutputView out) throws IOException {
            out.writeByte(state.origin.ordinal() | (state.version == null ? 0 : VERSION));
            Wire.writeLong(state.generation, out);
            if (state.version != null) {
                ItemVersion.CODEC.write(state.version, out);
            }
            if (state.image != null) {
                state.image.writeSized(out);
            }
        }

        @Override
        public ItemState read(int version, DataInputView in) throws IOException {
            int flags = in.readByte();
            Origin origin = ORIGINS[flags & ORIGIN];
            long generation = Wire.readLong(in);
            boolean versioned = (flags & VERSION) != 0;
            ItemVersion last = versioned ? ItemVersion.CODEC.read(version, in) : null;
            return new ItemState(generation, origin, last, image(version, origin, in));
        }

        private static Item image(int version, Origin origin, DataInputView in) throws IOException {
            if (origin == Origin.TOMBSTONE) {
                return null;
            }
            return version == 1 ? Item.CODEC.read(version, in) : Item.readStored(in);
        }
    }
}
