package dev.tally.source.enumerator;

import dev.tally.source.SimulatedEnumeratorContext;
import dev.tally.source.SourceOptions;
import dev.tally.source.TableTime;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTableClient;
import dev.tally.source.simulated.VirtualClock;
import dev.tally.source.simulated.Workload;
import dev.tally.source.split.LostPosition;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.ReaderReport;
import dev.tally.source.split.SegmentSplit;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import dev.tally.view.Progress;
import dev.tally.view.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.source.SourceEvent;

/** An enumerator on a simulated table, with readers that the test plays. */
final class EnumeratorRig {

    static final long START = 1_700_000_000_000L;

    final VirtualClock time = new VirtualClock(START);
    final Faults faults = Faults.none();
    final SimulatedTable table;
    final int parallelism;
    TableSpec.Start start = TableSpec.Start.SNAPSHOT;
    Progress progress;
    long submission = 1;
    TableSpec.OnGap onGap = TableSpec.OnGap.FAIL;
    SourceOptions options = SourceOptions.defaults().withSegments(2);
    Map<String, String> views = new TreeMap<>(Map.of("by-list", "by ListId"));
    SimulatedEnumeratorContext context;
    DynamoDbEnumerator enumerator;

    /** What was sent to readers and not yet looked at. */
    final Map<Integer, List<TableSplit>> assigned = new TreeMap<>();

    final Map<Integer, List<ReaderOrder>> orders = new TreeMap<>();

    /** The generation of the fence that a subtask was told last. */
    private final Map<Integer, Long> generations = new TreeMap<>();

    EnumeratorRig(ViewType view, int partitions, int parallelism) {
        this.table = new SimulatedTable("todoListTask", Workload.KEY, view, partitions, 1, time);
        this.parallelism = parallelism;
    }

    EnumeratorRig launch(EnumeratorState restored) {
        assigned.clear();
        orders.clear();
        generations.clear();
        context = new SimulatedEnumeratorContext(parallelism, new Sent());
        TableSpec spec =
                new TableSpec(
                        "tasks",
                        "todoListTask",
                        "eu-west-1",
                        null,
                        start,
                        onGap,
                        TableSpec.Reader.TALLY,
                        0);
        enumerator =
                new DynamoDbEnumerator(
                        context,
                        spec,
                        any -> new SimulatedTableClient(table, faults, Runnable::run),
                        options,
                        views,
                        submission,
                        progress,
                        new TableTime(time),
                        restored);
        enumerator.start();
        return this;
    }

    /** A reader of a subtask starts with these splits. */
    EnumeratorRig register(int subtask, TableSplit... has) {
        context.register(subtask);
        enumerator.addReader(subtask);
        enumerator.handleSourceEvent(
                subtask, new ReaderReport(true, 0, 0, List.of(has), List.of()));
        context.runAll();
        return this;
    }

    EnumeratorRig registerAll() {
        for (int i = 0; i < parallelism; i++) {
            register(i);
        }
        return this;
    }

    /** Time goes on, and with it ticks. */
    EnumeratorRig pass(Duration duration) {
        long end = time.getAsLong() + duration.toMillis();
        while (time.getAsLong() < end) {
            time.advance(Duration.ofMillis(100));
            context.tick();
            context.runAll();
        }
        return this;
    }

    void report(int subtask, TableSplit... splits) {
        report(subtask, List.of(splits), List.of());
    }

    /** A position of a subtask is lost. */
    void lose(int subtask, String what, long since) {
        report(subtask, List.of(), List.of(new LostPosition(what, since)));
    }

    private void report(int subtask, List<TableSplit> splits, List<LostPosition> lost) {
        long generation = generations.getOrDefault(subtask, 0L);
        enumerator.handleSourceEvent(
                subtask, new ReaderReport(false, time.getAsLong(), generation, splits, lost));
        context.runAll();
    }

    /** A checkpoint from begin to end. */
    EnumeratorState checkpoint(long id) {
        EnumeratorState state = enumerator.snapshotState(id);
        context.checkpointBegins(id);
        context.checkpointCompleted(id);
        enumerator.notifyCheckpointComplete(id);
        context.runAll();
        return state;
    }

    /** The machine of a subtask dies; its new attempt has not registered yet. */
    void fail(int subtask, long restored) {
        context.unregister(subtask);
        generations.remove(subtask);
        enumerator.addSplitsBack(context.takeBack(subtask, restored), subtask);
    }

    /** What a subtask was given since this was last asked. */
    List<TableSplit> take(int subtask) {
        List<TableSplit> splits = assigned.remove(subtask);
        return splits == null ? List.of() : splits;
    }

    List<ShardSplit> takeShards(int subtask) {
        return take(subtask).stream()
                .filter(split -> split instanceof ShardSplit)
                .map(split -> (ShardSplit) split)
                .collect(Collectors.toList());
    }

    List<Long> announced(int subtask) {
        return orders.getOrDefault(subtask, List.of()).stream()
                .map(ReaderOrder::ready)
                .filter(ready -> ready > 0)
                .collect(Collectors.toList());
    }

    static ShardSplit read(ShardSplit split, long upTo) {
        return split.at(new ShardSplit.Position("7", true, upTo, false));
    }

    static ShardSplit ended(ShardSplit split, long upTo) {
        return split.at(new ShardSplit.Position("7", true, upTo, true));
    }

    static SegmentSplit done(TableSplit split) {
        SegmentSplit segment = (SegmentSplit) split;
        return segment.at(null, 10, true);
    }

    private final class Sent implements SimulatedEnumeratorContext.Wire {
        @Override
        public void splits(int subtask, List<TableSplit> splits) {
            assigned.computeIfAbsent(subtask, s -> new ArrayList<>()).addAll(splits);
        }

        @Override
        public void event(int subtask, SourceEvent event) {
            ReaderOrder order = (ReaderOrder) event;
            orders.computeIfAbsent(subtask, s -> new ArrayList<>()).add(order);
            if (order.fence() != null) {
                generations.put(subtask, order.fence().generation());
            }
        }
    }
}
