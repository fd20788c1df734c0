package dev.tally.sink.async;

import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connector's writer that stops the job when nothing is ever accepted, says when nothing is any
 * more, and buffers by bytes.
 *
 * <p>The connector retries for ever and counts its buffer in records, of up to 1 MiB each. Here it
 * is emptied before it could hold more than the bound. All runs on the task's thread; nothing is
 * checkpointed beyond the connector's own buffer.
 *
 * @param <T> what flows
 * @param <E> what the connector takes
 * @param <S> the connector's state
 */
final class WatchedWriter<T, E, S> implements StatefulSinkWriter<T, S> {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedWriter.class);

    private static final long BUFFER_BYTES_MAX = 32L << 20;

    private final StatefulSinkWriter<E, S> writer;
    private final Conversion<T, E> conversion;
    private final Acceptance acceptance;
    private final ProcessingTimeService clock;
    private final Refusals refusals;

    /** Bytes given to the writer since its buffer was known to be empty. */
    private long buffered;

    private boolean watching;

    WatchedWriter(
            StatefulSinkWriter<E, S> writer,
            Conversion<T, E> conversion,
            Acceptance acceptance,
            ProcessingTimeService clock,
            Refusals refusals) {
        this.writer = writer;
        this.conversion = conversion;
        this.acceptance = acceptance;
        this.clock = clock;
        this.refusals = refusals;
    }

    @Override
    public void write(T element, Context context) throws IOException, InterruptedException {
        E entry = conversion.apply(element);
        if (entry == null) {
            return;
        }
        watch();
        long size = conversion.size(entry);
        if (buffered > 0 && buffered + size > BUFFER_BYTES_MAX) {
            writer.flush(true);
            buffered = 0;
        }
        buffered += size;
        writer.write(entry, context);
    }

    /** From the first entry on. */
    void watch() {
        if (!watching) {
            watching = true;
            next();
        }
    }

    private void next() {
        long end = clock.getCurrentProcessingTime() + refusals.limit().toMillis();
        clock.registerTimer(end, now -> check());
    }

    private void check() {
        switch (acceptance.verdict()) {
            case NEVER:
                throw refusals.never();
            case STALLED:
                LOG.warn(refusals.stalled());
                break;
            default:
        }
        next();
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        writer.flush(endOfInput);
        if (endOfInput) {
            buffered = 0;
        }
    }

    @Override
    public List<S> snapshotState(long checkpoint) throws IOException {
        return writer.snapshotState(checkpoint);
    }

    @Override
    public void close() throws IOException {
        try {
            writer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot close the connector for " + refusals.destination(), e);
        }
    }
}
