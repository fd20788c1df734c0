package dev.tally.diff;

import dev.tally.change.DeadLetter;
import dev.tally.change.ItemChange;
import dev.tally.change.ItemDiff;
import dev.tally.codec.CodecSerializer;
import dev.tally.codec.CodecType;
import dev.tally.item.ItemKey;
import dev.tally.testing.OperatorMetrics;
import dev.tally.view.Contribution;
import dev.tally.view.Repairs;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** One subtask of the item stage on a real RocksDB, without a cluster. */
final class StageHarness {

    static final int MAX_PARALLELISM = 128;

    private final OperatorMetrics metrics = new OperatorMetrics();
    private final MockEnvironment environment;
    private final KeyedOneInputStreamOperatorTestHarness<ItemKey, ItemChange, Contribution> harness;

    private StageHarness(
            ItemStageSpec spec,
            Repairs repairs,
            OperatorSubtaskState whole,
            int from,
            int parallelism,
            int subtask)
            throws Exception {
        environment =
                new MockEnvironmentBuilder()
                        .setTaskName("item stage")
                        .setManagedMemorySize(64 << 20)
                        .setMaxParallelism(MAX_PARALLELISM)
                        .setParallelism(parallelism)
                        .setSubtaskIndex(subtask)
                        .setMetricGroup(metrics.task())
                        .build();
        harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new ItemStage(spec, repairs, 1),
                        ItemChange::key,
                        CodecType.of(ItemKey.class),
                        environment);
        harness.setStateBackend(new EmbeddedRocksDBStateBackend());
        harness.setup(new CodecSerializer<>(Contribution.class));
        if (whole != null) {
            harness.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            whole, MAX_PARALLELISM, from, parallelism, subtask));
        }
        harness.open();
    }

    /** One subtask that tells what it has put right. */
    static StageHarness telling(ItemStageSpec spec, List<String> told) throws Exception {
        return new StageHarness(spec, new Told(told), null, 0, 1, 0);
    }

    private static final class Told implements Repairs {
        private static final long serialVersionUID = 1L;
        private final transient List<String> lines;

        Told(List<String> lines) {
            this.lines = lines;
        }

        @Override
        public void report(int subtask, long swept, long drift) {
            lines.add(subtask + ": swept " + swept + ", drift " + drift);
        }

        @Override
        public void close() {
            lines.add("closed");
        }
    }

    /** All subtasks, the state of the former ones among them. */
    static List<StageHarness> start(
            ItemStageSpec spec, List<OperatorSubtaskState> former, int parallelism)
            throws Exception {
        OperatorSubtaskState whole =
                former.isEmpty()
                        ? null
                        : AbstractStreamOperatorTestHarness.repackageState(
                                former.toArray(new OperatorSubtaskState[0]));
        List<StageHarness> subtasks = new ArrayList<>();
        for (int subtask = 0; subtask < parallelism; subtask++) {
            subtasks.add(new StageHarness(spec, null, whole, former.size(), parallelism, subtask));
        }
        return subtasks;
    }

    StageHarness take(ItemChange... changes) throws Exception {
        for (ItemChange change : changes) {
            harness.processElement(new StreamRecord<>(change));
        }
        return this;
    }

    void watermark(long generation) throws Exception {
        harness.processWatermark(new Watermark(generation));
    }

    OperatorSubtaskState checkpoint(long id) throws Exception {
        harness.prepareSnapshotPreBarrier(id);
        return harness.snapshot(id, id);
    }

    void completed(long id) throws Exception {
        harness.notifyOfCompletedCheckpoint(id);
    }

    void advanceTime(long millis) throws Exception {
        harness.setProcessingTime(harness.getProcessingTime() + millis);
    }

    void endInput() throws Exception {
        harness.getOneInputOperator().finish();
    }

    /** Contributions and watermarks since the last call, in order; watermarks as numbers. */
    List<Object> output() {
        List<Object> output = new ArrayList<>();
        for (Object element : harness.getOutput()) {
            output.add(
                    element instanceof Watermark
                            ? (Object) ((Watermark) element).getTimestamp()
                            : ((StreamRecord<?>) element).getValue());
        }
        harness.getOutput().clear();
        return output;
    }

    List<ItemDiff> diffs() {
        return drain(harness.getSideOutput(ItemStage.DIFFS));
    }

    List<DeadLetter> deadLetters() {
        return drain(harness.getSideOutput(ItemStage.DEAD_LETTERS));
    }

    private static <T> List<T> drain(Queue<StreamRecord<T>> records) {
        List<T> values = new ArrayList<>();
        while (records != null && !records.isEmpty()) {
            values.add(records.remove().getValue());
        }
        return values;
    }

    long counter(String name) {
        return metrics.count(name);
    }

    /** How many items have a state, tombstones included. */
    long items() {
        try (Stream<ItemKey> keys =
                harness.getOperator()
                        .<ItemKey>getKeyedStateBackend()
                        .getKeys("item", VoidNamespace.INSTANCE)) {
            return keys.count();
        }
    }

    int timers() {
        return harness.getProcessingTimeService().getNumActiveTimers();
    }

    void close() throws Exception {
        harness.close();
        environment.close();
    }
}
