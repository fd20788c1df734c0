package dev.tally.source;

import dev.tally.source.split.TableSplit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.runtime.metrics.groups.InternalSplitEnumeratorMetricGroup;

/**
 * What Flink's coordinator is to an enumerator, in one thread: work waits until the test runs it.
 *
 * <p>It keeps the rules of 1.20: events and splits only to registered readers, assignments are
 * remembered until a checkpoint that holds them is restored.
 */
public final class SimulatedEnumeratorContext implements SplitEnumeratorContext<TableSplit> {

    /** Takes what is sent to readers. */
    public interface Wire {
        void splits(int subtask, List<TableSplit> splits);

        void event(int subtask, SourceEvent event);
    }

    private final int parallelism;
    private final Wire wire;
    private final RecordedMetrics metrics = new RecordedMetrics();
    private final Map<Integer, ReaderInfo> registered = new TreeMap<>();
    private final ArrayDeque<Runnable> work = new ArrayDeque<>();
    private final List<Runnable> periodic = new ArrayList<>();

    /** Assignments that a restore of an older checkpoint gives back, by the first that has them. */
    private final TreeMap<Long, Map<Integer, List<TableSplit>>> byCheckpoint = new TreeMap<>();

    private Map<Integer, List<TableSplit>> sinceCheckpoint = new TreeMap<>();

    public SimulatedEnumeratorContext(int parallelism, Wire wire) {
        this.parallelism = parallelism;
        this.wire = wire;
    }

    public RecordedMetrics metrics() {
        return metrics;
    }

    /** Runs the oldest waiting work; false if there is none. */
    public boolean runNext() {
        Runnable next = work.poll();
        if (next == null) {
            return false;
        }
        next.run();
        return true;
    }

    public void runAll() {
        while (runNext()) {
            // the work is the loop
        }
    }

    /** Lets the periodic work happen once. */
    public void tick() {
        work.addAll(periodic);
    }

    public void register(int subtask) {
        registered.put(subtask, new ReaderInfo(subtask, "localhost"));
    }

    public void unregister(int subtask) {
        registered.remove(subtask);
    }

    public void checkpointBegins(long checkpoint) {
        byCheckpoint.put(checkpoint, sinceCheckpoint);
        sinceCheckpoint = new TreeMap<>();
    }

    public void checkpointCompleted(long checkpoint) {
        byCheckpoint.headMap(checkpoint, true).clear();
    }

    /** What a subtask that starts again from a checkpoint does not have. */
    public List<TableSplit> takeBack(int subtask, long restored) {
        List<TableSplit> back = new ArrayList<>();
        for (Map<Integer, List<TableSplit>> assigned :
                byCheckpoint.tailMap(restored, false).values()) {
            take(assigned, subtask, back);
        }
        take(sinceCheckpoint, subtask, back);
        return back;
    }

    private static void take(
            Map<Integer, List<TableSplit>> assigned, int subtask, List<TableSplit> back) {
        List<TableSplit> splits = assigned.remove(subtask);
        if (splits != null) {
            back.addAll(splits);
        }
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
        return new InternalSplitEnumeratorMetricGroup(metrics);
    }

    @Override
    public void sendEventToSourceReader(int subtask, SourceEvent event) {
        requireRegistered(subtask);
        wire.event(subtask, event);
    }

    @Override
    public int currentParallelism() {
        return parallelism;
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
        return new TreeMap<>(registered);
    }

    @Override
    public void assignSplits(SplitsAssignment<TableSplit> assignment) {
        assignment
                .assignment()
                .forEach(
                        (subtask, splits) -> {
                            requireRegistered(subtask);
                            sinceCheckpoint
                                    .computeIfAbsent(subtask, s -> new ArrayList<>())
                                    .addAll(splits);
                            wire.splits(subtask, splits);
                        });
    }

    private void requireRegistered(int subtask) {
        if (!registered.containsKey(subtask)) {
            throw new IllegalStateException("subtask " + subtask + " is not registered");
        }
    }

    @Override
    public void signalNoMoreSplits(int subtask) {
        throw new AssertionError("a reader was told that there are no more splits");
    }

    @Override
    public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
        work.add(() -> call(callable, handler));
    }

    @Override
    public <T> void callAsync(
            Callable<T> callable, BiConsumer<T, Throwable> handler, long delay, long period) {
        periodic.add(() -> call(callable, handler));
    }

    private static <T> void call(Callable<T> callable, BiConsumer<T, Throwable> handler) {
        T result;
        try {
            result = callable.call();
        } catch (Exception e) {
            handler.accept(null, e);
            return;
        }
        handler.accept(result, null);
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
        work.add(runnable);
    }
}
