package dev.tally.source.enumerator;

import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.ShardSplit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices from listings that changes were lost. Coordinator thread only. */
final class GapWatch {

    private static final Logger LOG = LoggerFactory.getLogger(GapWatch.class);

    private final Readers readers;
    private final String table;
    private final Patience patience;
    private final EnumeratorMetrics metrics;
    private boolean streamEnabled = true;

    GapWatch(Readers readers, String table, Patience patience, EnumeratorMetrics metrics) {
        this.readers = readers;
        this.table = table;
        this.patience = patience;
        this.metrics = metrics;
    }

    void streamIs(boolean enabled) {
        if (enabled != streamEnabled) {
            streamEnabled = enabled;
            LOG.warn("table={} stream is {}", table, enabled ? "on" : "switched off");
        }
    }

    boolean streamEnabled() {
        return streamEnabled;
    }

    /**
     * Puts a listing into the graph and looks for shards that cannot be read any more, or that are
     * waited for in vain.
     *
     * @param now relative milliseconds
     * @return null if nothing is lost
     */
    Gap judge(Generation generation, Listing listing, long serviceTime, long now) {
        ShardGraph graph = generation.graph();
        long pinned = generation.pin().generation();
        List<String> late = graph.listed(listing);
        if (!late.isEmpty()) {
            return Gap.of("shard " + late.get(0) + " was listed only after its child", pinned);
        }
        boolean harmless = generation.pin().fence().onlyOlderGone(serviceTime);
        for (ShardNode lost : graph.lost()) {
            if (lost.fencePassed() || !harmless) {
                return Gap.of(
                        "shard " + lost.shardId() + " is no longer listed and was not read",
                        lost.readUpTo());
            }
            LOG.info("table={} shard={} expired before the fence", table, lost.shardId());
            metrics.expiredBeforeFence();
            lost.expired();
        }
        for (ShardNode fading : graph.fading()) {
            String splitId = ShardSplit.id(generation.pin().incarnation(), fading.shardId());
            readers.tell(
                    fading.tenure().owner(), ReaderOrder.expired(List.of(splitId), serviceTime));
        }
        String orphan = patience.lostPatience(graph, now);
        if (orphan != null) {
            return Gap.of("the parent of shard " + orphan + " is not listed", pinned);
        }
        return null;
    }

    /** A stream that was switched off is read to its end, and then it is a gap; null before. */
    Gap atTheEnd(ShardGraph graph) {
        return !streamEnabled && graph.allFinished()
                ? Gap.of("its stream was switched off, and is read to its end", graph.readUpTo())
                : null;
    }
}
