package dev.tally.source.enumerator;

import dev.tally.source.SourceOptions;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How often to ask for a listing that something waits for, and how long to wait. Pure. */
final class Patience {

    private final long waitMax;
    private long wait;
    private long askAt = Long.MIN_VALUE;

    /** Since when (relative milliseconds) a shard has been waited for, by the one that waits. */
    private final Map<String, Long> orphans = new TreeMap<>();

    private final Map<String, Long> childless = new TreeMap<>();
    private final Set<String> excused = new TreeSet<>();

    /**
     * @param waitMax the interval at which listings come anyway
     */
    Patience(long waitMax) {
        this.waitMax = waitMax;
        endReached();
    }

    /** A child may be there now: ask at once. */
    void endReached() {
        wait = SourceOptions.LISTING_SPACING.toMillis();
        askAt = Long.MIN_VALUE;
    }

    /** Whether to ask for a listing now; the next time is further away. */
    boolean wantsListing(ShardGraph graph, long now) {
        if (now < askAt || !graph.wantsListing()) {
            return false;
        }
        askAt = now + wait;
        wait = Math.min(waitMax, 2 * wait);
        return true;
    }

    /** A shard whose parent has been waited for too long, or null. */
    String lostPatience(ShardGraph graph, long now) {
        keep(childless, graph.endsWithoutChild(), now);
        excused.clear();
        childless.forEach(
                (shard, since) -> {
                    if (overdue(since, now)) {
                        excused.add(shard);
                    }
                });
        keep(orphans, graph.orphans(), now);
        for (Map.Entry<String, Long> orphan : orphans.entrySet()) {
            if (overdue(orphan.getValue(), now)) {
                return orphan.getKey();
            }
        }
        return null;
    }

    /** Ended shards whose child is not waited for any more. */
    Set<String> excused() {
        return excused;
    }

    private static void keep(Map<String, Long> since, Collection<String> waiting, long now) {
        since.keySet().retainAll(waiting);
        waiting.forEach(shard -> since.putIfAbsent(shard, now));
    }

    private static boolean overdue(long since, long now) {
        return now - since >= SourceOptions.LISTING_PATIENCE.toMillis();
    }
}
