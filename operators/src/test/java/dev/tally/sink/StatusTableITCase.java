package dev.tally.sink;

import static dev.tally.sink.SinkViews.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.view.Progress;
import dev.tally.view.Progress.Report;
import dev.tally.view.Progress.State;
import dev.tally.view.ViewSpec;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.InstantiationUtil;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class StatusTableITCase {

    private static final long GENERATION = 1_795_201_200_000L;
    private static final long AS_OF = GENERATION + 60_000;
    private static final String AS_OF_TEXT = "2026-11-20T19:01:00Z";

    private final SinkTable table = new SinkTable();
    private final StatusTable status = SinkTable.status();
    private final ViewSpec view = SinkViews.view(table.name());

    @Test
    void numbersSubmissionsOneByOne() throws Exception {
        StatusTable other = InstantiationUtil.clone(status);

        long first = status.takeSubmission();
        assertThat(other.takeSubmission()).isEqualTo(first + 1);
        assertThat(status.takeSubmission()).isEqualTo(first + 2);
    }

    /** State that was made beside another status table must not look like the present one's. */
    @Test
    void aNewTableNumbersOnFromTheTimeOfItsFirstSubmission() {
        long before = Clock.systemUTC().instant().getEpochSecond();

        assertThat(status.takeSubmission()).isGreaterThan(before);
    }

    @Test
    void saysWhatToDoIfTheTableIsMissing() {
        StatusTable missing = new StatusTable("nowhere", SinkTable.settings(), Clock.systemUTC());

        assertThatThrownBy(missing::takeSubmission)
                .isInstanceOf(TargetException.class)
                .hasMessage(
                        "cannot take a submission number from the status table nowhere: the table"
                                + " does not exist. Create it, or start with --create-tables.");
    }

    @Test
    void showsTheSourcesReport() {
        Progress progress = status.progress(List.of(view), 4);

        assertThat(progress.report(new Report(State.BUILDING, 40, GENERATION, 3, 0)).join())
                .isTrue();

        Item row = status.read(SinkViews.NAME);
        assertThat(row.get("State")).isEqualTo(Value.text("building"));
        assertThat(row.get("Percent")).isEqualTo(Value.number(40));
        assertThat(row.get("Generation")).isEqualTo(Value.number(GENERATION));
        assertThat(row.get("Submission")).isEqualTo(Value.number(4));
        assertThat(row.get("Target")).isEqualTo(Value.text(table.name()));
        assertThat(row.get("Checkpoint")).isEqualTo(Value.number(3));
        assertThat(row.get("ExactAsOf")).isNull();
        assertThat(row.get("UpdatedAt")).isNotNull();
    }

    @Test
    void showsWhyAndWhichViewsAreBuiltBesideOthers() {
        Progress progress = status.progress(List.of(view), 4);
        Set<String> other = Set.of("another");
        progress.report(new Report(State.READY, 40, 99, 3, AS_OF, GENERATION, "views", 2, other))
                .join();
        Item row = status.read(SinkViews.NAME);
        assertThat(row.get("State")).isEqualTo(Value.text("ready"));
        assertThat(row.get("Reason")).isEqualTo(Value.text("views"));
        assertThat(row.get("Gaps")).isEqualTo(Value.number(2));
        assertThat(row.get("Generation")).isEqualTo(Value.number(GENERATION));

        Set<String> own = Set.of(SinkViews.NAME);
        progress.report(new Report(State.READY, 40, 99, 4, AS_OF, GENERATION, "views", 2, own))
                .join();
        row = status.read(SinkViews.NAME);
        assertThat(row.get("State")).isEqualTo(Value.text("building"));
        assertThat(row.get("Generation")).isEqualTo(Value.number(99));
    }

    @Test
    void showsWhatTheItemStageHasPutRightUntilTheNextSubmission() {
        status.progress(List.of(view), 4)
                .report(new Report(State.READY, 100, GENERATION, 3, 0))
                .join();
        assertThat(status.repaired(SinkViews.NAME, 4, 1, 7, 2).join()).isTrue();

        Item row = status.read(SinkViews.NAME);
        assertThat(row.get("Swept1")).isEqualTo(Value.number(7));
        assertThat(row.get("Drift1")).isEqualTo(Value.number(2));

        status.progress(List.of(view), 5)
                .report(new Report(State.READY, 100, GENERATION, 4, 0))
                .join();
        assertThat(status.read(SinkViews.NAME).get("Swept1")).isNull();
        assertThat(status.repaired(SinkViews.NAME, 4, 1, 8, 2).join()).isFalse();
    }

    @Test
    void movesExactAsOfWhenTheLastSubtaskHasWritten() {
        Progress progress = status.progress(List.of(view), 4);
        progress.report(new Report(State.HELD, 100, GENERATION, 7, 0)).join();
        progress.report(new Report(State.READY, 100, GENERATION, 8, AS_OF)).join();

        wrote(4, 0, GENERATION, 8);
        assertThat(exactAsOf()).isNull();
        wrote(4, 1, GENERATION, 7);
        assertThat(exactAsOf()).isNull();
        wrote(4, 1, GENERATION, 8);
        awaitExactAsOf();
    }

    @Test
    void movesExactAsOfWhenTheSourceReportsLast() {
        Progress progress = status.progress(List.of(view), 4);
        progress.report(new Report(State.HELD, 100, GENERATION, 7, 0)).join();
        wrote(4, 0, GENERATION, 8);
        wrote(4, 1, GENERATION, 8);
        assertThat(exactAsOf()).isNull();

        progress.report(new Report(State.READY, 100, GENERATION, 8, AS_OF)).join();
        awaitExactAsOf();
    }

    @Test
    void doesNotTakeRowsOfAnEarlierGenerationForExact() {
        Progress progress = status.progress(List.of(view), 4);
        progress.report(new Report(State.READY, 100, GENERATION, 8, AS_OF)).join();
        progress.report(new Report(State.READY, 100, GENERATION, 8, AS_OF)).join();
        wrote(4, 0, GENERATION - 1, 8);
        wrote(4, 1, 0, 8);
        wrote(4, 0, GENERATION, 8);
        assertThat(exactAsOf()).isNull();
        wrote(4, 1, GENERATION, 8);
        awaitExactAsOf();
    }

    @Test
    void aNewSubmissionTakesTheRowOverAndTheOldOneLearnsOfIt() {
        Progress old = status.progress(List.of(view), 4);
        old.report(new Report(State.READY, 100, GENERATION, 80, AS_OF)).join();
        wrote(4, 0, GENERATION, 80);
        wrote(4, 1, GENERATION, 80);
        Progress newer = status.progress(List.of(view), 5);

        assertThat(wrote(5, 0, 0, 0)).as("too early, but not superseded").isTrue();
        assertThat(newer.report(new Report(State.HELD, 100, GENERATION, 2, 0)).join()).isTrue();

        assertThat(status.read(SinkViews.NAME).get("Written0")).isNull();
        assertThat(status.read(SinkViews.NAME).get("Subtasks")).isNull();
        assertThat(old.report(new Report(State.READY, 100, GENERATION, 81, AS_OF)).join())
                .isFalse();
        assertThat(wrote(4, 0, GENERATION, 81)).isFalse();
        assertThat(status.read(SinkViews.NAME).get("State")).isEqualTo(Value.text("held"));
    }

    @Test
    void aFailureToWriteIsNoReasonToStop() {
        StatusTable missing = new StatusTable("nowhere", SinkTable.settings(), Clock.systemUTC());
        Progress progress = missing.progress(List.of(view), 4);

        assertThat(progress.report(new Report(State.READY, 100, 1, 1, 1)).join()).isTrue();
    }

    @Test
    void aRowSinkTellsWhatItHasWrittenOnceAGenerationIsThroughAndStopsWhenSuperseded()
            throws Exception {
        Progress progress = status.progress(List.of(view), 7);
        progress.report(new Report(State.READY, 100, GENERATION, 1, AS_OF)).join();
        SinkHarness sink = SinkHarness.start(sink());
        sink.checkpoint(1, row("groceries", 3, 1));
        sink.await(() -> status.read(SinkViews.NAME).get("Pending0") != null);
        assertThat(status.read(SinkViews.NAME).get("Written0")).isNull();

        sink.watermark(GENERATION);
        sink.checkpoint(2, row("groceries", 4, 2));
        sink.await(() -> Value.number(2).equals(status.read(SinkViews.NAME).get("Written0")));
        Item row = status.read(SinkViews.NAME);
        assertThat(row.get("Pending0")).isEqualTo(Value.number(0));
        assertThat(row.get("Subtasks")).isEqualTo(Value.number(1));
        sink.await(() -> exactAsOf() != null);

        Progress newer = status.progress(List.of(view), 8);
        newer.report(new Report(State.HELD, 100, GENERATION, 1, 0)).join();
        sink.checkpoint(3);
        assertThatThrownBy(() -> sink.await(() -> false))
                .isInstanceOf(SuppressRestartsException.class)
                .rootCause()
                .hasMessageContaining("a newer submission has taken over from this one, 7");
        sink.kill();
    }

    private RowSink sink() {
        return new RowSink(
                view, SinkViews.KEY, 7, SinkTable.settings(), WriteLimits.DEFAULTS, status);
    }

    private boolean wrote(long submission, int subtask, long ready, long checkpoint) {
        return status.wrote(SinkViews.NAME, submission, subtask, 2, ready, checkpoint, 0).join();
    }

    private Value exactAsOf() {
        return status.read(SinkViews.NAME).get("ExactAsOf");
    }

    private void awaitExactAsOf() {
        Awaitility.await().until(() -> Value.text(AS_OF_TEXT).equals(exactAsOf()));
    }
}
