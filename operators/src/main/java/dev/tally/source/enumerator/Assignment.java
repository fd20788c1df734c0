package dev.tally.source.enumerator;

import dev.tally.source.enumerator.EnumeratorState.Pin;
import dev.tally.source.split.SegmentSplit;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;

/** Gives out the splits whose turn has come: shards before segments, evenly. */
final class Assignment {

    private final SplitEnumeratorContext<TableSplit> context;
    private final Pin pin;
    private final ShardGraph graph;
    private final SnapshotPlan plan;
    private final boolean scans;
    private final int segmentsPerReader;
    private final Map<Integer, Integer> shardsOf = new TreeMap<>();
    private final Map<Integer, Integer> segmentsOf = new TreeMap<>();
    private final Map<Integer, List<TableSplit>> batch = new TreeMap<>();

    /**
     * @param reported subtasks whose present attempt has said what it has
     * @param scans whether segments may be given out
     */
    Assignment(
            SplitEnumeratorContext<TableSplit> context,
            Generation generation,
            Set<Integer> reported,
            boolean scans,
            int segmentsPerReader) {
        this.context = context;
        this.pin = generation.pin();
        this.graph = generation.graph();
        this.plan = generation.plan();
        this.scans = scans;
        this.segmentsPerReader = segmentsPerReader;
        for (int subtask : context.registeredReaders().keySet()) {
            if (reported.contains(subtask)) {
                shardsOf.put(subtask, graph.reading(subtask));
                segmentsOf.put(subtask, plan.reading(subtask));
            }
        }
    }

    void assign() {
        if (shardsOf.isEmpty()) {
            return;
        }
        for (ShardNode node : graph.readable()) {
            int heir = graph.heir(node);
            int subtask = heir == Tenure.NOBODY ? least(shardsOf) : heir;
            // A lineage waits for its own subtask if that is starting again.
            if (shardsOf.containsKey(subtask)) {
                graph.assign(node, subtask);
                shardsOf.merge(subtask, 1, Integer::sum);
                give(subtask, split(node));
            }
        }
        assignSegments();
        if (!batch.isEmpty()) {
            context.assignSplits(new SplitsAssignment<>(batch));
        }
    }

    private void assignSegments() {
        while (scans && plan.waiting()) {
            int subtask = least(segmentsOf);
            if (segmentsOf.get(subtask) >= segmentsPerReader) {
                return;
            }
            SegmentSplit segment = plan.assignNext(subtask);
            segmentsOf.merge(subtask, 1, Integer::sum);
            give(subtask, segment);
        }
    }

    private void give(int subtask, TableSplit split) {
        batch.computeIfAbsent(subtask, s -> new ArrayList<>()).add(split);
    }

    private ShardSplit split(ShardNode node) {
        return new ShardSplit(
                node.shardId(),
                node.parentId(),
                pin.streamArn(),
                pin.incarnation(),
                pin.fence(),
                ShardSplit.Position.start(node.fencePassed(), node.readUpTo()));
    }

    private static int least(Map<Integer, Integer> load) {
        int best = -1;
        for (Map.Entry<Integer, Integer> entry : load.entrySet()) {
            if (best < 0 || entry.getValue() < load.get(best)) {
                best = entry.getKey();
            }
        }
        return best;
    }
}
