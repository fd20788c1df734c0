package dev.tally.diff;

import dev.tally.change.ItemChange;
import dev.tally.change.ItemDiff;
import dev.tally.diff.ItemState.Origin;
import dev.tally.item.Item;
import java.util.Objects;

/**
 * Merges scan and stream of a table, item by item: what an item's state becomes by a change, or why
 * the change is ignored. Pure; one object serves all items of a stage.
 *
 * <p>Why it ends right whatever the interleaving: a scan returns some version of the item at or
 * after the pin, and every record after the fence is in the stream, in order per item. As soon as
 * one record is known to come after the scanned version, or to be it, the state is the stream's and
 * takes each later record in turn. Until then a record is taken only if it starts where the state
 * stands. The same image may occur twice in a history; then the state steps back to the first
 * occurrence, and forward again with the records that follow.
 *
 * <p>With new images only, a record after the fence is always taken: the item may step back and
 * forward before it ends at its newest image.
 *
 * <p>What a record says of its own old image is never used for contributions, only for diffs and
 * for comparing: groups are retracted from what the state holds, so they cannot drift from it.
 */
final class Reconciler {

    private final String table;
    private final HeldImages images;
    private final KeptAttributes kept;
    private final Diffs diffs;

    Reconciler(String table, HeldImages images, Diffs diffs) {
        this.table = Objects.requireNonNull(table);
        this.images = Objects.requireNonNull(images);
        this.kept = images.now();
        this.diffs = Objects.requireNonNull(diffs);
    }

    /**
     * @param state of the change's item; null if it has none
     * @param ready the newest generation that is complete, {@link StageMark#UNKNOWN} for none
     * @param open the newest generation that any change was stamped with; above {@code ready} it is
     *     open
     */
    Outcome apply(ItemState state, ItemChange change, long ready, long open) {
        return change.scanned() ? scan(state, change) : stream(state, change, ready, open);
    }

    /** What becomes of an item when a generation is ready. */
    Verdict atReady(ItemState state, long generation) {
        if (state.generation() > generation) {
            return Verdict.KEPT;
        }
        if (state.origin() == Origin.TOMBSTONE) {
            return Verdict.FORGOTTEN;
        }
        return state.generation() < generation ? Verdict.SWEPT : Verdict.KEPT;
    }

    private Outcome scan(ItemState state, ItemChange change) {
        if (state != null && state.generation() >= change.generation()) {
            return new Outcome(Verdict.SCAN_LATE, state, null);
        }
        Verdict verdict = state == null ? Verdict.SCAN_FIRST : Verdict.SCAN_NEWER;
        ItemState next =
                ItemState.scanned(
                        change.generation(),
                        state == null ? null : state.version(),
                        kept.cut(change.after()));
        ItemDiff read = diffs == Diffs.RECORDS_AND_SNAPSHOT ? read(change) : null;
        return new Outcome(verdict, next, read);
    }

    private Outcome stream(ItemState state, ItemChange change, long ready, long open) {
        Verdict verdict = verdict(state, change);
        if (verdict == Verdict.DUPLICATE) {
            return new Outcome(verdict, state, null);
        }
        ItemDiff diff = diffs.any() ? diff(state, change, ready) : null;
        if (verdict == Verdict.SCAN_AHEAD || verdict == Verdict.SCAN_HAS_IT) {
            return new Outcome(verdict, state.withVersion(change.version()), diff);
        }
        long generation = change.generation();
        if (state != null && state.generation() > generation) {
            generation = state.generation();
        }
        Item image = kept.cut(change.after());
        boolean opened = open > ready || generation > ready;
        ItemState next = null;
        if (image != null) {
            next = ItemState.streamed(generation, change.version(), image);
        } else if (opened) {
            next = ItemState.tombstone(generation, change.version());
        }
        return new Outcome(verdict, next, diff);
    }

    /** The truth table of stream records, row by row. */
    private Verdict verdict(ItemState state, ItemChange change) {
        if (state == null) {
            return Verdict.STREAM_FIRST;
        }
        if (state.version() != null && change.version().compareTo(state.version()) <= 0) {
            return Verdict.DUPLICATE;
        }
        boolean later = mayHaveLost(state, change);
        if (state.origin() != Origin.SCAN) {
            if (!change.beforeKnown() || is(state, change.before())) {
                return Verdict.STREAM_NEXT;
            }
            return later ? Verdict.STREAM_HEALED : Verdict.STREAM_DRIFTED;
        }
        if (later) {
            return Verdict.STREAM_AFTER_OLD_SCAN;
        }
        if (!change.beforeKnown()) {
            boolean beforeFence = change.generation() < state.generation();
            return beforeFence ? Verdict.SCAN_HAS_IT : Verdict.STREAM_OVER_SCAN;
        }
        if (is(state, change.before())) {
            return Verdict.STREAM_FOLLOWS_SCAN;
        }
        return is(state, change.after()) ? Verdict.IN_STEP : Verdict.SCAN_AHEAD;
    }

    /**
     * Whether records between state and change may be lost, as the start of a generation has said.
     * A generation that only builds views loses none: its base is one that the state is of.
     */
    private static boolean mayHaveLost(ItemState state, ItemChange change) {
        return change.generation() > state.generation() && change.base() > state.generation();
    }

    private boolean is(ItemState state, Item recorded) {
        return images.same(state.image(), state.generation(), recorded);
    }

    /**
     * The record's diff, exact: its own old image; on a stream without them the state's, if that is
     * the record's predecessor for sure. Unknown is null, never a guess.
     */
    private ItemDiff diff(ItemState state, ItemChange change, long ready) {
        Item before = change.before();
        boolean existed = before != null;
        if (!change.beforeKnown()) {
            existed = state != null && state.image() != null;
            before = existed && precedes(state, change, ready) ? state.image() : null;
        }
        ItemDiff.Kind kind = existed ? ItemDiff.Kind.MODIFY : ItemDiff.Kind.INSERT;
        return new ItemDiff(
                change.after() == null ? ItemDiff.Kind.REMOVE : kind,
                change.key(),
                before,
                change.after(),
                change.version(),
                change.time(),
                EventIds.of(table, change),
                change.ttl());
    }

    /**
     * Whether no record can be missing between state and change, and the state has all of the item.
     * A scan row may be ahead of the stream until its generation is ready; then all that the stream
     * held at the scan was read.
     */
    private boolean precedes(ItemState state, ItemChange change, long ready) {
        return change.generation() <= state.generation()
                && images.whole(state.generation())
                && (state.origin() == Origin.STREAM || state.generation() <= ready);
    }

    private ItemDiff read(ItemChange change) {
        return new ItemDiff(
                ItemDiff.Kind.READ,
                change.key(),
                null,
                change.after(),
                null,
                change.time(),
                EventIds.of(table, change),
                false);
    }
}
