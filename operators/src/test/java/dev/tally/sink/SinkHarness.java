package dev.tally.sink;

import dev.tally.change.DeadLetter;
import dev.tally.codec.CodecSerializer;
import dev.tally.codec.CodecType;
import dev.tally.testing.OperatorMetrics;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.awaitility.Awaitility;

/** One subtask of a row sink on a real RocksDB; its mails run while the test waits. */
final class SinkHarness implements AutoCloseable {

    private static final int MAX_PARALLELISM = 128;

    /** Processing time at the start; it moves on while the test waits. */
    static final long START = 1_795_201_200_000L;

    private static final long STEP = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(5);

    private final OperatorMetrics metrics = new OperatorMetrics();
    private final KeyedOneInputStreamOperatorTestHarness<GroupKey, Row, DeadLetter> flink;

    private SinkHarness(
            RowSink sink, int subtask, int parallelism, OperatorSubtaskState state, long restored)
            throws Exception {
        flink =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        sink,
                        Row::group,
                        CodecType.of(GroupKey.class),
                        new MockEnvironmentBuilder()
                                .setTaskName("row sink")
                                .setManagedMemorySize(64 << 20)
                                .setMaxParallelism(MAX_PARALLELISM)
                                .setParallelism(parallelism)
                                .setSubtaskIndex(subtask)
                                .setMetricGroup(metrics.task())
                                .build());
        flink.setProcessingTime(START);
        flink.setStateBackend(new EmbeddedRocksDBStateBackend());
        flink.setup(new CodecSerializer<>(DeadLetter.class));
        if (state != null) {
            flink.setRestoredCheckpointId(restored);
            flink.initializeState(state);
        }
        flink.open();
    }

    static SinkHarness start(RowSink sink) throws Exception {
        return new SinkHarness(sink, 0, 1, null, 0);
    }

    /** One of several subtasks that share the state of all former ones. */
    static SinkHarness restore(
            RowSink sink,
            int subtask,
            int parallelism,
            long checkpoint,
            List<OperatorSubtaskState> former)
            throws Exception {
        OperatorSubtaskState all =
                AbstractStreamOperatorTestHarness.repackageState(
                        former.toArray(new OperatorSubtaskState[0]));
        OperatorSubtaskState part =
                AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        all, MAX_PARALLELISM, former.size(), parallelism, subtask);
        return new SinkHarness(sink, subtask, parallelism, part, checkpoint);
    }

    void take(Row... rows) throws Exception {
        for (Row row : rows) {
            flink.processElement(new StreamRecord<>(row));
        }
    }

    void watermark(long generation) throws Exception {
        flink.processWatermark(new Watermark(generation));
    }

    OperatorSubtaskState snapshot(long checkpoint) throws Exception {
        flink.prepareSnapshotPreBarrier(checkpoint);
        return flink.snapshot(checkpoint, checkpoint);
    }

    void completed(long checkpoint) throws Exception {
        flink.notifyOfCompletedCheckpoint(checkpoint);
    }

    /** Takes rows of a checkpoint and completes it. */
    void checkpoint(long checkpoint, Row... rows) throws Exception {
        take(rows);
        snapshot(checkpoint);
        completed(checkpoint);
    }

    /** Timers due by then fire. */
    void advanceTime(Duration by) throws Exception {
        flink.setProcessingTime(flink.getProcessingTime() + by.toMillis());
    }

    /** Runs mails until the condition holds; a failing mail fails the wait. */
    void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(
                        () -> {
                            runMails();
                            flink.setProcessingTime(flink.getProcessingTime() + STEP);
                            return condition.call();
                        });
    }

    void awaitIdle() {
        await(() -> backlog() == 0);
    }

    private void runMails() throws Exception {
        TaskMailbox mailbox = flink.getTaskMailbox();
        Optional<Mail> mail = mailbox.tryTake(TaskMailbox.MIN_PRIORITY);
        while (mail.isPresent()) {
            mail.get().run();
            mail = mailbox.tryTake(TaskMailbox.MIN_PRIORITY);
        }
    }

    long counter(String name) {
        return metrics.count(name);
    }

    long backlog() {
        return gauge("backlog");
    }

    long gauge(String name) {
        return metrics.value(name);
    }

    List<DeadLetter> deadLetters() {
        return flink.extractOutputValues();
    }

    int timers() {
        return flink.numProcessingTimeTimers();
    }

    /** As when the task fails or is cancelled: nothing more is written. */
    void kill() throws Exception {
        flink.getOperator().getContainingTask().cancel();
        flink.close();
    }

    /** As at an orderly end. */
    void end() throws Exception {
        flink.close();
    }

    @Override
    public void close() {
        try {
            end();
        } catch (Exception e) {
            throw new IllegalStateException("cannot end a row sink in order", e);
        }
    }
}
