package dev.tally.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.io.disk.iomanager.IOManager;
import org.apache.flink.runtime.io.disk.iomanager.IOManagerAsync;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/**
 * A subtask of a keyed stage: the real operator, and in front of it what a task has: one channel
 * per subtask before it, watermarks combined over them, barriers aligned.
 */
final class StageTask<K, I, O> {

    static final int MAX_PARALLELISM = 16;

    private static final IOManager DISKS = new IOManagerAsync();

    /** Where its output goes, in order. */
    interface Outlet<O> {
        void value(O value);

        void watermark(long generation);

        /**
         * Between what was emitted before the barrier and what comes after it.
         *
         * @param state of the operator at the barrier
         */
        void barrier(Checkpoint checkpoint, OperatorSubtaskState state) throws Exception;
    }

    private final KeyedOneInputStreamOperatorTestHarness<K, I, O> harness;
    private final AbstractStreamOperator<O> operator;
    private final Outlet<O> outlet;
    private final List<ArrayDeque<Object>> channels = new ArrayList<>();
    private final long[] marks;
    private final boolean[] blocked;
    private long mark;
    private Checkpoint aligning;

    /**
     * @param restored of all former subtasks; null for a fresh start
     */
    <P extends AbstractStreamOperator<O> & OneInputStreamOperator<I, O>> StageTask(
            P operator,
            KeySelector<I, K> key,
            TypeInformation<K> keyType,
            TypeSerializer<O> output,
            int parallelism,
            int index,
            List<OperatorSubtaskState> restored,
            long restoredId,
            long now,
            Outlet<O> outlet)
            throws Exception {
        this.operator = operator;
        this.outlet = outlet;
        this.marks = new long[parallelism];
        this.blocked = new boolean[parallelism];
        for (int i = 0; i < parallelism; i++) {
            channels.add(new ArrayDeque<>());
        }
        harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        operator, key, keyType, environment(parallelism, index));
        harness.setStateBackend(new HashMapStateBackend());
        harness.setup(output);
        harness.getProcessingTimeService().setCurrentTime(now);
        if (restored != null) {
            OperatorSubtaskState whole =
                    AbstractStreamOperatorTestHarness.repackageState(
                            restored.toArray(new OperatorSubtaskState[0]));
            harness.setRestoredCheckpointId(restoredId);
            harness.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            whole, MAX_PARALLELISM, restored.size(), parallelism, index));
        }
        harness.open();
        forward();
    }

    /**
     * With disks that all share: making and closing some for each takes longer than its work. With
     * our own loader, which is another where a bug is planted.
     */
    private static MockEnvironment environment(int parallelism, int index) {
        return new MockEnvironmentBuilder()
                .setTaskName("stage")
                .setIOManager(DISKS)
                .setManagedMemorySize(1 << 20)
                .setMaxParallelism(MAX_PARALLELISM)
                .setParallelism(parallelism)
                .setSubtaskIndex(index)
                .setUserCodeClassLoader(StageTask.class.getClassLoader())
                .build();
    }

    ArrayDeque<Object> channel(int from) {
        return channels.get(from);
    }

    boolean isIdle() {
        return channels.stream().allMatch(ArrayDeque::isEmpty);
    }

    KeyedStateBackend<K> state() {
        return operator.getKeyedStateBackend();
    }

    /** Takes the next element of a channel; false if there is none, or it waits at a barrier. */
    boolean consume(int from) throws Exception {
        if (blocked[from] || channels.get(from).isEmpty()) {
            return false;
        }
        Object element = channels.get(from).poll();
        if (element instanceof Checkpoint) {
            barrier(from, (Checkpoint) element);
        } else if (element instanceof Long) {
            watermark(from, (Long) element);
        } else {
            harness.processElement(new StreamRecord<>(input(element)));
        }
        forward();
        return true;
    }

    @SuppressWarnings("unchecked")
    private I input(Object element) {
        return (I) element;
    }

    private void watermark(int from, long generation) throws Exception {
        marks[from] = Math.max(marks[from], generation);
        long least = Arrays.stream(marks).min().getAsLong();
        if (least > mark) {
            mark = least;
            harness.processWatermark(new Watermark(least));
        }
    }

    private void barrier(int from, Checkpoint checkpoint) throws Exception {
        if (aligning != null && checkpoint.id() < aligning.id()) {
            return;
        }
        if (aligning != null && checkpoint.id() > aligning.id()) {
            Arrays.fill(blocked, false);
        }
        aligning = checkpoint;
        blocked[from] = true;
        for (boolean arrived : blocked) {
            if (!arrived) {
                return;
            }
        }
        harness.prepareSnapshotPreBarrier(checkpoint.id());
        forward();
        outlet.barrier(checkpoint, harness.snapshot(checkpoint.id(), checkpoint.id()));
        Arrays.fill(blocked, false);
        aligning = null;
    }

    void completed(long checkpoint) throws Exception {
        harness.notifyOfCompletedCheckpoint(checkpoint);
        forward();
    }

    /** Time goes on: timers fire, mails are read. */
    void time(long now) throws Exception {
        harness.setProcessingTime(now);
        mails();
    }

    void mails() throws Exception {
        TaskMailbox mailbox = harness.getTaskMailbox();
        Optional<Mail> mail = mailbox.tryTake(TaskMailbox.MIN_PRIORITY);
        while (mail.isPresent()) {
            mail.get().run();
            mail = mailbox.tryTake(TaskMailbox.MIN_PRIORITY);
        }
        forward();
    }

    @SuppressWarnings("unchecked")
    private void forward() {
        Queue<Object> output = harness.getOutput();
        for (Object element = output.poll(); element != null; element = output.poll()) {
            if (element instanceof Watermark) {
                outlet.watermark(((Watermark) element).getTimestamp());
            } else {
                outlet.value(((StreamRecord<O>) element).getValue());
            }
        }
    }

    void close() throws Exception {
        harness.close();
    }
}
