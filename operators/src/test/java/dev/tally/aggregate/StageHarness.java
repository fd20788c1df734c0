package dev.tally.aggregate;

import dev.tally.codec.CodecSerializer;
import dev.tally.codec.CodecType;
import dev.tally.testing.OperatorMetrics;
import dev.tally.view.Contribution;
import dev.tally.view.GroupKey;
import dev.tally.view.OwnMetric;
import dev.tally.view.Row;
import dev.tally.view.TargetRows;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** One subtask of the real group stage on real RocksDB. */
final class StageHarness implements AutoCloseable {

    static final int MAX_PARALLELISM = 16;

    private final KeyedOneInputStreamOperatorTestHarness<GroupKey, Contribution, Row> harness;
    private final GroupStage stage;
    private final OperatorMetrics metrics = new OperatorMetrics();
    private final MockEnvironment environment;

    private StageHarness(GroupStage stage, StateBackend backend, int parallelism, int index)
            throws Exception {
        this.stage = stage;
        this.environment =
                new MockEnvironmentBuilder()
                        .setTaskName("group stage")
                        .setManagedMemorySize(64 << 20)
                        .setMaxParallelism(MAX_PARALLELISM)
                        .setParallelism(parallelism)
                        .setSubtaskIndex(index)
                        .setMetricGroup(metrics.task())
                        .build();
        this.harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        stage, Contribution::group, CodecType.of(GroupKey.class), environment);
        harness.setStateBackend(backend);
        harness.setup(new CodecSerializer<>(Row.class));
    }

    static StateBackend rocks() {
        EmbeddedRocksDBStateBackend rocks = new EmbeddedRocksDBStateBackend();
        rocks.getMemoryConfiguration().setFixedMemoryPerSlot("64m");
        return rocks;
    }

    static GroupStage stage(
            long submission, TargetRows targets, StageOptions options, ViewSpec... views) {
        return stage(submission, targets, 0, options, views);
    }

    static GroupStage stage(
            long submission,
            TargetRows targets,
            long lateUntil,
            StageOptions options,
            ViewSpec... views) {
        return new GroupStage(
                "tasks", List.of(views), submission, targets, Map.of(), lateUntil, options);
    }

    static StageHarness fresh(GroupStage stage) throws Exception {
        return restored(stage, 1, 0, null, 0);
    }

    /** With the state of a checkpoint, of whatever parallelism. */
    static StageHarness restored(GroupStage stage, OperatorSubtaskState state, long checkpoint)
            throws Exception {
        return restored(stage, 1, 0, state, checkpoint);
    }

    static StageHarness restored(
            GroupStage stage, int parallelism, int index, OperatorSubtaskState state, long id)
            throws Exception {
        return restored(stage, rocks(), parallelism, index, state, id);
    }

    static StageHarness restored(
            GroupStage stage,
            StateBackend backend,
            int parallelism,
            int index,
            OperatorSubtaskState state,
            long id)
            throws Exception {
        StageHarness made = new StageHarness(stage, backend, parallelism, index);
        if (state != null) {
            made.harness.setRestoredCheckpointId(id);
        }
        made.harness.initializeState(state);
        made.harness.open();
        return made;
    }

    StageHarness take(Contribution... contributions) throws Exception {
        for (Contribution contribution : contributions) {
            harness.processElement(new StreamRecord<>(contribution));
        }
        return this;
    }

    /** A generation is ready; pages that have come are taken. */
    StageHarness ready(long generation) throws Exception {
        harness.processWatermark(new Watermark(generation));
        return mails();
    }

    StageHarness mails() throws Exception {
        TaskMailbox mailbox = harness.getTaskMailbox();
        Optional<Mail> mail = mailbox.tryTake(TaskMailbox.MIN_PRIORITY);
        while (mail.isPresent()) {
            mail.get().run();
            mail = mailbox.tryTake(TaskMailbox.MIN_PRIORITY);
        }
        return this;
    }

    /** A barrier: what comes out before it, and the state. */
    OperatorSubtaskState checkpoint(long id) throws Exception {
        harness.prepareSnapshotPreBarrier(id);
        return harness.snapshot(id, id);
    }

    StageHarness completed(long id) throws Exception {
        harness.notifyOfCompletedCheckpoint(id);
        return this;
    }

    StageHarness time(long millis) throws Exception {
        harness.setProcessingTime(millis);
        return this;
    }

    /** The rows since the last call. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>(harness.extractOutputValues());
        harness.getOutput().clear();
        return rows;
    }

    StageCounters counters() {
        return stage.counters();
    }

    long heldGroups() {
        return metrics.own(OwnMetric.GROUPS_HELD);
    }

    Phase phase() {
        return stage.phase();
    }

    Phase phase(String view) {
        return stage.phase(view);
    }

    /** Groups in state. */
    long stored() {
        try (Stream<?> keys =
                stage.getKeyedStateBackend().getKeys("groups", VoidNamespace.INSTANCE)) {
            return keys.count();
        }
    }

    /** Groups of which state holds values of the measure at the given place. */
    long storedValues(int measure) {
        try (Stream<?> keys = stage.getKeyedStateBackend().getKeys("values", measure)) {
            return keys.count();
        }
    }

    KeyedOneInputStreamOperatorTestHarness<GroupKey, Contribution, Row> flink() {
        return harness;
    }

    @Override
    public void close() {
        try {
            harness.close();
            environment.close();
        } catch (Exception e) {
            throw new IllegalStateException("cannot close the stage", e);
        }
    }
}
