package dev.tally.diff;

import dev.tally.change.ItemChange;
import dev.tally.item.Item;
import dev.tally.view.GroupKey;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * An item's way through one bundle: what it was before, what it is now, and what of the way between
 * its contributions need. Mutable, on the task thread, never in state.
 */
final class DirtyItem {

    /** Estimates, in bytes: the objects around an image, and a group passed through. */
    private static final int OBJECTS = 400;

    private static final int GROUP = 100;

    private final ItemState stored;
    private ItemState now;
    private long generation;
    private long base = StageMark.UNKNOWN;
    private long time;
    private String eventId;
    private Set<GroupKey> passed;
    private long weight;

    DirtyItem(ItemState stored) {
        this.stored = stored;
        this.now = stored;
        this.generation = stored == null ? StageMark.UNKNOWN : stored.generation();
        this.weight = OBJECTS + (before() == null ? 0 : before().size());
    }

    void to(ItemState next, ItemChange change) {
        if (now != stored) {
            weight -= sizeAfter();
        }
        now = next;
        weight += sizeAfter();
        generation = Math.max(generation, change.generation());
        base = Math.max(base, change.base());
        time = Math.max(time, change.time());
        if (next == null || next.origin() != ItemState.Origin.SCAN || change.scanned()) {
            eventId = change.eventId();
        }
    }

    /** The item is gone, said by the end of a generation and not by any change. */
    void swept(long ready, long itsBase) {
        now = null;
        generation = ready;
        base = itsBase;
        time = ready;
    }

    void pass(GroupKey group) {
        if (passed == null) {
            passed = new LinkedHashSet<>();
        }
        if (passed.add(group)) {
            weight += GROUP;
        }
    }

    /** The state as the backend has it. */
    ItemState stored() {
        return stored;
    }

    ItemState now() {
        return now;
    }

    /** The image before the bundle; null if there was no item. */
    Item before() {
        return stored == null ? null : stored.image();
    }

    /** The image now; null if there is no item. */
    Item after() {
        return now == null ? null : now.image();
    }

    /** The newest stamp. */
    long generation() {
        return generation;
    }

    /** The newest base of its changes. */
    long base() {
        return base;
    }

    /** The image before the bundle, if it counts from the given generation on. */
    Item before(long first) {
        return stored != null && stored.generation() >= first ? stored.image() : null;
    }

    /** The image now, if it counts from the given generation on. */
    Item after(long first) {
        return now != null && now.generation() >= first ? now.image() : null;
    }

    /** Whether nothing has changed for any view, the newest of which counts from first on. */
    boolean unchanged(long newestFirst) {
        if (!Objects.equals(before(), after())) {
            return false;
        }
        return before() == null
                || stored.generation() >= newestFirst
                || stored.generation() == now.generation();
    }

    /** Service milliseconds of the newest change. */
    long time() {
        return time;
    }

    /** Of the record that the image now came with; null if it has none, as rows of a scan. */
    String eventId() {
        return eventId;
    }

    /** Groups of eager views that the item was in and may have left since; never null. */
    Set<GroupKey> passed() {
        return passed == null ? Set.of() : passed;
    }

    /** Estimated bytes on the heap. */
    long weight() {
        return weight;
    }

    private int sizeAfter() {
        return after() == null ? 0 : after().size();
    }
}
