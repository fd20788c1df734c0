package dev.tally.source.reader;

import dev.tally.change.ItemChange;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.source.SimulatedReader;
import dev.tally.source.SourceOptions;
import dev.tally.source.TableTime;
import dev.tally.source.client.TableDescription;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.AnswerQueue;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTableClient;
import dev.tally.source.simulated.VirtualClock;
import dev.tally.source.simulated.Workload;
import dev.tally.source.split.Fence;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.ReaderReport;
import dev.tally.source.split.SegmentSplit;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import dev.tally.view.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A reader on a simulated table, with an enumerator that the test plays. */
final class ReaderRig {

    static final long START = 1_700_000_000_000L;

    final VirtualClock time = new VirtualClock(START);
    final Faults faults = Faults.none();
    final SimulatedTable table;
    final AnswerQueue network = new AnswerQueue();
    final List<ReaderReport> reports = new ArrayList<>();
    SourceOptions options = SourceOptions.defaults();
    double scanCapacity;
    SimulatedReader reader;

    ReaderRig(ViewType view, int partitions) {
        this.table = new SimulatedTable("todoListTask", Workload.KEY, view, partitions, 1, time);
    }

    static ReaderRig withOldImages() {
        return new ReaderRig(ViewType.NEW_AND_OLD_IMAGES, 1);
    }

    static Item task(int number, String list) {
        return Item.EMPTY
                .with("TaskId", Value.text("task-" + number))
                .with("ListId", Value.text(list));
    }

    /** Tasks of one list, by their numbers. */
    void put(int from, int to) {
        for (int i = from; i < to; i++) {
            table.put(task(i, "home"));
        }
    }

    /** Starts a reader that may begin and has these splits. */
    ReaderRig launch(TableSplit... splits) {
        start();
        Fence fence = new Fence(START - 900_000, Fence.SKIP, START);
        for (TableSplit split : splits) {
            fence = split instanceof ShardSplit ? ((ShardSplit) split).fence() : fence;
        }
        begin(fence, 1);
        reader.reader().addSplits(List.of(splits));
        return this;
    }

    /** Starts a reader that has not been told to begin. */
    ReaderRig start() {
        TableSpec spec =
                new TableSpec(
                        "tasks",
                        "todoListTask",
                        null,
                        null,
                        TableSpec.Start.SNAPSHOT,
                        TableSpec.OnGap.FAIL,
                        TableSpec.Reader.TALLY,
                        scanCapacity);
        reader =
                new SimulatedReader(
                        0,
                        1,
                        spec,
                        new SimulatedTableClient(table, faults, network),
                        options,
                        new TableTime(time),
                        new Random(1),
                        event -> reports.add((ReaderReport) event));
        reader.reader().start();
        return this;
    }

    private TableDescription described() {
        return new SimulatedTableClient(table, Faults.none(), Runnable::run).describeTable().join();
    }

    void begin() {
        begin(new Fence(START - 900_000, Fence.SKIP, START), 1);
    }

    void begin(Fence fence, int incarnation) {
        boolean old = described().viewType() == ViewType.NEW_AND_OLD_IMAGES;
        ReaderOrder order =
                ReaderOrder.begin(Workload.KEY, old, time.getAsLong(), fence, incarnation);
        reader.reader().handleSourceEvents(order);
    }

    /** Lets everything happen that can happen now. */
    ReaderRig settle() {
        do {
            reader.run();
        } while (network.runNext());
        return this;
    }

    ReaderRig pass(Duration duration) {
        long end = time.getAsLong() + duration.toMillis();
        while (time.getAsLong() < end) {
            time.advance(Duration.ofMillis(10));
            settle();
        }
        return this;
    }

    /** What was emitted since this was last asked: changes and watermarks. */
    List<Object> takeAll() {
        List<Object> taken = new ArrayList<>(reader.output());
        reader.output().clear();
        return taken;
    }

    List<ItemChange> take() {
        List<ItemChange> changes = new ArrayList<>();
        takeAll().forEach(element -> changes.add((ItemChange) element));
        return changes;
    }

    /** The first shard of the table's stream, as it would be assigned. */
    ShardSplit shard(Fence fence, boolean fencePassed) {
        return shard(table.shardIds().get(0), fence, fencePassed);
    }

    ShardSplit shard(String id, Fence fence, boolean fencePassed) {
        String arn = described().streamArn();
        return new ShardSplit(
                id, null, arn, 1, fence, ShardSplit.Position.start(fencePassed, START));
    }

    ShardSplit shard() {
        return shard(new Fence(START - 900_000, Fence.SKIP, START), false);
    }

    static SegmentSplit segment() {
        return SegmentSplit.start(0, 1, START, START);
    }

    ShardSplit shardNow() {
        return (ShardSplit) splitNow("shard-");
    }

    TableSplit splitNow(String prefix) {
        for (TableSplit split : reader.snapshot(1)) {
            if (split.splitId().startsWith(prefix)) {
                return split;
            }
        }
        throw new AssertionError("no split " + prefix);
    }

    long count(String metric) {
        return reader.metrics().count(metric);
    }
}
