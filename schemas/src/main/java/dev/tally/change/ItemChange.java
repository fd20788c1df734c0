package dev.tally.change;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * An item's new image, or its removal, as read from scan or stream: what sources emit and the item
 * stage takes.
 */
public final class ItemChange {

    /** Where a change was read; codes in state are the ordinals. */
    public enum Origin {
        SCAN,
        STREAM
    }

    public static final Codec<ItemChange> CODEC = new ItemChangeCodec();

    private final ItemKey key;
    private final Origin origin;
    private final long generation;
    private final ItemVersion version;
    private final boolean beforeKnown;
    private final Item before;
    private final Item after;
    private final long time;
    private final String eventId;
    private final boolean ttl;
    private final long base;
    private final String problem;

    private ItemChange(
            ItemKey key,
            Origin origin,
            long generation,
            ItemVersion version,
            boolean beforeKnown,
            Item before,
            Item after,
            long time,
            String eventId,
            boolean ttl,
            long base,
            String problem) {
        this.key = Objects.requireNonNull(key);
        this.origin = origin;
        this.generation = generation;
        this.version = version;
        this.beforeKnown = beforeKnown;
        this.before = before;
        this.after = after;
        this.time = time;
        this.eventId = eventId;
        this.ttl = ttl;
        this.base = base;
        this.problem = problem;
    }

    /** A row of the scan of a generation, read at {@code time} (service milliseconds). */
    public static ItemChange scanned(ItemKey key, long generation, Item image, long time) {
        return new ItemChange(
                key,
                Origin.SCAN,
                generation,
                null,
                false,
                null,
                Objects.requireNonNull(image),
                time,
                null,
                false,
                generation,
                null);
    }

    /**
     * A stream record of a stream that has old images.
     *
     * @param before null if the item did not exist
     * @param after null if the record removes the item
     * @param ttl whether DynamoDB removed an expired item
     */
    public static ItemChange streamed(
            ItemKey key,
            long generation,
            ItemVersion version,
            Item before,
            Item after,
            long time,
            String eventId,
            boolean ttl) {
        return new ItemChange(
                key,
                Origin.STREAM,
                generation,
                Objects.requireNonNull(version),
                true,
                before,
                after,
                time,
                eventId,
                ttl,
                generation,
                null);
    }

    /** A record of a stream with new images only. */
    public static ItemChange streamedNewOnly(
            ItemKey key,
            long generation,
            ItemVersion version,
            Item after,
            long time,
            String eventId,
            boolean ttl) {
        return new ItemChange(
                key,
                Origin.STREAM,
                generation,
                Objects.requireNonNull(version),
                false,
                null,
                after,
                time,
                eventId,
                ttl,
                generation,
                null);
    }

    /** The same, read while a generation is open that is not the one it is stamped with alone. */
    public ItemChange withBase(long otherBase) {
        return otherBase == base ? this : with(otherBase, problem);
    }

    /**
     * The same, with attributes left out that could not be read.
     *
     * @param reason a sentence that names them, without values
     */
    public ItemChange withProblem(String reason) {
        return with(base, reason);
    }

    private ItemChange with(long otherBase, String otherProblem) {
        return new ItemChange(
                key,
                origin,
                generation,
                version,
                beforeKnown,
                before,
                after,
                time,
                eventId,
                ttl,
                otherBase,
                otherProblem);
    }

    public ItemKey key() {
        return key;
    }

    public Origin origin() {
        return origin;
    }

    public boolean scanned() {
        return origin == Origin.SCAN;
    }

    /** The generation that it is stamped with: its pin time in service milliseconds, or 0. */
    public long generation() {
        return generation;
    }

    /** Null for a row of a scan. */
    public ItemVersion version() {
        return version;
    }

    /** Whether the record had its old image (also if that says: no item). */
    public boolean beforeKnown() {
        return beforeKnown;
    }

    /** Null if there was no item or it is not known. */
    public Item before() {
        return before;
    }

    /** Null if the change removes the item. */
    public Item after() {
        return after;
    }

    /** Service milliseconds: creation of the record (cut to the second by AWS), or of the page. */
    public long time() {
        return time;
    }

    /** The stream's own id of the record, stable; null for a row of a scan. */
    public String eventId() {
        return eventId;
    }

    public boolean ttl() {
        return ttl;
    }

    /**
     * The generation that must be ready before rows show of views that were complete when this was
     * read. After lost records it is the open generation, also for what is stamped with the one
     * before: nothing is to be shown. While only views that are new to the table are built it is
     * the generation before the open one: what was complete stays so.
     */
    public long base() {
        return base;
    }

    /** What of it could not be read and is left out, in a sentence; null for nothing. */
    public String problem() {
        return problem;
    }

    @Override
    public boolean equals(Object o) {
        if (!(o instanceof ItemChange)) {
            return false;
        }
        ItemChange other = (ItemChange) o;
        return key.equals(other.key)
                && origin == other.origin
                && generation == other.generation
                && Objects.equals(version, other.version)
                && beforeKnown == other.beforeKnown
                && Objects.equals(before, other.before)
                && Objects.equals(after, other.after)
                && time == other.time
                && Objects.equals(eventId, other.eventId)
                && ttl == other.ttl
                && base == other.base
                && Objects.equals(problem, other.problem);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, generation, version, time);
    }

    @Override
    public String toString() {
        String what = after == null ? "removal" : "put";
        return origin + " " + what + " of " + key + " in generation " + generation + " " + version;
    }

    /**
     * A byte of flags that say what follows; images behind their length. Version 2 had neither
     * flags nor lengths, version 1 neither base nor problem.
     */
    private static final class ItemChangeCodec implements Codec<ItemChange> {

        private static final int SCANNED = 1;
        private static final int BEFORE_KNOWN = 2;
        private static final int BEFORE = 4;
        private static final int AFTER = 8;
        private static final int EVENT_ID = 16;
        private static final int TTL = 32;
        private static final int BASE = 64;
        private static final int PROBLEM = 128;

        @Override
        public int version() {
            return 3;
        }

        @Override
        public void write(ItemChange change, DataOutputView out) throws IOException {
            out.writeByte(
                    (change.scanned() ? SCANNED : 0)
                            | (change.beforeKnown ? BEFORE_KNOWN : 0)
                            | (change.before == null ? 0 : BEFORE)
                            | (change.after == null ? 0 : AFTER)
                            | (change.eventId == null ? 0 : EVENT_ID)
                            | (change.ttl ? TTL : 0)
                            | (change.base == change.generation ? 0 : BASE)
                            | (change.problem == null ? 0 : PROBLEM));
            ItemKey.CODEC.write(change.key, out);
            Wire.writeLong(change.generation, out);
            Wire.writeLong(change.time, out);
            if (!change.scanned()) {
                ItemVersion.CODEC.write(change.version, out);
            }
            if (change.before != null) {
                change.before.writeSized(out);
            }
            if (change.after != null) {
                change.after.writeSized(out);
            }
            if (change.eventId != null) {
                Wire.writeText(change.eventId, out);
            }
            if (change.base != change.generation) {
                Wire.writeLong(change.base, out);
            }
            if (change.problem != null) {
                Wire.writeText(change.problem, out);
            }
        }

        @Override
        public ItemChange read(int version, DataInputView in) throws IOException {
            if (version < 3) {
                return readUnflagged(version, in);
            }
            int flags = in.readByte();
            boolean scanned = (flags & SCANNED) != 0;
            ItemKey key = ItemKey.CODEC.read(version, in);
            long generation = Wire.readLong(in);
            long time = Wire.readLong(in);
            return new ItemChange(
                    key,
                    scanned ? Origin.SCAN : Origin.STREAM,
                    generation,
                    scanned ? null : ItemVersion.CODEC.read(version, in),
                    (flags & BEFORE_KNOWN) != 0,
                    (flags & BEFORE) == 0 ? null : Item.readSized(in),
                    (flags & AFTER) == 0 ? null : Item.readSized(in),
                    time,
                    (flags & EVENT_ID) == 0 ? null : Wire.readText(in),
                    (flags & TTL) != 0,
                    (flags & BASE) == 0 ? generation : Wire.readLong(in),
                    (flags & PROBLEM) == 0 ? null : Wire.readText(in));
        }

        private static ItemChange readUnflagged(int version, DataInputView in) throws IOException {
            ItemKey key = ItemKey.CODEC.read(version, in);
            Origin origin = Origin.values()[in.readByte()];
            long generation = Wire.readLong(in);
            return new ItemChange(
                    key,
                    origin,
                    generation,
                    Wire.readOptional(ItemVersion.CODEC, version, in),
                    in.readBoolean(),
                    Wire.readOptional(Item.CODEC, version, in),
                    Wire.readOptional(Item.CODEC, version, in),
                    Wire.readLong(in),
                    Wire.readOptionalText(in),
                    in.readBoolean(),
                    version == 1 ? generation : Wire.readLong(in),
                    version == 1 ? null : Wire.readOptionalText(in));
        }
    }
}
