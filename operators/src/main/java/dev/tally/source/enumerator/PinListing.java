package dev.tally.source.enumerator;

import dev.tally.source.client.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The shards of a pin, put together from several listings, because one may lack some: until one has
 * added nothing, and once more while a parent is missing. That is normal for parents past the
 * retention; one that was only left out would be read too late.
 */
final class PinListing {

    private static final int LISTINGS = 2;
    private static final int LISTINGS_WITHOUT_PARENTS = 3;

    private final TreeMap<String, Shard> shards = new TreeMap<>();
    private int listings;

    /** Whether this listing completes the pin. */
    boolean complete(Listing listing) {
        boolean more = false;
        for (Shard shard : listing.shards()) {
            more |= shards.put(shard.shardId(), shard) == null;
        }
        listings++;
        return !more && listings >= (parentMissing() ? LISTINGS_WITHOUT_PARENTS : LISTINGS);
    }

    private boolean parentMissing() {
        for (Shard shard : shards.values()) {
            String parent = shard.parentShardId();
            if (parent != null && !shards.containsKey(parent)) {
                return true;
            }
        }
        return false;
    }

    List<Shard> shards() {
        return new ArrayList<>(shards.values());
    }
}
