package dev.tally.sink;

import dev.tally.view.ViewSpec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one subtask of a row sink tells the status table: the newest only, one report at a time.
 * Offered on the task thread; answers come on a thread of the client.
 */
final class StatusReports implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusReports.class);
    private static final long LAST_SECONDS = 5;

    private final StatusTable status;
    private final String view;
    private final long submission;
    private final int subtask;
    private final int subtasks;
    private final Consumer<Boolean> onAnswer;

    private long ready;
    private long readyNext;
    private long readyWith;
    private long checkpoint;
    private long written;
    private long pending;
    private boolean changed;
    private CompletableFuture<Void> underWay;

    /**
     * @param status null: nothing is told
     * @param onAnswer takes whether this submission is still the newest; on any thread
     */
    StatusReports(
            StatusTable status,
            ViewSpec view,
            long submission,
            int subtask,
            int subtasks,
            Consumer<Boolean> onAnswer) {
        this.status = status;
        this.view = view.name();
        this.submission = submission;
        this.subtask = subtask;
        this.subtasks = subtasks;
        this.onAnswer = onAnswer;
    }

    /** Every row of the generation belongs to this checkpoint, or an earlier one. */
    synchronized void ready(long generation, long lastCheckpoint) {
        readyNext = generation;
        readyWith = lastCheckpoint;
    }

    /**
     * A checkpoint has completed, or rows have been written since: reported once a checkpoint and
     * whenever all its rows are written.
     */
    synchronized void offer(long newCheckpoint, long newWritten, long newPending) {
        if (newCheckpoint == checkpoint && newWritten == written) {
            return;
        }
        checkpoint = newCheckpoint;
        written = newWritten;
        pending = newPending;
        changed = true;
        if (written >= readyWith) {
            ready = readyNext;
        }
        send();
    }

    private synchronized void send() {
        if (status == null || !changed || underWay != null) {
            return;
        }
        changed = false;
        underWay = new CompletableFuture<>();
        status.wrote(view, submission, subtask, subtasks, ready, written, pending)
                .whenComplete(
                        (newest, error) -> {
                            landed();
                            onAnswer.accept(error != null || newest);
                            send();
                        });
    }

    private synchronized void landed() {
        underWay.complete(null);
        underWay = null;
    }

    /**
     * Waits until the newest is told, and that this subtask has ended in order, or gives up: then
     * the next submission has more to write.
     */
    void last() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_SECONDS);
        for (CompletableFuture<Void> next = next(); next != null; next = next()) {
            try {
                next.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                LOG.warn("view={}: the last status report got no answer in time", view);
                return;
            }
        }
        if (status != null) {
            ended(deadline);
        }
    }

    private void ended(long deadline) throws InterruptedException {
        try {
            status.ended(view, submission, subtask)
                    .get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("view={}: the end of submission {} got no answer in time", view, submission);
        }
    }

    private synchronized CompletableFuture<Void> next() {
        send();
        return underWay;
    }

    @Override
    public void close() {
        if (status != null) {
            status.close();
        }
    }
}
