package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.codec.CodecSerializer;
import dev.tally.item.Value;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // closing a harness may throw anything
class CommittedRowsTest {

    private static final int MAX_PARALLELISM = 128;

    @Test
    void aRowGoesOutWhenItsCheckpointIsComplete() throws Exception {
        try (OneInputStreamOperatorTestHarness<Row, Row> rows = start(7, null)) {
            rows.processElement(row("a", 1, 0), 0);
            rows.snapshot(1, 0);
            rows.processElement(row("a", 2, 0), 0);
            assertThat(rows.extractOutputValues()).isEmpty();

            rows.notifyOfCompletedCheckpoint(1);
            assertThat(rows.extractOutputValues()).containsExactly(row("a", 1, 0));
            rows.snapshot(2, 0);
            rows.notifyOfCompletedCheckpoint(2);
            assertThat(rows.extractOutputValues()).containsExactly(row("a", 1, 0), row("a", 2, 0));
        }
    }

    @Test
    void aCompletedCheckpointCoversThoseThatWereAborted() throws Exception {
        try (OneInputStreamOperatorTestHarness<Row, Row> rows = start(7, null)) {
            rows.processElement(row("a", 1, 0), 0);
            rows.snapshot(1, 0);
            rows.processElement(row("b", 2, 0), 0);
            rows.snapshot(2, 0);
            rows.notifyOfCompletedCheckpoint(2);
            assertThat(rows.extractOutputValues()).containsExactly(row("a", 1, 0), row("b", 2, 0));
            rows.notifyOfCompletedCheckpoint(3);
            assertThat(rows.extractOutputValues()).as("each once").hasSize(2);
        }
    }

    @Test
    void anEagerRowGoesOutAtOnce() throws Exception {
        try (OneInputStreamOperatorTestHarness<Row, Row> rows = start(7, null)) {
            rows.processElement(row("a", 1, 3), 0);
            assertThat(rows.extractOutputValues()).containsExactly(row("a", 1, 3));
        }
    }

    @Test
    void ofOneGroupAndCheckpointOnlyTheNewestRowGoesOut() throws Exception {
        try (OneInputStreamOperatorTestHarness<Row, Row> rows = start(7, null)) {
            GroupKey group = GroupKey.of("task-count", List.of(Value.text("a")));
            Value[] one = {Value.number(1)};
            Value[] two = {Value.number(2)};
            rows.processElement(new Row(group, one, false, 1, 0, 0), 0);
            rows.processElement(new Row(group, two, false, 1, 0, 0), 0);
            rows.snapshot(1, 0);
            rows.notifyOfCompletedCheckpoint(1);
            assertThat(rows.extractOutputValues())
                    .containsExactly(new Row(group, two, false, 1, 0, 0));
        }
    }

    /** Whether they went out before the failure, nobody knows. */
    @Test
    void rowsOfTheRestoredCheckpointGoOutAgain() throws Exception {
        OperatorSubtaskState state = stateWithRowOfCheckpoint1(7);
        try (OneInputStreamOperatorTestHarness<Row, Row> rows = start(7, state)) {
            rows.setProcessingTime(1);
            assertThat(rows.extractOutputValues()).containsExactly(row("a", 1, 0));
        }
    }

    @Test
    void rowsOfAnEarlierSubmissionAreDroppedAndCounted() throws Exception {
        OperatorSubtaskState state = stateWithRowOfCheckpoint1(7);
        CommittedRows operator = new CommittedRows(8);
        try (OneInputStreamOperatorTestHarness<Row, Row> rows = start(operator, 0, 1, state)) {
            rows.setProcessingTime(1);
            rows.notifyOfCompletedCheckpoint(5);
            assertThat(rows.extractOutputValues()).isEmpty();
            assertThat(operator.outdated()).isEqualTo(1);
        }
    }

    @Test
    void rowsSurviveAnotherParallelism() throws Exception {
        OperatorSubtaskState state;
        try (OneInputStreamOperatorTestHarness<Row, Row> rows = start(7, null)) {
            rows.processElement(row("a", 1, 0), 0);
            rows.processElement(row("b", 1, 0), 0);
            rows.processElement(row("c", 1, 0), 0);
            state = rows.snapshot(1, 0);
        }
        int restored = 0;
        for (int subtask = 0; subtask < 2; subtask++) {
            OperatorSubtaskState part =
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            state, MAX_PARALLELISM, 1, 2, subtask);
            try (OneInputStreamOperatorTestHarness<Row, Row> rows =
                    start(new CommittedRows(7), subtask, 2, part)) {
                rows.setProcessingTime(1);
                restored += rows.extractOutputValues().size();
            }
        }
        assertThat(restored).isEqualTo(3);
    }

    private static OperatorSubtaskState stateWithRowOfCheckpoint1(long submission)
            throws Exception {
        try (OneInputStreamOperatorTestHarness<Row, Row> rows = start(submission, null)) {
            rows.processElement(row("a", 1, 0), 0);
            return rows.snapshot(1, 0);
        }
    }

    private static OneInputStreamOperatorTestHarness<Row, Row> start(
            long submission, OperatorSubtaskState state) throws Exception {
        return start(new CommittedRows(submission), 0, 1, state);
    }

    private static OneInputStreamOperatorTestHarness<Row, Row> start(
            CommittedRows operator, int subtask, int parallelism, OperatorSubtaskState state)
            throws Exception {
        OneInputStreamOperatorTestHarness<Row, Row> harness =
                new OneInputStreamOperatorTestHarness<>(
                        operator, MAX_PARALLELISM, parallelism, subtask);
        harness.setup(new CodecSerializer<>(Row.class));
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private static Row row(String list, long checkpoint, long counter) {
        Value[] measures = {Value.number(1)};
        GroupKey group = GroupKey.of("task-count", List.of(Value.text(list)));
        return new Row(group, measures, false, checkpoint, counter, 0);
    }
}
