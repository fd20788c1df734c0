package dev.tally.bench.wire;

import dev.tally.bench.run.FlinkJob;
import dev.tally.change.ItemChange;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Behind the source: starts the clock at the first record, and stops it behind the last. It says
 * ready before the first record, and not when the source does, seconds after the last: rows are
 * held until then, and making them counts.
 */
final class Gate extends AbstractStreamOperator<ItemChange>
        implements OneInputStreamOperator<ItemChange, ItemChange> {

    private static final long serialVersionUID = 1L;

    /** Of all subtasks, which are in one JVM. */
    private static final AtomicInteger PASSED = new AtomicInteger();

    private final int records;
    private boolean open;

    Gate(int records) {
        this.records = records;
        chainingStrategy = ChainingStrategy.ALWAYS;
        PASSED.set(0);
    }

    @Override
    public void processElement(StreamRecord<ItemChange> element) {
        if (!open) {
            open = true;
            FlinkJob.started();
            output.emitWatermark(new Watermark(element.getValue().generation()));
        }
        output.collect(element);
        if (PASSED.incrementAndGet() == records) {
            int subtasks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
            for (int i = 0; i < subtasks; i++) {
                FlinkJob.ended();
            }
        }
    }

    @Override
    public void processWatermark(Watermark mark) {
        // Said already.
    }
}
