package dev.tally.source;

import dev.tally.change.ItemChange;
import dev.tally.source.client.TableClient;
import dev.tally.source.reader.Alarm;
import dev.tally.source.reader.DynamoDbReader;
import dev.tally.source.split.TableSplit;
import dev.tally.view.TableSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.runtime.metrics.groups.InternalSourceReaderMetricGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.flink.util.clock.Clock;

/**
 * A reader with what Flink puts around it: output, events to the coordinator, alarms, all waiting
 * until the test takes or rings them.
 */
public final class SimulatedReader implements AutoCloseable {

    private final int subtask;
    private final int parallelism;
    private final Clock clock;
    private final RecordedMetrics metrics = new RecordedMetrics();
    private final ArrayDeque<Object> output = new ArrayDeque<>();
    private final Output outputView = new Output();
    private final PriorityQueue<Ring> rings = new PriorityQueue<>();
    private final Consumer<SourceEvent> coordinator;
    private final DynamoDbReader reader;
    private long polls;

    /**
     * @param coordinator takes what the reader sends
     */
    public SimulatedReader(
            int subtask,
            int parallelism,
            TableSpec table,
            TableClient client,
            SourceOptions options,
            Clock clock,
            Random random,
            Consumer<SourceEvent> coordinator) {
        this.subtask = subtask;
        this.parallelism = parallelism;
        this.clock = clock;
        this.coordinator = coordinator;
        this.reader =
                new DynamoDbReader(
                        new Context(), table, client, options, clock, new Rings(), random);
    }

    public DynamoDbReader reader() {
        return reader;
    }

    public RecordedMetrics metrics() {
        return metrics;
    }

    /** What it has emitted and nobody has taken: {@link ItemChange}s and {@link Watermark}s. */
    public ArrayDeque<Object> output() {
        return output;
    }

    /** How often it was asked for more: does it spin? */
    public long polls() {
        return polls;
    }

    /** Does what the task thread would do next; false if it would sleep. */
    public boolean step() {
        ring();
        if (!reader.isAvailable().isDone()) {
            return false;
        }
        polls++;
        return reader.pollNext(outputView) != InputStatus.END_OF_INPUT;
    }

    /** Steps until it would sleep. */
    public void run() {
        while (step()) {
            // the step is the loop
        }
    }

    private void ring() {
        while (!rings.isEmpty() && rings.peek().time <= clock.relativeTimeMillis()) {
            rings.poll().call.run();
        }
    }

    /** When the next alarm rings; far away without one. */
    public long nextRing() {
        return rings.isEmpty() ? Long.MAX_VALUE : rings.peek().time;
    }

    public List<TableSplit> snapshot(long checkpoint) {
        return new ArrayList<>(reader.snapshotState(checkpoint));
    }

    @Override
    public void close() {
        reader.close();
    }

    private static final class Ring implements Comparable<Ring> {
        private final long time;
        private final Runnable call;

        Ring(long time, Runnable call) {
            this.time = time;
            this.call = call;
        }

        @Override
        public int compareTo(Ring other) {
            return Long.compare(time, other.time);
        }
    }

    private final class Rings implements Alarm {
        @Override
        public void ring(long afterMillis, Runnable call) {
            rings.add(new Ring(clock.relativeTimeMillis() + afterMillis, call));
        }

        @Override
        public void close() {
            rings.clear();
        }
    }

    private final class Output implements ReaderOutput<ItemChange> {
        @Override
        public void collect(ItemChange change) {
            output.add(change);
        }

        @Override
        public void collect(ItemChange change, long timestamp) {
            output.add(change);
        }

        @Override
        public void emitWatermark(Watermark watermark) {
            output.add(watermark);
        }

        @Override
        public void markIdle() {
            throw new AssertionError("no idleness");
        }

        @Override
        public void markActive() {
            throw new AssertionError("no idleness");
        }

        @Override
        public SourceOutput<ItemChange> createOutputForSplit(String splitId) {
            return this;
        }

        @Override
        public void releaseOutputForSplit(String splitId) {
            // outputs of splits are not used
        }
    }

    private final class Context implements SourceReaderContext {
        @Override
        public SourceReaderMetricGroup metricGroup() {
            return InternalSourceReaderMetricGroup.mock(metrics);
        }

        @Override
        public Configuration getConfiguration() {
            return new Configuration();
        }

        @Override
        public String getLocalHostName() {
            return "localhost";
        }

        @Override
        public int getIndexOfSubtask() {
            return subtask;
        }

        @Override
        public void sendSplitRequest() {
            throw new AssertionError("readers do not ask for splits");
        }

        @Override
        public void sendSourceEventToCoordinator(SourceEvent event) {
            coordinator.accept(event);
        }

        @Override
        public UserCodeClassLoader getUserCodeClassLoader() {
            return SimpleUserCodeClassLoader.create(getClass().getClassLoader());
        }

        @Override
        public int currentParallelism() {
            return parallelism;
        }
    }
}
