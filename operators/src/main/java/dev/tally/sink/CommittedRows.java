package dev.tally.sink;

import dev.tally.codec.CodecType;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Holds the rows that go to a stream until the checkpoint that contains them has completed. Eager
 * rows pass at once.
 *
 * <ol>
 *   <li>A committed row comes in before the barrier of its checkpoint and is kept, only the newest
 *       of its group and checkpoint.
 *   <li>The barrier passes: all kept rows are part of the checkpoint.
 *   <li>{@link #notifyCheckpointComplete}: rows of that checkpoint and older ones go out. The next
 *       checkpoint finds them at the sink.
 * </ol>
 *
 * <p>Rows of a restored checkpoint go out again when the task starts, since nobody knows whether
 * they did before. Those of an earlier submission are dropped instead: the aggregate stage emits
 * all groups anew once it has caught up, and readers are to see no past values.
 *
 * <p>All runs on the task's thread. Kept on the heap: the groups that changed within the
 * checkpoints that are under way.
 */
public final class CommittedRows extends AbstractStreamOperator<Row>
        implements OneInputStreamOperator<Row, Row> {

    private static final long serialVersionUID = 1L;

    private final long submission;

    /** Rows that wait, by checkpoint and group. */
    private transient NavigableMap<Long, Map<GroupKey, Row>> waiting;

    private transient ListState<Row> rowsState;

    /** Submission of the rows in state; of several subtasks' entries, any is right. */
    private transient ListState<Long> submissionState;

    private transient Counter outdated;

    public CommittedRows(long submission) {
        this.submission = submission;
        setChainingStrategy(ChainingStrategy.ALWAYS);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        waiting = new TreeMap<>();
        outdated = getMetricGroup().counter("rowsOfOlderSubmission");
        rowsState =
                context.getOperatorStateStore()
                        .getListState(new ListStateDescriptor<>("rows", CodecType.of(Row.class)));
        submissionState =
                context.getOperatorStateStore()
                        .getUnionListState(new ListStateDescriptor<>("submission", Types.LONG));
        if (context.isRestored()) {
            restore();
        }
    }

    private void restore() throws Exception {
        boolean ours = false;
        for (Long number : submissionState.get()) {
            ours = number == submission;
        }
        for (Row row : rowsState.get()) {
            if (ours) {
                keep(row);
            } else {
                outdated.inc();
            }
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        if (!waiting.isEmpty()) {
            // Not here: the operators behind this one may not be open yet.
            long restored = waiting.lastKey();
            getProcessingTimeService()
                    .registerTimer(
                            getProcessingTimeService().getCurrentProcessingTime(),
                            now -> release(restored));
        }
    }

    @Override
    public void processElement(StreamRecord<Row> element) {
        Row row = element.getValue();
        if (row.eager()) {
            output.collect(element);
        } else {
            keep(row);
        }
    }

    private void keep(Row row) {
        waiting.computeIfAbsent(row.checkpoint(), id -> new LinkedHashMap<>())
                .put(row.group(), row);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        List<Row> rows = new ArrayList<>();
        for (Map<GroupKey, Row> ofCheckpoint : waiting.values()) {
            rows.addAll(ofCheckpoint.values());
        }
        rowsState.update(rows);
        submissionState.update(List.of(submission));
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        release(checkpoint);
    }

    private void release(long checkpoint) {
        NavigableMap<Long, Map<GroupKey, Row>> complete = waiting.headMap(checkpoint, true);
        for (Map<GroupKey, Row> rows : complete.values()) {
            for (Row row : rows.values()) {
                output.collect(new StreamRecord<>(row));
            }
        }
        complete.clear();
    }

    /** Restored rows of an earlier submission, which were dropped. */
    long outdated() {
        return outdated.getCount();
    }
}
