package dev.tally.source.apache;

import dev.tally.change.ItemChange;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Says that a generation is ready, behind a source that cannot: without a scan it is ready at once.
 *
 * <p>Each subtask emits Watermark(generation) when it starts and again after each restore, from a
 * timer, since nothing must leave an operator before all are open. No other watermark passes, and
 * none of a subtask without shards counts as idle: stages wait for the signal of all. Has no state.
 */
final class ReadySignal extends AbstractStreamOperator<ItemChange>
        implements OneInputStreamOperator<ItemChange, ItemChange> {

    private static final long serialVersionUID = 1L;

    private final long generation;
    private transient Counter swallowed;

    ReadySignal(long generation) {
        this.generation = generation;
        this.chainingStrategy = ChainingStrategy.ALWAYS;
    }

    @Override
    public void open() throws Exception {
        super.open();
        swallowed = getMetricGroup().counter("ignoredWatermarks");
        getProcessingTimeService()
                .registerTimer(
                        getProcessingTimeService().getCurrentProcessingTime(),
                        time -> output.emitWatermark(new Watermark(generation)));
    }

    long ignoredWatermarks() {
        return swallowed.getCount();
    }

    @Override
    public void processElement(StreamRecord<ItemChange> change) {
        change.eraseTimestamp();
        output.collect(change);
    }

    @Override
    public void processWatermark(Watermark watermark) {
        swallowed.inc();
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) {
        // A subtask without shards is idle to Apache, but its signal has to count.
    }
}
