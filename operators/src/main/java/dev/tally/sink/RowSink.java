package dev.tally.sink;

import dev.tally.change.DeadLetter;
import dev.tally.codec.CodecType;
import dev.tally.item.KeySchema;
import dev.tally.view.Row;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.function.ThrowingRunnable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * Writes the rows of one view to its DynamoDB table; keyed by group. What comes out is the rows
 * that the target refuses.
 *
 * <p>Life of a row: it comes in before the barrier of its checkpoint and is kept in keyed state;
 * when that checkpoint has completed it may be written; when it is written it leaves the state. An
 * eager row may be written at once. The {@link WriteQueue} decides which row goes when, {@link
 * TargetTable} what is sent and what the answer means; this class carries between them, Flink and
 * the client.
 *
 * <p>Threads: everything happens on the task thread. Calls are asynchronous; their answers wait in
 * a queue for the task thread, which is told by a mail. Nothing here blocks, but for an orderly
 * end: the last checkpoint's rows are written before the task ends, within a limit. A job that
 * fails or is cancelled writes nothing more; the restored state has those rows.
 *
 * <p>State, keyed: {@link Pending} rows, and {@link Removal}s of tombstones, each with a timer.
 */
public final class RowSink extends AbstractStreamOperator<DeadLetter>
        implements OneInputStreamOperator<Row, DeadLetter> {

    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(RowSink.class);
    private static final long POLL_MILLIS = 100;
    private static final long WARN_MILLIS = 60_000;

    private final ViewSpec view;
    private final KeySchema key;
    private final long submission;
    private final TargetSettings settings;
    private final WriteLimits limits;
    private final StatusTable status;

    private transient ValueState<Pending> pending;
    private transient long restoredFrom;
    private transient TargetTable target;
    private transient DynamoDbAsyncClient client;
    private transient WriteQueue queue;
    private transient Removals removals;
    private transient StatusReports reports;
    private transient RowSinkMetrics counted;
    private transient MailboxExecutor mailbox;
    private transient LinkedBlockingQueue<Answer> answers;
    private transient long wakeAt;
    private transient long warnAt;

    /** Ready since the last barrier; 0 for none. */
    private transient long generation;

    private transient boolean cancels;
    private transient boolean ending;

    /**
     * @param key of the target table
     * @param submission this start of the job, newer than all before it
     * @param status where progress is told; null: nowhere
     */
    public RowSink(
            ViewSpec view,
            KeySchema key,
            long submission,
            TargetSettings settings,
            WriteLimits limits,
            StatusTable status) {
        this.view = view;
        this.key = key;
        this.submission = submission;
        this.settings = settings;
        this.limits = limits;
        this.status = status;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        restoredFrom = context.getRestoredCheckpointId().orElse(0);
        pending =
                context.getKeyedStateStore()
                        .getState(
                                new ValueStateDescriptor<>(
                                        PendingStore.STATE, CodecType.of(Pending.class)));
    }

    @Override
    public void open() throws Exception {
        super.open();
        int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        int subtasks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        Random random = new Random(31 * submission + subtask);
        TokenBucket rate = new TokenBucket(view.to().writeCapacity() / subtasks, now());
        target = new TargetTable(view, key, submission);
        client =
                settings.forTable(view.to().table())
                        .open(limits.attempt(), limits.inFlight() + Removals.IN_FLIGHT_MAX);
        queue =
                new WriteQueue(
                        new PendingStore(getKeyedStateBackend(), pending),
                        submission,
                        limits.inFlight(),
                        limits.heapBytes(),
                        rate,
                        restoredFrom,
                        random);
        counted = new RowSinkMetrics(getMetricGroup(), view.name(), queue);
        removals = new Removals(this, target, client, rate, counted, random, this::mail);
        mailbox =
                getContainingTask()
                        .getMailboxExecutorFactory()
                        .createExecutor(getOperatorConfig().getChainIndex());
        cancels = view.to().emptyGroup() == Target.EmptyGroup.DELETE;
        answers = new LinkedBlockingQueue<>();
        reports = new StatusReports(status, view, submission, subtask, subtasks, this::onStatus);
        wakeAt = Long.MAX_VALUE;
        counted.outdated.inc(queue.restore());
        pump();
    }

    @Override
    public void processElement(StreamRecord<Row> element) throws Exception {
        Row row = element.getValue();
        if (cancels) {
            removals.cancel();
        }
        queue.offer(row);
        if (row.eager()) {
            pump();
        }
    }

    /** Every row of the generation comes by before the next barrier, or has done so. */
    @Override
    public void processWatermark(Watermark watermark) throws Exception {
        if (watermark.getTimestamp() == Long.MAX_VALUE) {
            counted.ignoredWatermarks.inc();
            return;
        }
        generation = watermark.getTimestamp();
        super.processWatermark(watermark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
        super.prepareSnapshotPreBarrier(checkpoint);
        if (generation > 0) {
            reports.ready(generation, checkpoint);
            generation = 0;
        }
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        queue.completed(checkpoint);
        pump();
        reports.offer(queue.completed(), queue.written(), queue.backlog());
    }

    /** Sends what may be sent now, and arranges to be called when more may. */
    private void pump() {
        long now = now();
        for (Row row = queue.next(now); row != null; row = queue.next(now)) {
            send(row, now);
        }
        long next = queue.wakeAt(now);
        if (!ending && next < wakeAt) {
            wakeAt = next;
            getProcessingTimeService().registerTimer(next, this::onWake);
        }
    }

    private void onWake(long timestamp) {
        wakeAt = Long.MAX_VALUE;
        pump();
    }

    private void send(Row row, long now) {
        client.updateItem(target.put(row))
                .whenComplete((answer, error) -> arrived(new Answer(row, now, error)));
    }

    /** Called on a thread of the client. */
    private void arrived(Answer answer) {
        answers.add(answer);
        mail(this::settleAll);
    }

    /** Has it done on the task thread; from any thread. */
    private void mail(ThrowingRunnable<Exception> action) {
        try {
            mailbox.execute(action, "row sink of view " + view.name());
        } catch (RejectedExecutionException e) {
            LOG.debug("view={}: the task ends, so its own thread looks for answers", view.name());
        }
    }

    private void settleAll() throws Exception {
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            settle(answer);
        }
        pump();
        reports.offer(queue.completed(), queue.written(), queue.backlog());
    }

    private void settle(Answer answer) throws Exception {
        Row row = answer.row;
        Outcome outcome = target.outcome(row, answer.error);
        long now = now();
        switch (outcome.kind()) {
            case WRITTEN:
            case DUPLICATE:
                (outcome.kind() == Outcome.Kind.WRITTEN ? counted.written : counted.duplicates)
                        .inc();
                counted.landed(row, answer.sent, now);
                queue.settled(row);
                if (target.tombstone(row)) {
                    removals.add(row, now + limits.tombstone().toMillis());
                }
                return;
            case LATE:
                counted.late.inc();
                queue.settled(row);
                return;
            case THROTTLED:
            case UNKNOWN:
                boolean throttled = outcome.kind() == Outcome.Kind.THROTTLED;
                (throttled ? counted.throttled : counted.unknown).inc();
                counted.retries.inc();
                queue.repeat(row, throttled, now);
                warn(outcome, now);
                return;
            case REFUSED:
                refuse(row, outcome.reason());
                queue.settled(row);
                return;
            case SUPERSEDED:
                counted.superseded.inc();
                throw new SuppressRestartsException(new TargetException(outcome.reason()));
            case FOREIGN:
                throw new SuppressRestartsException(new TargetException(outcome.reason()));
            default:
                throw new TargetException(outcome.reason());
        }
    }

    /** Not for each row: a target in trouble refuses thousands. */
    private void warn(Outcome outcome, long now) {
        if (now >= warnAt) {
            warnAt = now + WARN_MILLIS;
            LOG.warn(
                    "view={} table={}: rows of {} groups wait, the target answers {}",
                    view.name(),
                    view.to().table(),
                    queue.backlog(),
                    outcome);
        }
    }

    private void refuse(Row row, String reason) {
        counted.deadLetters.inc();
        if (ending) {
            LOG.error("view={}: the target refuses the {}", view.name(), row);
        } else {
            output.collect(new StreamRecord<>(target.refused(row, reason)));
        }
    }

    /** Called on a thread of the client. */
    private void onStatus(boolean newest) {
        if (newest) {
            return;
        }
        mail(
                () -> {
                    counted.superseded.inc();
                    throw new SuppressRestartsException(
                            new TargetException(
                                    "cannot report the status of view "
                                            + view.name()
                                            + ": a newer submission has taken over from this one, "
                                            + submission
                                            + ". This job stops; leave the newer one running."));
                });
    }

    @Override
    public void close() throws Exception {
        try {
            boolean opened = reports != null;
            if (opened && !getContainingTask().isCanceled() && !getContainingTask().isFailing()) {
                drain();
            }
        } finally {
            if (reports != null) {
                reports.close();
            }
            if (client != null) {
                client.close();
            }
            super.close();
        }
    }

    /**
     * The job ends in order, after its last checkpoint has completed: readers of the target expect
     * that checkpoint's rows there. No mails and timers run any more.
     */
    private void drain() throws Exception {
        ending = true;
        long deadline = System.nanoTime() + limits.drain().toNanos();
        pump();
        while (!queue.drained() && !getContainingTask().isCanceled()) {
            if (System.nanoTime() > deadline) {
                throw new SuppressRestartsException(
                        new TargetException(
                                "cannot write the last rows to "
                                        + target
                                        + ": "
                                        + queue.backlog()
                                        + " are left after "
                                        + limits.drain().toSeconds()
                                        + " s. The savepoint is good: restore from it, and the"
                                        + " rows are compared and written."));
            }
            Answer answer = answers.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (answer != null) {
                settle(answer);
            }
            pump();
        }
        reports.offer(queue.completed(), queue.written(), queue.backlog());
        reports.last();
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    /** What came back for a row, or the error instead. */
    private static final class Answer {
        private final Row row;
        private final long sent;
        private final Throwable error;

        private Answer(Row row, long sent, Throwable error) {
            this.row = row;
            this.sent = sent;
            this.error = error;
        }
    }
}
