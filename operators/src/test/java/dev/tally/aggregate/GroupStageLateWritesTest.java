package dev.tally.aggregate;

import static dev.tally.aggregate.GroupKit.FIRST;
import static dev.tally.aggregate.GroupKit.VIEW;
import static dev.tally.aggregate.GroupKit.add;
import static dev.tally.aggregate.GroupKit.committed;
import static dev.tally.aggregate.GroupKit.group;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Value;
import dev.tally.view.Row;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/**
 * Writes of an earlier submission that land after the comparison, where no row of the newer one is
 * there to refuse them: found when no more can come, written over, and not looked for again.
 */
class GroupStageLateWritesTest {

    private static final long LATE_UNTIL = 1_000;

    private final HeldRows target = new HeldRows();

    private StageHarness stage(long submission, OperatorSubtaskState state, long checkpoint)
            throws Exception {
        return StageHarness.restored(
                StageHarness.stage(
                        submission, target, LATE_UNTIL, StageOptions.DEFAULTS, committed()),
                state,
                checkpoint);
    }

    /** A live one with one group, whose row is written. */
    private StageHarness live(long submission) throws Exception {
        StageHarness stage = stage(submission, null, 0);
        stage.take(add("a", 3)).ready(FIRST);
        stage.checkpoint(1);
        stage.completed(1);
        target.writtenBy(submission);
        stage.rows().forEach(target::write);
        assertThat(stage.phase()).isEqualTo(Phase.LIVE);
        return stage;
    }

    /** Of the submission before, so that it is there though it was not when rows were compared. */
    private void lands(String list) {
        target.writtenBy(1);
        target.put(group(VIEW, list), true, Value.number(1), Value.number(9));
        target.writtenBy(2);
    }

    private static List<String> lists(List<Row> rows) {
        return rows.stream()
                .map(row -> row.group().values().get(0).asText() + (row.empty() ? " empty" : ""))
                .sorted()
                .collect(Collectors.toList());
    }

    @Test
    void areEmptiedOnceNoMoreCanCome() throws Exception {
        try (StageHarness stage = live(2)) {
            lands("gone");
            stage.time(LATE_UNTIL - 1).mails().checkpoint(2);
            assertThat(stage.rows()).isEmpty();
            assertThat(target.reads()).isEqualTo(1);

            stage.time(LATE_UNTIL).mails().checkpoint(3);
            assertThat(lists(stage.rows())).containsExactly("gone empty");
            assertThat(stage.counters().lateRows.getCount()).isEqualTo(1);
            assertThat(stage.stored()).as("nothing is left to know of it").isEqualTo(1);
        }
    }

    @Test
    void areNotLookedForAgainAfterAFailure() throws Exception {
        OperatorSubtaskState state;
        try (StageHarness stage = live(2)) {
            stage.time(LATE_UNTIL).mails();
            state = stage.checkpoint(2);
        }
        int reads = target.reads();
        try (StageHarness stage = stage(2, state, 2)) {
            stage.time(LATE_UNTIL + 1).mails();
            assertThat(target.reads()).isEqualTo(reads);
        }
        try (StageHarness stage = stage(3, state, 2)) {
            stage.ready(FIRST).time(LATE_UNTIL + 2).mails().checkpoint(3);
            stage.checkpoint(4);
            stage.mails();
            assertThat(target.reads()).as("first and second of the next").isEqualTo(reads + 2);
        }
    }

    @Test
    void areLookedForAfterAFailureThatCameBefore() throws Exception {
        OperatorSubtaskState state;
        try (StageHarness stage = live(2)) {
            state = stage.checkpoint(2);
        }
        lands("gone");
        try (StageHarness stage = stage(2, state, 2)) {
            stage.time(LATE_UNTIL).mails().checkpoint(3);
            assertThat(lists(stage.rows())).containsExactly("gone empty");
        }
    }

    @Test
    void waitUntilAllRowsOfTheViewAreOut() throws Exception {
        try (StageHarness stage = stage(2, null, 0)) {
            stage.take(add("a", 3)).time(LATE_UNTIL).mails();
            assertThat(target.reads()).isZero();
            stage.ready(FIRST);
            lands("gone");
            stage.checkpoint(1);
            stage.mails();
            assertThat(stage.phase()).isEqualTo(Phase.LIVE);
            assertThat(lists(stage.rows())).containsExactly("a");
            stage.checkpoint(2);
            assertThat(lists(stage.rows())).containsExactly("gone empty");
        }
    }

    @Test
    void cannotBeWhereTheSubmissionBeforeHasEndedInOrder() throws Exception {
        GroupStage stage =
                new GroupStage(
                        "tasks",
                        List.of(committed()),
                        2,
                        target,
                        Map.of(VIEW, 1L),
                        LATE_UNTIL,
                        StageOptions.DEFAULTS);
        try (StageHarness harness = StageHarness.fresh(stage)) {
            harness.take(add("a", 3)).ready(FIRST).checkpoint(1);
            harness.time(LATE_UNTIL).mails().checkpoint(2);
            assertThat(target.reads()).isEqualTo(1);
        }
    }
}
