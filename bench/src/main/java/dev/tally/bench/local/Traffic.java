package dev.tally.bench.local;

import dev.tally.source.simulated.Workload;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Operations of a workload at a steady rate, one after the other on a thread of its own; what a
 * slow table delays is made up for. After an error it writes no more.
 */
final class Traffic implements AutoCloseable {

    private static final long TICK_MILLIS = 2;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Workload workload;
    private final Consumer<Workload.Operation> table;
    private final int perSecond;
    private long started;
    private volatile long written;
    private volatile boolean ended;
    private volatile RuntimeException failure;

    Traffic(Workload workload, Consumer<Workload.Operation> table, int perSecond) {
        this.workload = workload;
        this.table = table;
        this.perSecond = perSecond;
    }

    void start() {
        started = System.nanoTime();
        thread.scheduleWithFixedDelay(this::write, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void write() {
        try {
            while (!ended && written < (System.nanoTime() - started) / 1e9 * perSecond) {
                table.accept(workload.next());
                written++;
            }
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    /** Operations so far. */
    long written() {
        return written;
    }

    /** Returns when the last write is answered. */
    @Override
    public void close() {
        ended = true;
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a write has not been answered for 10 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw failure;
        }
    }
}
