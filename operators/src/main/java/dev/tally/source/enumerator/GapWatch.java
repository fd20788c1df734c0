package dev.tally.source.enumerator;

import dev.tally.source.GapException;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices from listings that changes were lost, and stops the job by name before anything wrong is
 * made of it. Coordinator thread only.
 */
final class GapWatch {

    private static final Logger LOG = LoggerFactory.getLogger(GapWatch.class);

    private final SplitEnumeratorContext<TableSplit> context;
    private final String table;
    private final Patience patience;
    private final EnumeratorMetrics metrics;
    private boolean streamEnabled = true;

    GapWatch(
            SplitEnumeratorContext<TableSplit> context,
            String table,
            Patience patience,
            EnumeratorMetrics metrics) {
        this.context = context;
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

    /**
     * Puts a listing into the graph and looks for shards that cannot be read any more, or that are
     * waited for in vain.
     *
     * @param now relative milliseconds
     */
    void judge(Generation generation, Listing listing, long serviceTime, long now) {
        ShardGraph graph = generation.graph();
        long pinned = generation.pin().generation();
        List<String> late = graph.listed(listing);
        if (!late.isEmpty()) {
            throw gap("shard " + late.get(0) + " was listed only after its child", pinned);
        }
        boolean harmless = generation.onlyOlderThanFenceGone(serviceTime);
        for (ShardNode lost : graph.lost()) {
            if (lost.fencePassed() || !harmless) {
                throw gap(
                        "shard " + lost.shardId() + " is no longer listed and was not read",
                        lost.readUpTo());
            }
            LOG.info("table={} shard={} expired before the fence", table, lost.shardId());
            metrics.expiredBeforeFence();
            graph.expired(lost);
        }
        for (ShardNode fading : graph.fading()) {
            if (harmless) {
                expire(ShardSplit.id(generation.pin().incarnation(), fading.shardId()), fading);
            }
        }
        String orphan = patience.lostPatience(graph, now);
        if (orphan != null) {
            throw gap("the parent of shard " + orphan + " is not listed", pinned);
        }
    }

    /** Ends a shard that expired before the fence while being read, if its reader agrees. */
    private void expire(String splitId, ShardNode node) {
        int owner = node.tenure().owner();
        if (context.registeredReaders().containsKey(owner)) {
            context.sendEventToSourceReader(owner, ReaderOrder.expired(List.of(splitId)));
        }
    }

    /** A stream that was switched off is read to its end, and then it is a gap. */
    void requireMoreToRead(Generation generation) {
        ShardGraph graph = generation.graph();
        if (!streamEnabled && graph.allFinished()) {
            throw gap("its stream was switched off, and is read to its end", graph.readUpTo());
        }
    }

    private RuntimeException gap(String what, long since) {
        metrics.gap();
        LOG.error("table={} gap: {} since={}", table, what, since);
        return GapException.stop(table, what, since, null);
    }
}
