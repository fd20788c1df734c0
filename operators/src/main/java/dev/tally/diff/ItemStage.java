package dev.tally.diff;

import dev.tally.change.DeadLetter;
import dev.tally.change.ItemChange;
import dev.tally.change.ItemDiff;
import dev.tally.codec.CodecSerializer;
import dev.tally.codec.CodecType;
import dev.tally.item.ItemKey;
import dev.tally.view.Contribution;
import dev.tally.view.Membership.Problem;
import dev.tally.view.Repairs;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.contrib.streaming.state.RocksDBKeyedStateBackend;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what each item of a table is, and tells groups and feeds what became of it: the first of
 * the two keyed stages, between the source and the aggregate stage, keyed by {@link
 * ItemChange#key}. One for all views and feeds of the table.
 *
 * <ol>
 *   <li>A change is put to the {@link Reconciler}; its diff, if any, goes to {@link #DIFFS} at
 *       once. The item waits in a bundle on the heap, with its state before the bundle.
 *   <li>The bundle is flushed before a barrier, before a watermark is forwarded, at the end of
 *       input and, if a view is eager, an interval after its first change; when it is full, the
 *       items changed longest ago. Per item one write of state; per item and view what {@link
 *       ViewEffects} makes of before and after.
 *   <li>{@code Watermark(g)} says that generation g is ready: items that it has not touched are
 *       swept and tombstones forgotten, in slices with changes between them, and then the watermark
 *       is forwarded. A generation opens in band, by the first change that is stamped with it.
 * </ol>
 *
 * <p>All on the task thread. Checkpointed: per item an {@link ItemState}; per subtask a {@link
 * StageMark} in union list state. The bundle is empty whenever a checkpoint is taken; a sweep that
 * a failure interrupts starts over when the source says ready again. At {@code Long.MAX_VALUE} a
 * watermark is Flink's end of input, never a generation: it is counted and goes no further, so that
 * a drain sweeps nothing.
 */
public final class ItemStage extends AbstractStreamOperator<Contribution>
        implements OneInputStreamOperator<ItemChange, Contribution> {

    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(ItemStage.class);

    /** Name of the keyed state: a contract with savepoints, as "mark" is. */
    private static final String ITEMS = "item";

    public static final OutputTag<ItemDiff> DIFFS =
            new OutputTag<>("diffs", CodecType.of(ItemDiff.class));

    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", CodecType.of(DeadLetter.class));

    /** Items swept at once, and milliseconds until the next of them: input flows between. */
    static final int SLICE_ITEMS = 2_000;

    static final long SLICE_PAUSE = 5;

    /** Of a full bundle one part in so many is written back. */
    private static final int SHARE = 8;

    private final ItemStageSpec spec;
    private final Repairs repairs;
    private final int tables;

    private transient Generations generations;
    private transient Coverage coverage;
    private transient Reconciler reconciler;
    private transient ViewEffects effects;
    private transient ItemStageCounters counters;

    /** What each item was after the last write-back; no entry for an item that is not there. */
    private transient ValueState<ItemState> items;

    private transient ListState<StageMark> marks;

    /** Null when none is under way. */
    private transient Sweep sweep;

    /** The changed ones in it are the bundle. */
    private transient ItemCache cache;

    private transient boolean timerSet;

    /** What was last told to repairs. */
    private transient long toldSwept;

    private transient long toldDrift;

    /**
     * @param repairs told of what had to be put right; null: nobody is
     * @param tables how many the job has; their stages share the memory of a slot
     */
    public ItemStage(ItemStageSpec spec, Repairs repairs, int tables) {
        this.spec = spec;
        this.repairs = repairs;
        this.tables = tables;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        marks =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>(
                                        "mark", new CodecSerializer<>(StageMark.class)));
        generations = new Generations();
        generations.restore(marks.get());
        try {
            coverage = Coverage.restored(marks.get(), spec);
        } catch (IllegalStateException e) {
            throw new SuppressRestartsException(e);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        refuseCliff();
        items =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        ITEMS, new CodecSerializer<>(ItemState.class)));
        counters = new ItemStageCounters(getMetricGroup(), spec.table());
        getMetricGroup().gauge("bundleItems", () -> cache.changedItems());
        getMetricGroup().gauge("readyGeneration", () -> generations.swept());
        reconciler = new Reconciler(spec.table(), coverage.images(), spec.diffs());
        effects = new ViewEffects(spec, coverage, new Emitter());
        cache = new ItemCache(spec.bundleBytes());
    }

    private void refuseCliff() {
        if (!(getKeyedStateBackend() instanceof RocksDBKeyedStateBackend)) {
            return;
        }
        WriteBuffers buffers = WriteBuffers.of(getContainingTask().getEnvironment());
        if (buffers != null && buffers.tooSmallFor(tables)) {
            throw new SuppressRestartsException(
                    new IllegalStateException(
                            "cannot keep table "
                                    + spec.table()
                                    + ": "
                                    + buffers.complaint(tables)
                                    + "."));
        }
        if (buffers != null && buffers.tightFor(tables)) {
            LOG.warn("table={} may be slow: {}", spec.table(), buffers.complaint(tables));
        }
    }

    @Override
    public void processElement(StreamRecord<ItemChange> element) throws Exception {
        ItemChange change = element.getValue();
        generations.heard(change);
        ItemCache.Entry item = cache.get(change.key());
        if (item == null) {
            item = cache.add(change.key(), stored());
        }
        ItemState state = item.now();

        Outcome outcome = reconciler.apply(state, change, generations.ready(), generations.open());
        counters.count(outcome.verdict());
        if (change.problem() != null && outcome.verdict() != Verdict.DUPLICATE) {
            unreadable(change);
        }
        if (outcome.diff() != null) {
            output.collect(DIFFS, new StreamRecord<>(outcome.diff()));
        }
        if (outcome.state() == state && !outcome.verdict().accepted()) {
            return;
        }
        boolean first = item.dirty() == null;
        DirtyItem dirty = cache.change(item);
        if (!first && outcome.verdict().accepted()) {
            effects.passing(dirty);
        }
        dirty.to(outcome.state(), change);
        cache.changed(item);
        while (cache.changedItems() >= bundleItems()
                || cache.changedBytes() >= spec.bundleBytes()) {
            flush(Math.max(1, cache.changedItems() / SHARE));
        }
        setTimer();
    }

    private int bundleItems() {
        int most = spec.bundleItems();
        return cache.small() ? Math.max(1, most / ItemCache.SMALL_SHARE) : most;
    }

    private void unreadable(ItemChange change) {
        counters.countUnreadable();
        DeadLetter letter =
                new DeadLetter(
                        EventIds.of(spec.table(), change),
                        "table " + spec.table(),
                        change.problem(),
                        change.key().toItem(spec.key()),
                        change.scanned() ? null : change.version().toString(),
                        change.time(),
                        change.after());
        output.collect(DEAD_LETTERS, new StreamRecord<>(letter));
    }

    /** Of the current key. State may come from a release or a views file that kept more. */
    private ItemState stored() throws Exception {
        ItemState stored = items.value();
        return stored == null
                ? null
                : stored.withImage(coverage.images().now().cut(stored.image()));
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        long generation = mark.getTimestamp();
        if (generation == Long.MAX_VALUE) {
            counters.countIgnoredMaxWatermark();
            return;
        }
        flush();
        if (generation <= generations.swept()) {
            super.processWatermark(mark);
            return;
        }
        generations.ready(generation);
        if (sweep == null) {
            startSweep();
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        flush();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        marks.clear();
        marks.add(coverage.mark(generations));
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        long swept = counters.swept();
        long drift = counters.drift();
        if (repairs != null && (swept != toldSwept || drift != toldDrift)) {
            repairs.report(getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(), swept, drift);
            toldSwept = swept;
            toldDrift = drift;
        }
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (sweep != null) {
            sweep.close();
        }
        if (repairs != null) {
            repairs.close();
        }
        super.close();
    }

    private void flush() throws Exception {
        flush(cache.changedItems());
    }

    /** Writes those back that were changed longest ago, and sends what they come to. */
    private void flush(int count) throws Exception {
        if (count == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            ItemCache.Entry item = cache.oldestChanged();
            DirtyItem dirty = item.dirty();
            setCurrentKey(item.key());
            if (dirty.now() == null) {
                items.clear();
            } else {
                items.update(dirty.now());
            }
            effects.emit(item.key(), dirty);
            cache.writtenBack(item);
        }
        counters.countFlush();
    }

    private void startSweep() throws Exception {
        KeyedStateBackend<ItemKey> backend = getKeyedStateBackend();
        sweep = new Sweep(generations.ready(), backend.getKeys(ITEMS, VoidNamespace.INSTANCE));
        sweepSlice();
    }

    /** All that is known of the items is in state when the bundle was flushed. */
    private void sweepSlice() throws Exception {
        flush();
        if (sweep.slice(SLICE_ITEMS, this::settle)) {
            long now = getProcessingTimeService().getCurrentProcessingTime();
            getProcessingTimeService().registerTimer(now + SLICE_PAUSE, time -> sweepSlice());
            return;
        }
        sweep.close();
        generations.swept(sweep.generation());
        sweep = null;
        super.processWatermark(new Watermark(generations.swept()));
        if (generations.ready() > generations.swept()) {
            startSweep();
        }
    }

    private void settle(ItemKey key) throws Exception {
        setCurrentKey(key);
        ItemState stored = stored();
        if (stored == null) {
            return;
        }
        Verdict verdict = reconciler.atReady(stored, sweep.generation());
        counters.count(verdict);
        if (verdict != Verdict.KEPT) {
            cache.forget(key);
            items.clear();
            DirtyItem gone = new DirtyItem(stored);
            gone.swept(sweep.generation(), generations.base());
            effects.emit(key, gone);
        }
    }

    /** One timer at most, set by the first change of a bundle; without eager views none. */
    private void setTimer() {
        if (timerSet || cache.changedItems() == 0 || !spec.anyEager()) {
            return;
        }
        long now = getProcessingTimeService().getCurrentProcessingTime();
        getProcessingTimeService()
                .registerTimer(
                        now + spec.eagerInterval().toMillis(),
                        time -> {
                            timerSet = false;
                            flush();
                        });
        timerSet = true;
    }

    /** Sends what the views make of an item, and counts what they cannot use. */
    private final class Emitter implements ViewEffects.Output {

        @Override
        public void contribution(Contribution contribution) {
            output.collect(new StreamRecord<>(contribution));
        }

        @Override
        public void problem(Problem problem) {
            counters.count(problem);
        }

        @Override
        public void deadLetter(DeadLetter letter) {
            output.collect(DEAD_LETTERS, new StreamRecord<>(letter));
        }
    }
}
