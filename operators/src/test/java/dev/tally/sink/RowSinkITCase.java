package dev.tally.sink;

import static dev.tally.sink.SinkViews.eager;
import static dev.tally.sink.SinkViews.empty;
import static dev.tally.sink.SinkViews.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.Target.ExistingRows;
import dev.tally.view.ViewSpec;
import java.util.Map;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;

/** Rows into a real table: what is written, when, and over what. */
class RowSinkITCase {

    private static final long SUBMISSION = 7;

    private final SinkTable table = new SinkTable();

    @Test
    void writesARowWhenItsCheckpointHasCompleted() throws Exception {
        try (SinkHarness sink = SinkHarness.start(sink(SUBMISSION))) {
            sink.take(row("groceries", 3, 5));
            sink.snapshot(5);
            sink.completed(4);
            assertThat(sink.gauge("writesInFlight")).isZero();
            assertThat(sink.backlog()).isEqualTo(1);

            sink.completed(5);
            sink.awaitIdle();

            assertThat(table.get("groceries"))
                    .isEqualTo(
                            Item.of(
                                    Map.of(
                                            "ListId",
                                            Value.text("groceries"),
                                            "TaskCount",
                                            Value.number(3),
                                            "Size.Total",
                                            Value.number(30),
                                            "Last",
                                            Value.text("2026"),
                                            SinkViews.GUARD,
                                            Value.text(
                                                    "0000000007-0000000000000005-0000000000"
                                                            + "/1970-01-01T00:00:01.005Z"))));
            assertThat(sink.counter("rowsWritten")).isEqualTo(1);
        }
    }

    @Test
    void writesAnEagerRowAtOnceAndTheCommittedOneAfterIt() throws Exception {
        try (SinkHarness sink = SinkHarness.start(sink(SUBMISSION))) {
            sink.take(eager("groceries", 3, 5, 1));
            sink.awaitIdle();
            assertThat(table.count("groceries")).isEqualTo(3);

            sink.checkpoint(6, row("groceries", 4, 6));
            sink.awaitIdle();
            assertThat(table.count("groceries")).isEqualTo(4);
        }
    }

    @Test
    void removesTheMeasuresThatTheRowNoLongerHas() throws Exception {
        try (SinkHarness sink = SinkHarness.start(sink(SUBMISSION))) {
            sink.checkpoint(1, row("groceries", 3, 1));
            sink.awaitIdle();
            sink.checkpoint(2, row("groceries", 1, 2));
            sink.awaitIdle();

            assertThat(SinkTable.names(table.get("groceries")))
                    .containsExactly("ListId", "Size.Total", "TaskCount", SinkViews.GUARD);
        }
    }

    @Test
    void leavesOtherPeoplesAttributesAlone() throws Exception {
        table.put("groceries", Map.of("Title", Value.text("Groceries")));
        try (SinkHarness sink = SinkHarness.start(sink(SUBMISSION))) {
            sink.checkpoint(1, row("groceries", 3, 1));
            sink.awaitIdle();
            sink.checkpoint(2, empty("groceries", 2));
            sink.awaitIdle();
        }

        assertThat(table.get("groceries").get("Title")).isEqualTo(Value.text("Groceries"));
        assertThat(table.count("groceries")).isZero();
        assertThat(table.get("groceries").get("Size.Total")).isEqualTo(Value.number(0));
        assertThat(table.get("groceries").get("Last")).isNull();
    }

    @Test
    void neverReplacesANewerRowOfItsOwnSubmission() throws Exception {
        try (SinkHarness twin = SinkHarness.start(sink(SUBMISSION))) {
            twin.checkpoint(9, row("groceries", 9, 9));
            twin.awaitIdle();
        }
        try (SinkHarness sink = SinkHarness.start(sink(SUBMISSION))) {
            sink.checkpoint(8, row("groceries", 8, 8));
            sink.awaitIdle();
            assertThat(sink.counter("rowsLate")).isEqualTo(1);
            sink.checkpoint(9, row("groceries", 9, 9));
            sink.awaitIdle();
            assertThat(sink.counter("rowsDuplicate")).isEqualTo(1);
            assertThat(sink.counter("rowsWritten")).isZero();
        }
        assertThat(table.count("groceries")).isEqualTo(9);
    }

    @Test
    void aNewerSubmissionWinsAndTheOlderOneStopsByName() throws Exception {
        SinkHarness old = SinkHarness.start(sink(SUBMISSION));
        old.checkpoint(90, row("groceries", 90, 90));
        old.awaitIdle();
        try (SinkHarness newer = SinkHarness.start(sink(SUBMISSION + 1))) {
            newer.checkpoint(2, row("groceries", 2, 2));
            newer.awaitIdle();
        }
        old.checkpoint(91, row("groceries", 91, 91));

        assertThatThrownBy(old::awaitIdle)
                .isInstanceOf(SuppressRestartsException.class)
                .rootCause()
                .isInstanceOf(TargetException.class)
                .hasMessageContaining("submission 8 has taken over from this one, 7");
        assertThat(old.counter("superseded")).isEqualTo(1);
        old.kill();
        assertThat(table.count("groceries")).isEqualTo(2);
    }

    @Test
    void refusesRowsOfItsShapeThatSomebodyElseHasWritten() throws Exception {
        table.put("groceries", Map.of("TaskCount", Value.number(77)));
        SinkHarness sink = SinkHarness.start(sink(SUBMISSION));
        sink.checkpoint(1, row("groceries", 1, 1));

        assertThatThrownBy(sink::awaitIdle)
                .isInstanceOf(SuppressRestartsException.class)
                .rootCause()
                .hasMessageContaining("rows with the view's measures [TaskCount, Size.Total, Last]")
                .hasMessageContaining("existing-rows: adopt");
        sink.kill();
        assertThat(table.count("groceries")).isEqualTo(77);
    }

    @Test
    void adoptsSuchRowsIfTold() throws Exception {
        table.put("groceries", Map.of("TaskCount", Value.number(77)));
        ViewSpec adopting = SinkViews.view(table.name(), 0, EmptyGroup.ZERO, ExistingRows.ADOPT);
        try (SinkHarness sink = SinkHarness.start(sink(adopting, SUBMISSION))) {
            sink.checkpoint(1, row("groceries", 1, 1));
            sink.awaitIdle();
        }
        assertThat(table.count("groceries")).isEqualTo(1);
    }

    @Test
    void whatTheTargetRefusesBecomesADeadLetterAndTheRestGoesOn() throws Exception {
        try (SinkHarness sink = SinkHarness.start(sink(SUBMISSION))) {
            sink.checkpoint(1, row("", 1, 1), row("groceries", 3, 1));
            sink.awaitIdle();

            assertThat(table.count("groceries")).isEqualTo(3);
            assertThat(sink.counter("rowsRefused")).isEqualTo(1);
            assertThat(sink.deadLetters()).hasSize(1);
            assertThat(sink.deadLetters().get(0).source()).isEqualTo("view task-count");
            assertThat(sink.deadLetters().get(0).reason()).startsWith("ValidationException: ");
            assertThat(sink.deadLetters().get(0).version()).startsWith("0000000007-");
            assertThat(sink.deadLetters().get(0).item().get("TaskCount"))
                    .isEqualTo(Value.number(1));
        }
    }

    @Test
    void aGuardThatIsNoneIsNotReplaced() throws Exception {
        table.put("groceries", Map.of(SinkViews.GUARD, Value.text("zzz")));
        try (SinkHarness sink = SinkHarness.start(sink(SUBMISSION))) {
            sink.checkpoint(1, row("groceries", 3, 1));
            sink.awaitIdle();
            assertThat(sink.deadLetters().get(0).reason())
                    .isEqualTo(
                            "attribute _tally_task-count of the row is no guard but somebody"
                                    + " else's");
        }
        assertThat(table.count("groceries")).isEqualTo(-1);
    }

    @Test
    void aMissingTableStopsTheJobByName() throws Exception {
        table.drop();
        SinkHarness sink = SinkHarness.start(sink(SUBMISSION));
        sink.checkpoint(1, row("groceries", 3, 1));

        assertThatThrownBy(sink::awaitIdle)
                .isInstanceOf(TargetException.class)
                .hasMessage(
                        "cannot write a row to table "
                                + table.name()
                                + " (view task-count): the table does not exist. Create it, or"
                                + " start with --create-tables.");
        sink.kill();
    }

    @Test
    void anOrderlyEndWritesTheLastCheckpointFirst() throws Exception {
        SinkHarness sink = SinkHarness.start(sink(SUBMISSION));
        sink.take(row("groceries", 3, 5));
        sink.snapshot(5);
        sink.completed(5);
        sink.end();

        assertThat(table.count("groceries")).isEqualTo(3);
    }

    @Test
    void theEndOfTimeIsNoGeneration() throws Exception {
        try (SinkHarness sink = SinkHarness.start(sink(SUBMISSION))) {
            sink.watermark(Long.MAX_VALUE);
            assertThat(sink.counter("watermarksIgnored")).isEqualTo(1);
        }
    }

    private RowSink sink(long submission) {
        return sink(SinkViews.view(table.name()), submission);
    }

    private static RowSink sink(ViewSpec view, long submission) {
        return new RowSink(
                view, SinkViews.KEY, submission, SinkTable.settings(), WriteLimits.DEFAULTS, null);
    }
}
