package dev.tally.aggregate;

import dev.tally.change.DeadLetter;
import dev.tally.codec.CodecType;
import dev.tally.view.Contribution;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import dev.tally.view.TargetRow;
import dev.tally.view.TargetRows;
import dev.tally.view.ViewSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.contrib.streaming.state.RocksDBKeyedStateBackend;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The aggregate stage of one table: keeps what every group of its views amounts to, and lets rows
 * out. Keyed by {@link GroupKey}.
 *
 * <ol>
 *   <li>A contribution goes to its group in {@link GroupBook}; nothing is emitted.
 *   <li>{@link StageProgress} decides the {@link Phase} from the stamps of contributions and from
 *       watermarks, each of which says that a generation is ready.
 *   <li>In RECONCILE, {@link TargetReading} brings the rows that the targets hold, to be compared
 *       with their groups; only those of own key groups are used.
 *   <li>{@link #prepareSnapshotPreBarrier} writes all groups back and, from RELEASE on, emits the
 *       rows that are due, stamped with the checkpoint that will contain them.
 *   <li>Groups of eager views that were touched give a row in between too, at an interval.
 * </ol>
 *
 * <p>All on the task thread. Checkpointed: groups and values ({@link KeyedGroupStore}), marks of
 * progress. Eager rows start once a checkpoint taken after RECONCILE has completed: a failure
 * before would compare again, with eager rows possibly still on their way to the target.
 */
public final class GroupStage extends AbstractStreamOperator<Row>
        implements OneInputStreamOperator<Contribution, Row>, GroupBook.Outlet {

    /** Side output: rows with a result that DynamoDB's numbers cannot hold. */
    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", CodecType.of(DeadLetter.class));

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(GroupStage.class);

    private final String table;
    private final List<ViewSpec> views;
    private final long submission;
    private final TargetRows targets;
    private final StageOptions options;

    private transient Map<String, ViewRules> rules;
    private transient StageProgress progress;
    private transient GroupBook book;
    private transient StageMarks marks;
    private transient StageCounters counters;
    private transient MailboxExecutor mailbox;
    private transient TargetReading reading;
    private transient Watermark through;

    /** Newest barrier that this submission has seen, or the restored one; 0 if there is none. */
    private transient long barrier;

    /** Eager rows since that barrier. */
    private transient long eagerCounter;

    /** First barrier since RECONCILE ended; 0 if there was none yet. */
    private transient long releaseBarrier;

    private transient boolean releaseCompleted;

    /** Groups whose changed rows the last barrier kept back. */
    private transient long heldGroups;

    /**
     * @param table logical name of the source table
     * @param targets reads what the target tables hold; null: there is nothing to reconcile
     */
    public GroupStage(
            String table,
            List<ViewSpec> views,
            long submission,
            TargetRows targets,
            StageOptions options) {
        this.table = table;
        this.views = List.copyOf(views);
        this.submission = submission;
        this.targets = targets;
        this.options = options;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        rules = new LinkedHashMap<>();
        for (ViewSpec view : views) {
            rules.put(view.name(), new ViewRules(view));
        }
        KeyedStateBackend<GroupKey> backend = getKeyedStateBackend();
        boolean rocks = backend instanceof RocksDBKeyedStateBackend;
        book =
                new GroupBook(
                        new KeyedGroupStore(backend, rocks),
                        rules,
                        submission,
                        options.groupsMax(),
                        this);
        KeyGroupRange range = keyGroups();
        progress = new StageProgress(submission, range.getStartKeyGroup(), range.getEndKeyGroup());
        marks = new StageMarks(context.getOperatorStateStore());
        marks.define(rules.values());
        if (context.isRestored()) {
            progress.restore(marks.progress());
            barrier = context.getRestoredCheckpointId().orElse(0);
            releaseCompleted = progress.phase().letsRowsOut();
        }
    }

    private KeyGroupRange keyGroups() {
        return KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                maxParallelism(),
                getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks(),
                getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
    }

    private int maxParallelism() {
        return getRuntimeContext().getTaskInfo().getMaxNumberOfParallelSubtasks();
    }

    @Override
    public void open() throws Exception {
        super.open();
        counters = new StageCounters(getMetricGroup());
        StageCounters.gauge(getMetricGroup(), "phase", () -> progress.phase().ordinal());
        StageCounters.gauge(getMetricGroup(), "groupsCached", book::cached);
        StageCounters.gauge(getMetricGroup(), "backlog", book::backlog);
        StageCounters.gauge(getMetricGroup(), "groupsHeld", () -> heldGroups);
        mailbox =
                getContainingTask()
                        .getMailboxExecutorFactory()
                        .createExecutor(getOperatorConfig().getChainIndex());
        if (rules.values().stream().anyMatch(ViewRules::eager)) {
            nextEager();
        }
        if (progress.phase() == Phase.RECONCILE) {
            reconcile();
        }
    }

    @Override
    public void processElement(StreamRecord<Contribution> element) {
        Contribution contribution = element.getValue();
        counters.contributions.inc();
        if (progress.stamp(contribution.generation())) {
            holdAgain(contribution.generation());
        }
        if (contribution.retract() == null && contribution.add() == null) {
            counters.touches.inc();
        }
        if (!book.take(contribution, progress.phase().letsRowsOut())) {
            counters.touchesIgnored.inc();
        }
    }

    private void holdAgain(long generation) {
        LOG.info("table={} holding rows until generation {} is ready", table, generation);
        book.stopRelease();
        releaseBarrier = 0;
        releaseCompleted = false;
        if (reading != null) {
            reading.stop();
            reading = null;
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (mark.equals(Watermark.MAX_WATERMARK)) {
            counters.maxWatermarksIgnored.inc();
            return;
        }
        if (progress.watermark(mark.getTimestamp())) {
            LOG.info("table={} generation {} is ready", table, mark.getTimestamp());
            reconcile();
        } else if (progress.phase() == Phase.HOLD) {
            counters.watermarksNotReady.inc();
        }
        emitEager();
        through = mark;
        forwardMark();
    }

    /** Behind it every row of the generation has come by: not before all are released. */
    private void forwardMark() throws Exception {
        if (through != null && progress.phase() == Phase.LIVE) {
            super.processWatermark(through);
            through = null;
        }
    }

    private void reconcile() throws Exception {
        if (progress.allReconciled()) {
            reconciled();
            return;
        }
        reading =
                new TargetReading(
                        targets,
                        rules.values(),
                        mailbox,
                        new TargetReading.Reader() {
                            @Override
                            public void row(ViewRules view, TargetRow row) {
                                compare(view, row);
                            }

                            @Override
                            public void end() {
                                reconciled();
                            }
                        });
        reading.start();
    }

    private void compare(ViewRules view, TargetRow row) {
        int keyGroup = KeyGroupRangeAssignment.assignToKeyGroup(row.group(), maxParallelism());
        if (!progress.owns(keyGroup) || progress.isReconciled(keyGroup)) {
            return;
        }
        if (!row.guarded() && !view.adopts()) {
            throw new SuppressRestartsException(
                    new IllegalStateException(
                            "cannot write view "
                                    + view.spec().name()
                                    + " to table "
                                    + view.spec().to().table()
                                    + ": it holds rows with the view's attributes that Tally did"
                                    + " not write ("
                                    + row.group()
                                    + " is one). Set existing-rows: adopt to take them over, or"
                                    + " remove them."));
        }
        counters.compared(book.compare(view, row));
    }

    private void reconciled() {
        reading = null;
        progress.reconciled();
        LOG.info("table={} compared with its targets, releasing rows", table);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
        super.prepareSnapshotPreBarrier(checkpoint);
        barrier = checkpoint;
        eagerCounter = 0;
        if (!progress.phase().letsRowsOut()) {
            heldGroups = book.hold();
            counters.rowsHeld.inc(heldGroups);
            return;
        }
        heldGroups = 0;
        if (releaseBarrier == 0) {
            releaseBarrier = checkpoint;
        }
        book.commit(checkpoint);
        if (progress.phase() == Phase.RELEASE && book.release(checkpoint, options.releaseRows())) {
            progress.released();
            LOG.info("table={} all rows released", table);
            warnOfStrangeViews();
        }
        forwardMark();
    }

    private void warnOfStrangeViews() {
        if (!book.strangeViews().isEmpty()) {
            LOG.warn("table={} state has groups of removed views {}", table, book.strangeViews());
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        marks.write(progress, getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        releaseCompleted |= releaseBarrier > 0 && checkpoint >= releaseBarrier;
    }

    private void nextEager() {
        long at = getProcessingTimeService().getCurrentProcessingTime() + options.eagerMillis();
        getProcessingTimeService()
                .registerTimer(
                        at,
                        time -> {
                            emitEager();
                            nextEager();
                        });
    }

    private void emitEager() {
        if (releaseCompleted && progress.phase().letsRowsOut()) {
            eagerCounter++;
            book.emitEager(barrier, eagerCounter);
        }
    }

    Phase phase() {
        return progress.phase();
    }

    StageCounters counters() {
        return counters;
    }

    @Override
    public void row(Row row) {
        (row.eager() ? counters.eagerRows : counters.rows).inc();
        output.collect(new StreamRecord<>(row));
    }

    @Override
    public void overflow(Group group, Row row) {
        counters.overflows.inc();
        output.collect(DEAD_LETTERS, new StreamRecord<>(group.overflowLetter(row)));
    }

    @Override
    public void close() throws Exception {
        if (reading != null) {
            reading.stop();
        }
        if (book != null) {
            book.stopRelease();
        }
        if (targets != null) {
            targets.close();
        }
        super.close();
    }
}
