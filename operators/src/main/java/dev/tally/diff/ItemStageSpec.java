package dev.tally.diff;

import dev.tally.item.KeySchema;
import dev.tally.view.Membership;
import dev.tally.view.Target;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What the item stage of one table has to do, and within which bounds. */
public final class ItemStageSpec implements Serializable {

    private static final long serialVersionUID = 1L;

    /**
     * Written back in some 0.1 s at a barrier; more would stall it, fewer be written more often.
     */
    public static final int BUNDLE_ITEMS = 50_000;

    public static final long BUNDLE_BYTES = 64L << 20;

    private final String table;
    private final KeySchema key;
    private final List<Membership> views;
    private final Diffs diffs;
    private final boolean newImagesOnly;
    private final Duration eagerInterval;
    private final int bundleItems;
    private final long bundleBytes;

    /**
     * @param table logical name
     * @param key of the source table
     * @param views all views of the table
     * @param diffs what the feeds of the table want
     * @param newImagesOnly whether the table's stream has no old images
     * @param eagerInterval how long a change may wait if any view is eager
     * @param bundleItems most changed items held on the heap between two write-backs
     * @param bundleBytes most estimated bytes of them
     */
    public ItemStageSpec(
            String table,
            KeySchema key,
            List<Membership> views,
            Diffs diffs,
            boolean newImagesOnly,
            Duration eagerInterval,
            int bundleItems,
            long bundleBytes) {
        this.table = Objects.requireNonNull(table);
        this.key = Objects.requireNonNull(key);
        this.views = List.copyOf(views);
        this.diffs = Objects.requireNonNull(diffs);
        this.newImagesOnly = newImagesOnly;
        this.eagerInterval = Objects.requireNonNull(eagerInterval);
        this.bundleItems = atLeastOne("items", bundleItems);
        this.bundleBytes = atLeastOne("bytes", bundleBytes);
        if (eagerInterval.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "cannot show eager rows of table "
                            + table
                            + " every "
                            + eagerInterval
                            + ": the interval must be at least 1 ms");
        }
    }

    private <N extends Number> N atLeastOne(String what, N bound) {
        if (bound.longValue() < 1) {
            throw new IllegalArgumentException(
                    "cannot bundle changes of table " + table + " in " + bound + " " + what);
        }
        return bound;
    }

    String table() {
        return table;
    }

    KeySchema key() {
        return key;
    }

    List<Membership> views() {
        return views;
    }

    Diffs diffs() {
        return diffs;
    }

    Duration eagerInterval() {
        return eagerInterval;
    }

    int bundleItems() {
        return bundleItems;
    }

    long bundleBytes() {
        return bundleBytes;
    }

    /** On a stream without old images the state is the only one that knows a diff's before. */
    KeptAttributes kept() {
        return KeptAttributes.of(views, newImagesOnly && diffs.any());
    }

    static boolean eager(Membership view) {
        return view.view().to().freshness() == Target.Freshness.EAGER;
    }

    boolean anyEager() {
        return views.stream().anyMatch(ItemStageSpec::eager);
    }
}
