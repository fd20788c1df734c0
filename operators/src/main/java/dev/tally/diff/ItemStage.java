package dev.tally.diff;

import dev.tally.change.DeadLetter;
import dev.tally.change.ItemChange;
import dev.tally.change.ItemDiff;
import dev.tally.codec.CodecSerializer;
import dev.tally.codec.CodecType;
import dev.tally.item.ItemKey;
import dev.tally.view.Contribution;
import dev.tally.view.Membership;
import dev.tally.view.Membership.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Keeps what each item of a table is, and tells groups and feeds what became of it: the first of
 * the two keyed stages, between the source and the aggregate stage, keyed by {@link
 * ItemChange#key}. One for all views and feeds of the table.
 *
 * <ol>
 *   <li>A change is put to the {@link Reconciler}; its diff, if any, goes to {@link #DIFFS} at
 *       once. The item waits in a bundle on the heap, with its state before the bundle.
 *   <li>The bundle is flushed before a barrier, before a watermark is forwarded, when it is full,
 *       at the end of input and, if a view is eager, an interval after its first change. Per item
 *       one write of state; per item and view what {@link ViewEffects} makes of before and after.
 *   <li>{@code Watermark(g)} says that generation g is ready: items that it has not touched are
 *       swept, tombstones forgotten, and then the watermark is forwarded. A generation opens in
 *       band, by the first change that is stamped with it.
 * </ol>
 *
 * <p>All on the task thread. Checkpointed: per item an {@link ItemState}; per subtask a {@link
 * StageMark} in union list state. The bundle is empty whenever a checkpoint is taken. At {@code
 * Long.MAX_VALUE} a watermark is Flink's end of input, never a generation: it is counted and goes
 * no further, so that a drain sweeps nothing.
 */
public final class ItemStage extends AbstractStreamOperator<Contribution>
        implements OneInputStreamOperator<ItemChange, Contribution> {

    private static final long serialVersionUID = 1L;

    public static final OutputTag<ItemDiff> DIFFS =
            new OutputTag<>("diffs", CodecType.of(ItemDiff.class));

    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", CodecType.of(DeadLetter.class));

    private final ItemStageSpec spec;

    private transient KeptAttributes kept;
    private transient Reconciler reconciler;
    private transient ViewEffects effects;
    private transient ItemStageCounters counters;

    /** What each item was after the last write-back; no entry for an item that is not there. */
    private transient ValueState<ItemState> items;

    private transient ListState<StageMark> marks;

    /** The newest generation that is complete for all items of this subtask. */
    private transient long ready;

    /** The newest generation that a change was stamped with, since the task started. */
    private transient long open;

    /** Changed items, in the order of their first change, and what they weigh. */
    private transient Map<ItemKey, DirtyItem> bundle;

    private transient long bundleBytes;
    private transient boolean timerSet;

    public ItemStage(ItemStageSpec spec) {
        this.spec = spec;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        marks =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>(
                                        "mark", new CodecSerializer<>(StageMark.class)));
        ready = StageMark.ready(marks.get());
        open = ready;
        kept = spec.kept();
        for (StageMark mark : marks.get()) {
            String missing = mark.missingFor(mark());
            if (missing != null) {
                throw new SuppressRestartsException(
                        new IllegalStateException(
                                "cannot restore the items of table "
                                        + spec.table()
                                        + ": "
                                        + missing
                                        + ". Start without the savepoint, so that the table is read"
                                        + " again."));
            }
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        items = getRuntimeContext().getState(itemsDescriptor());
        counters = new ItemStageCounters(getMetricGroup());
        reconciler = new Reconciler(spec.table(), kept, spec.diffs());
        effects = new ViewEffects(spec, new Emitter());
        bundle = new LinkedHashMap<>();
    }

    private static ValueStateDescriptor<ItemState> itemsDescriptor() {
        return new ValueStateDescriptor<>("item", new CodecSerializer<>(ItemState.class));
    }

    @Override
    public void processElement(StreamRecord<ItemChange> element) throws Exception {
        ItemChange change = element.getValue();
        open = Math.max(open, change.generation());
        DirtyItem dirty = bundle.get(change.key());
        boolean first = dirty == null;
        ItemState state = first ? load(items.value()) : dirty.now();

        Outcome outcome = reconciler.apply(state, change, ready, open);
        counters.count(outcome.verdict());
        if (outcome.diff() != null) {
            output.collect(DIFFS, new StreamRecord<>(outcome.diff()));
        }
        if (outcome.state() == state && !outcome.verdict().accepted()) {
            return;
        }
        if (first) {
            dirty = new DirtyItem(state);
            bundle.put(change.key(), dirty);
        } else {
            bundleBytes -= dirty.weight();
            if (outcome.verdict().accepted()) {
                effects.passing(dirty);
            }
        }
        dirty.to(outcome.state(), change, reconciler.eventId(change));
        bundleBytes += dirty.weight();
        if (bundle.size() >= spec.bundleItems() || bundleBytes >= spec.bundleBytes()) {
            flush();
        } else {
            setTimer();
        }
    }

    /** State may come from a release or a views file that kept more. */
    private ItemState load(ItemState stored) {
        return stored == null ? null : stored.withImage(kept.cut(stored.image()));
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        long generation = mark.getTimestamp();
        if (generation == Long.MAX_VALUE) {
            counters.countIgnoredMaxWatermark();
            return;
        }
        flush();
        if (generation > ready) {
            sweep(generation);
            ready = generation;
            open = Math.max(open, ready);
        }
        super.processWatermark(mark);
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
        marks.add(mark());
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }

    private StageMark mark() {
        Set<String> names = new TreeSet<>();
        for (Membership view : spec.views()) {
            names.add(view.view().name());
        }
        return new StageMark(ready, names, kept);
    }

    /** Writes the bundle back and sends what it comes to. */
    private void flush() throws Exception {
        if (bundle.isEmpty()) {
            return;
        }
        for (Map.Entry<ItemKey, DirtyItem> entry : bundle.entrySet()) {
            setCurrentKey(entry.getKey());
            DirtyItem item = entry.getValue();
            if (item.now() == null) {
                items.clear();
            } else {
                items.update(item.now());
            }
            effects.emit(entry.getKey(), item);
        }
        bundle.clear();
        bundleBytes = 0;
        counters.countFlush();
    }

    /** The bundle is empty: all that is known of the items is in state. */
    private void sweep(long generation) throws Exception {
        KeyedStateBackend<ItemKey> backend = getKeyedStateBackend();
        backend.applyToAllKeys(
                VoidNamespace.INSTANCE,
                VoidNamespaceSerializer.INSTANCE,
                itemsDescriptor(),
                (key, state) -> {
                    ItemState stored = load(state.value());
                    Verdict verdict = reconciler.atReady(stored, generation);
                    counters.count(verdict);
                    if (verdict != Verdict.KEPT) {
                        state.clear();
                        DirtyItem gone = new DirtyItem(stored);
                        gone.swept(generation);
                        effects.emit(key, gone);
                    }
                });
    }

    /** One timer at most, set by the first change of a bundle; without eager views none. */
    private void setTimer() {
        if (timerSet || !spec.anyEager()) {
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
