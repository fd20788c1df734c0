package dev.tally.bench.run;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Emits changes as fast as they are taken: the same for all contestants that are Flink jobs. Each
 * subtask emits those of its own items in their order, as shards would have them; there is nothing
 * to split, and nothing to go back to. It does not end, as streams of tables do not.
 *
 * @param <T> what the contestant takes
 */
public final class ChangesSource<T> implements Source<T, ChangesSource.NoSplit, Void> {

    private static final long serialVersionUID = 1L;

    private final Feed<T> feed;

    public ChangesSource(Feed<T> feed) {
        this.feed = feed;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<T, NoSplit> createReader(SourceReaderContext context) {
        return new Reader<>(feed.of(context.getIndexOfSubtask(), context.currentParallelism()));
    }

    @Override
    public SplitEnumerator<NoSplit, Void> createEnumerator(
            SplitEnumeratorContext<NoSplit> context) {
        return new Nothing();
    }

    @Override
    public SplitEnumerator<NoSplit, Void> restoreEnumerator(
            SplitEnumeratorContext<NoSplit> context, Void nothing) {
        return new Nothing();
    }

    @Override
    public SimpleVersionedSerializer<NoSplit> getSplitSerializer() {
        return new NoBytes<>();
    }

    @Override
    public SimpleVersionedSerializer<Void> getEnumeratorCheckpointSerializer() {
        return new NoBytes<>();
    }

    /** There are none. */
    public interface NoSplit extends SourceSplit {}

    private static final class Reader<T> implements SourceReader<T, NoSplit> {

        private final Feed.Part<T> part;
        private boolean exhausted;

        /** Null until the first change. */
        private Pauses pauses;

        Reader(Feed.Part<T> part) {
            this.part = part;
        }

        @Override
        public void start() {}

        @Override
        public InputStatus pollNext(ReaderOutput<T> output) {
            if (pauses == null) {
                pauses = new Pauses();
                FlinkJob.started();
                output.emitWatermark(new Watermark(FlinkJob.READY));
            }
            T next = part.next();
            if (next == null) {
                exhausted = true;
                pauses.end();
                FlinkJob.ended();
                return InputStatus.NOTHING_AVAILABLE;
            }
            output.collect(next);
            pauses.record();
            return InputStatus.MORE_AVAILABLE;
        }

        @Override
        public List<NoSplit> snapshotState(long checkpoint) {
            if (pauses != null) {
                pauses.barrier();
            }
            return List.of();
        }

        @Override
        public void notifyCheckpointComplete(long checkpoint) {
            if (pauses != null) {
                pauses.complete();
            }
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            return exhausted ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
        }

        @Override
        public void addSplits(List<NoSplit> splits) {}

        @Override
        public void notifyNoMoreSplits() {}

        @Override
        public void close() {}
    }

    private static final class Nothing implements SplitEnumerator<NoSplit, Void> {

        @Override
        public void start() {}

        @Override
        public void handleSplitRequest(int subtask, String host) {}

        @Override
        public void addSplitsBack(List<NoSplit> splits, int subtask) {}

        @Override
        public void addReader(int subtask) {}

        @Override
        public Void snapshotState(long checkpoint) {
            return null;
        }

        @Override
        public void close() {}
    }

    private static final class NoBytes<T> implements SimpleVersionedSerializer<T> {

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(T nothing) {
            return new byte[0];
        }

        @Override
        public T deserialize(int version, byte[] bytes) {
            return null;
        }
    }
}
