package dev.tally.sink;

import static dev.tally.sink.SinkViews.eager;
import static dev.tally.sink.SinkViews.empty;
import static dev.tally.sink.SinkViews.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Value;
import dev.tally.view.Row;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.Target.ExistingRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** What a row sink on RocksDB keeps over failures, rescales and new submissions. */
class RowSinkStateITCase {

    private static final long SUBMISSION = 7;
    private static final Duration HOUR = Duration.ofHours(1);

    private final SinkTable table = new SinkTable();

    @Test
    void rowsOfTheRestoredCheckpointAreWritten() throws Exception {
        SinkHarness first = SinkHarness.start(sink(SUBMISSION));
        first.take(row("groceries", 3, 5));
        OperatorSubtaskState state = first.snapshot(5);
        first.kill();
        assertThat(table.count("groceries")).isEqualTo(-1);

        try (SinkHarness second = SinkHarness.restore(sink(SUBMISSION), 0, 1, 5, List.of(state))) {
            second.awaitIdle();
            assertThat(second.counter("rowsWritten")).isEqualTo(1);
        }
        assertThat(table.count("groceries")).isEqualTo(3);
    }

    @Test
    void rowsThatWereWrittenBeforeTheFailureAreFoundThere() throws Exception {
        SinkHarness first = SinkHarness.start(sink(SUBMISSION));
        first.take(row("groceries", 3, 5));
        OperatorSubtaskState state = first.snapshot(5);
        first.completed(5);
        first.awaitIdle();
        first.kill();

        try (SinkHarness second = SinkHarness.restore(sink(SUBMISSION), 0, 1, 5, List.of(state))) {
            second.awaitIdle();
            assertThat(second.counter("rowsDuplicate")).isEqualTo(1);
        }
    }

    @Test
    void writtenRowsLeaveTheState() throws Exception {
        OperatorSubtaskState state;
        try (SinkHarness first = SinkHarness.start(sink(SUBMISSION))) {
            first.checkpoint(5, row("groceries", 3, 5));
            first.awaitIdle();
            state = first.snapshot(6);
        }
        try (SinkHarness second = SinkHarness.restore(sink(SUBMISSION), 0, 1, 6, List.of(state))) {
            assertThat(second.backlog()).isZero();
            assertThat(second.gauge("writesInFlight")).isZero();
        }
    }

    @Test
    void rowsOfAnEarlierSubmissionAreDropped() throws Exception {
        SinkHarness first = SinkHarness.start(sink(SUBMISSION));
        first.take(row("groceries", 3, 5), row("garden", 4, 5));
        OperatorSubtaskState state = first.snapshot(5);
        first.kill();

        try (SinkHarness second =
                SinkHarness.restore(sink(SUBMISSION + 1), 0, 1, 5, List.of(state))) {
            assertThat(second.counter("rowsOfOlderSubmission")).isEqualTo(2);
            assertThat(second.backlog()).isZero();
        }
        assertThat(table.count("groceries")).isEqualTo(-1);
    }

    @Test
    void aRescaleLosesNoRowAndWritesNoneTwice() throws Exception {
        SinkHarness one = SinkHarness.start(sink(SUBMISSION));
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rows.add(row("list-" + i, i, 5));
        }
        one.take(rows.toArray(new Row[0]));
        OperatorSubtaskState state = one.snapshot(5);
        one.kill();

        SinkHarness left = SinkHarness.restore(sink(SUBMISSION), 0, 2, 5, List.of(state));
        SinkHarness right = SinkHarness.restore(sink(SUBMISSION), 1, 2, 5, List.of(state));
        assertThat(left.backlog() + right.backlog()).isEqualTo(40);
        assertThat(left.backlog()).isBetween(1L, 39L);
        List<OperatorSubtaskState> both = List.of(left.snapshot(6), right.snapshot(6));
        left.kill();
        right.kill();

        try (SinkHarness again = SinkHarness.restore(sink(SUBMISSION), 0, 1, 6, both)) {
            again.awaitIdle();
            long settled = again.counter("rowsWritten") + again.counter("rowsDuplicate");
            assertThat(settled).isEqualTo(40);
        }
        for (int i = 0; i < 40; i++) {
            assertThat(table.count("list-" + i)).isEqualTo(i);
        }
    }

    @Test
    void aTombstoneGoesAnHourLaterAlsoAfterARestore() throws Exception {
        SinkHarness first = SinkHarness.start(deleting(SUBMISSION));
        first.checkpoint(1, row("groceries", 3, 1));
        first.awaitIdle();
        first.checkpoint(2, empty("groceries", 2));
        first.awaitIdle();
        assertThat(SinkTable.names(table.get("groceries")))
                .containsExactly("ListId", SinkViews.GUARD);
        OperatorSubtaskState state = first.snapshot(3);
        first.kill();

        try (SinkHarness second =
                SinkHarness.restore(deleting(SUBMISSION + 1), 0, 1, 3, List.of(state))) {
            second.advanceTime(HOUR.minusMinutes(1));
            second.await(() -> true);
            assertThat(table.get("groceries").attributes()).isNotEmpty();
            second.advanceTime(Duration.ofMinutes(2));
            second.await(() -> second.counter("tombstonesRemoved") == 1);
            assertThat(table.get("groceries").attributes()).isEmpty();
        }
    }

    @Test
    void aRowThatComesBackCancelsTheRemoval() throws Exception {
        try (SinkHarness sink = SinkHarness.start(deleting(SUBMISSION))) {
            sink.checkpoint(1, empty("groceries", 1));
            sink.awaitIdle();
            sink.checkpoint(2, row("groceries", 3, 2));
            sink.awaitIdle();
            sink.advanceTime(HOUR.plusMinutes(1));
            sink.await(() -> true);

            assertThat(sink.counter("tombstonesRemoved")).isZero();
        }
        assertThat(table.count("groceries")).isEqualTo(3);
    }

    @Test
    void anItemWithOtherPeoplesAttributesStaysWhenTheTombstoneGoes() throws Exception {
        try (SinkHarness sink = SinkHarness.start(deleting(SUBMISSION))) {
            sink.checkpoint(1, empty("groceries", 1));
            sink.awaitIdle();
            table.set("groceries", "Title", Value.text("Groceries"));
            sink.advanceTime(HOUR.plusMinutes(1));
            sink.await(() -> sink.counter("tombstonesRemoved") == 1);
        }
        assertThat(SinkTable.names(table.get("groceries"))).containsExactly("ListId", "Title");
    }

    @Test
    void aTombstoneThatAnotherJobHasReplacedStays() throws Exception {
        SinkHarness old = SinkHarness.start(deleting(SUBMISSION));
        old.checkpoint(1, empty("groceries", 1));
        old.awaitIdle();
        try (SinkHarness newer = SinkHarness.start(deleting(SUBMISSION + 1))) {
            newer.checkpoint(1, row("groceries", 5, 1));
            newer.awaitIdle();
        }
        old.advanceTime(HOUR.plusMinutes(1));
        old.await(() -> old.counter("tombstonesRevived") == 1);
        old.kill();

        assertThat(table.count("groceries")).isEqualTo(5);
    }

    @Test
    void eagerRowsRestoreLikeOthers() throws Exception {
        SinkHarness first = SinkHarness.start(sink(SUBMISSION));
        first.take(row("groceries", 3, 6));
        OperatorSubtaskState state = first.snapshot(5);
        first.take(eager("groceries", 9, 5, 4));
        first.await(() -> first.counter("rowsWritten") == 1);
        first.kill();

        try (SinkHarness second = SinkHarness.restore(sink(SUBMISSION), 0, 1, 5, List.of(state))) {
            second.take(eager("groceries", 2, 5, 1));
            second.await(() -> second.counter("rowsLate") == 1);
            second.checkpoint(7, row("groceries", 4, 7));
            second.awaitIdle();
        }
        assertThat(table.count("groceries")).isEqualTo(4);
    }

    private RowSink sink(long submission) {
        return sink(submission, EmptyGroup.ZERO);
    }

    private RowSink deleting(long submission) {
        return sink(submission, EmptyGroup.DELETE);
    }

    private RowSink sink(long submission, EmptyGroup emptyGroup) {
        return new RowSink(
                SinkViews.view(table.name(), 0, emptyGroup, ExistingRows.REFUSE),
                SinkViews.KEY,
                submission,
                SinkTable.settings(),
                WriteLimits.DEFAULTS,
                null);
    }
}
