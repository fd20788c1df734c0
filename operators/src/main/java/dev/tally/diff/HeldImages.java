package dev.tally.diff;

import dev.tally.item.Item;
import java.util.Objects;

/**
 * Which attributes the images in state hold: what is kept now, since some generation, and less in
 * images that no change of that generation or a later one has replaced yet. Never anything else:
 * what older images held beside that is not compared, so that sources need not read it.
 */
final class HeldImages {

    private final KeptAttributes now;
    private final long since;
    private final KeptAttributes before;

    HeldImages(KeptAttributes now, long since, KeptAttributes before) {
        this.now = Objects.requireNonNull(now);
        this.since = since;
        this.before = Objects.requireNonNull(before);
    }

    /** Since the first generation. */
    static HeldImages always(KeptAttributes kept) {
        return new HeldImages(kept, 0, kept);
    }

    /**
     * When other attributes are kept from now on.
     *
     * @param ready the newest generation that is ready: older images are gone
     * @param newest the newest generation heard of
     */
    HeldImages then(KeptAttributes next, long ready, long newest) {
        KeptAttributes oldest = ready >= since ? now : before;
        if (oldest.covers(next)) {
            return always(next);
        }
        long from = now.covers(next) ? since : newest + 1;
        return new HeldImages(next, from, oldest.and(next));
    }

    KeptAttributes now() {
        return now;
    }

    long since() {
        return since;
    }

    KeptAttributes before() {
        return before;
    }

    /** Whether an image of the generation is the whole item. */
    boolean whole(long generation) {
        return (generation >= since ? now : before).keepsAll();
    }

    /**
     * Whether a record's image is the same as one in state, as far as the latter can tell.
     *
     * @param held cut down to what is kept now; null for no item
     */
    boolean same(Item held, long generation, Item recorded) {
        if (generation >= since) {
            return Objects.equals(held, recorded) || Objects.equals(held, now.cut(recorded));
        }
        return Objects.equals(before.cut(held), before.cut(recorded));
    }
}
