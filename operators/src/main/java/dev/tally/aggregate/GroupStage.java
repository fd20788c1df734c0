package dev.tally.aggregate;

import dev.tally.change.DeadLetter;
import dev.tally.codec.CodecType;
import dev.tally.view.Contribution;
import dev.tally.view.GroupKey;
import dev.tally.view.OwnMetric;
import dev.tally.view.Row;
import dev.tally.view.TargetRows;
import dev.tally.view.ViewSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
 *   <li>{@link StageProgress} decides the {@link Phase} of each view from the stamps of its
 *       contributions and from watermarks, each of which says that a generation is ready.
 *   <li>In RECONCILE, {@link TargetComparing} compares what the targets hold with the groups.
 *   <li>{@link #prepareSnapshotPreBarrier} writes all groups back and, of views from RELEASE on,
 *       emits the rows that are due, stamped with the checkpoint that will contain them.
 *   <li>A watermark is forwarded when every row of the generation is out: of all views but those
 *       that only a later generation builds.
 *   <li>Groups of eager views that were touched give a row in between too, an interval apart.
 *   <li>When no write of an earlier submission can be under way any more, it looks at them again.
 * </ol>
 *
 * <p>All on the task thread. Checkpointed: groups and values ({@link KeyedGroupStore}), marks of
 * progress, and the views as they were. At a restore the groups of a view that is gone or counts
 * otherwise now are removed; a failure before the next checkpoint does it again.
 */
public final class GroupStage extends AbstractStreamOperator<Row>
        implements OneInputStreamOperator<Contribution, Row>, Outlet {

    /** Side output: rows with a result that DynamoDB's numbers cannot hold. */
    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", CodecType.of(DeadLetter.class));

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(GroupStage.class);

    private final String table;
    private final List<ViewSpec> views;
    private final long submission;
    private final TargetRows targets;
    private final TreeMap<String, Long> retired;
    private final long lateUntil;
    private final StageOptions options;

    private transient Map<String, ViewRules> rules;
    private transient StageProgress progress;
    private transient GroupBook book;
    private transient StageMarks marks;
    private transient StageCounters counters;
    private transient MailboxExecutor mailbox;
    private transient TargetComparing comparing;
    private transient Watermark through;

    /** Of the last contribution, and of its view: most views have a run of them. */
    private transient GroupKey last;

    private transient ViewProgress lastProgress;

    /** Whether a timer is set that lets eager rows out. */
    private transient boolean eagerSet;

    /** When eager rows may go out again. */
    private transient long eagerFrom;

    /** Newest barrier that this submission has seen, or the restored one; 0 if there is none. */
    private transient long barrier;

    /** Eager rows since that barrier. */
    private transient long eagerCounter;

    /** The most groups whose changed rows a barrier has kept back since any view was held. */
    private transient volatile long heldGroups;

    /**
     * @param table logical name of the source table
     * @param targets reads what the target tables hold; null: there is nothing to reconcile
     * @param retired per view the newest submission of which no write is under way any more; none
     *     where that is not known
     * @param lateUntil milliseconds since 1970 from which on no write of any earlier submission can
     *     arrive; 0: none can anyway
     */
    public GroupStage(
            String table,
            List<ViewSpec> views,
            long submission,
            TargetRows targets,
            Map<String, Long> retired,
            long lateUntil,
            StageOptions options) {
        this.table = table;
        this.views = List.copyOf(views);
        this.submission = submission;
        this.targets = targets;
        this.retired = new TreeMap<>(retired);
        this.lateUntil = lateUntil;
        this.options = options;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        rules = new LinkedHashMap<>();
        for (ViewSpec view : views) {
            rules.put(view.name(), new ViewRules(view, retired.getOrDefault(view.name(), 0L)));
        }
        KeyedStateBackend<GroupKey> backend = getKeyedStateBackend();
        boolean rocks = backend instanceof RocksDBKeyedStateBackend;
        KeyedGroupStore store = new KeyedGroupStore(backend, rocks);
        book = new GroupBook(store, rules, submission, options, this);
        KeyGroupRange range = keyGroups();
        progress =
                new StageProgress(
                        submission,
                        range.getStartKeyGroup(),
                        range.getEndKeyGroup(),
                        rules.keySet());
        marks = new StageMarks(context.getOperatorStateStore());
        define();
        if (context.isRestored()) {
            progress.restore(marks.progress(), marks.added());
            barrier = context.getRestoredCheckpointId().orElse(0);
            forget(store, marks.forgotten());
        }
    }

    private void define() throws Exception {
        try {
            marks.define(rules.values());
        } catch (IllegalStateException e) {
            throw new SuppressRestartsException(e);
        }
    }

    private void forget(KeyedGroupStore store, Set<String> gone) {
        if (!gone.isEmpty()) {
            long groups = store.forget(gone);
            LOG.info("table={} forgot {} groups of views {} as they were", table, groups, gone);
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
        StageCounters.gauge(getMetricGroup(), "groupsTouched", book::touched);
        OwnMetric.GROUPS_HELD.gauge(getMetricGroup(), table, () -> heldGroups);
        mailbox =
                getContainingTask()
                        .getMailboxExecutorFactory()
                        .createExecutor(getOperatorConfig().getChainIndex());
        comparing =
                new TargetComparing(
                        table,
                        submission,
                        rules,
                        progress,
                        book,
                        counters,
                        new TargetReading(targets, mailbox),
                        maxParallelism());
        comparing.compare(progress.in(Phase.RECONCILE));
        if (lateUntil > 0) {
            getProcessingTimeService().registerTimer(lateUntil, time -> lookAgain());
        }
    }

    @Override
    public void processElement(StreamRecord<Contribution> element) throws Exception {
        Contribution contribution = element.getValue();
        counters.contributions.inc();
        if (last == null || !contribution.group().isOfViewOf(last)) {
            last = contribution.group();
            lastProgress = progress.of(last.view());
        }
        if (lastProgress != null && progress.stamp(lastProgress, contribution.generation())) {
            holdAgain(last.view(), contribution.generation());
        }
        if (contribution.retract() == null && contribution.add() == null) {
            counters.touches.inc();
        }
        if (!book.take(contribution)) {
            counters.touchesIgnored.inc();
        }
        setEagerTimer();
    }

    private void holdAgain(String view, long generation) throws Exception {
        LOG.info(
                "table={} view={} holding rows until generation {} is ready",
                table,
                view,
                generation);
        book.stopRelease(view);
        comparing.drop(view);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (mark.equals(Watermark.MAX_WATERMARK)) {
            counters.maxWatermarksIgnored.inc();
            return;
        }
        Set<String> ready = progress.watermark(mark.getTimestamp());
        if (!ready.isEmpty()) {
            LOG.info("table={} generation {} is ready for {}", table, mark.getTimestamp(), ready);
            comparing.compare(ready);
        } else if (progress.phase() == Phase.HOLD) {
            counters.watermarksNotReady.inc();
        }
        emitEager();
        through = mark;
        forwardMark();
    }

    /** Behind it every row of the generation has come by: not before all are released. */
    private void forwardMark() throws Exception {
        if (through != null && progress.isThrough(through.getTimestamp())) {
            super.processWatermark(through);
            through = null;
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
        super.prepareSnapshotPreBarrier(checkpoint);
        barrier = checkpoint;
        eagerCounter = 0;
        progress.barrier(checkpoint);
        long kept = book.commit(checkpoint);
        counters.rowsHeld.inc(kept);
        Set<String> releasing = progress.in(Phase.RELEASE);
        boolean holding = releasing.isEmpty() && !progress.phase().letsRowsOut();
        heldGroups = holding ? Math.max(heldGroups, kept) : kept;
        if (!releasing.isEmpty()) {
            for (String view : book.release(checkpoint, options.releaseRows(), releasing)) {
                progress.of(view).released();
                LOG.info("table={} view={} all rows released", table, view);
            }
            lookAgain();
        }
        forwardMark();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        marks.write(progress, getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        progress.completed(checkpoint);
    }

    private void lookAgain() throws Exception {
        if (lateUntil > 0 && getProcessingTimeService().getCurrentProcessingTime() >= lateUntil) {
            comparing.lookAgain();
        }
    }

    /**
     * A group that was touched after a quiet time gives its row at once, but for a moment in which
     * others that the same records touch come too; then there are none for the interval.
     */
    private void setEagerTimer() {
        if (eagerSet || !book.anyEagerDue()) {
            return;
        }
        eagerSet = true;
        long now = getProcessingTimeService().getCurrentProcessingTime();
        getProcessingTimeService()
                .registerTimer(
                        Math.max(now + options.companyMillis(), eagerFrom),
                        time -> {
                            emitEager();
                            eagerFrom = time + options.eagerMillis();
                            eagerSet = false;
                            setEagerTimer();
                        });
    }

    private void emitEager() {
        if (book.emitEager(barrier, eagerCounter + 1)) {
            eagerCounter++;
        }
    }

    Phase phase() {
        return progress.phase();
    }

    Phase phase(String view) {
        return progress.of(view).phase();
    }

    StageCounters counters() {
        return counters;
    }

    @Override
    public boolean letsOut(String view) {
        return progress.of(view).phase().letsRowsOut();
    }

    @Override
    public boolean letsEagerOut(String view) {
        return progress.of(view).letsEagerRowsOut();
    }

    @Override
    public boolean renews(String view) {
        return progress.renews(rules.get(view));
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
        if (comparing != null) {
            comparing.stop();
        }
        if (book != null) {
            book.close();
        }
        if (targets != null) {
            targets.close();
        }
        super.close();
    }
}
