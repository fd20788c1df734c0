package dev.tally.sink.async;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.AsyncSinkBase;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.MetricGroup;

/**
 * One of Apache's asynchronous sinks, at least once: what is not accepted when a checkpoint is
 * taken is part of it. The connector is made on the task, so that its region and credentials are
 * those of the machine that writes.
 *
 * @param <T> what flows
 * @param <E> what the connector takes
 * @param <R> what the connector buffers
 */
public abstract class WatchedSink<T, E, R extends Serializable>
        implements Sink<T>, SupportsWriterState<T, BufferedRequestState<R>> {

    private static final long serialVersionUID = 1L;

    /** How long nothing may be accepted at first, before the job is stopped. */
    public static final Duration FIRST_SUCCESS_LIMIT = Duration.ofSeconds(30);

    private final Duration limit;

    protected WatchedSink(Duration limit) {
        this.limit = limit;
    }

    /** What is written and where to, as the object of a sentence. */
    protected abstract String destination();

    protected abstract AsyncSinkBase<E, R> connector();

    protected abstract Conversion<T, E> conversion(MetricGroup metrics);

    @Override
    @SuppressWarnings("deprecation")
    public final SinkWriter<T> createWriter(Sink.InitContext context) {
        throw new UnsupportedOperationException("Flink 1.20 calls the other createWriter");
    }

    @Override
    public final SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
        return restoreWriter(context, List.of());
    }

    @Override
    public final StatefulSinkWriter<T, BufferedRequestState<R>> restoreWriter(
            WriterInitContext context, Collection<BufferedRequestState<R>> states)
            throws IOException {
        Acceptance acceptance = new Acceptance();
        boolean restored = context.getRestoredCheckpointId().isPresent();
        Refusals refusals = new Refusals(destination(), limit, restored, acceptance);
        WatchedContext seen = new WatchedContext(context, acceptance, refusals::fatal);
        WatchedWriter<T, E, BufferedRequestState<R>> watched =
                new WatchedWriter<>(
                        connector().restoreWriter(seen, states),
                        conversion(context.metricGroup()),
                        acceptance,
                        context.getProcessingTimeService(),
                        refusals);
        if (!states.isEmpty()) {
            watched.watch();
        }
        return watched;
    }

    @Override
    public final SimpleVersionedSerializer<BufferedRequestState<R>> getWriterStateSerializer() {
        return connector().getWriterStateSerializer();
    }
}
