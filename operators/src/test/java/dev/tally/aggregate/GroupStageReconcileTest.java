package dev.tally.aggregate;

import static dev.tally.aggregate.GroupKit.FIRST;
import static dev.tally.aggregate.GroupKit.VIEW;
import static dev.tally.aggregate.GroupKit.add;
import static dev.tally.aggregate.GroupKit.committed;
import static dev.tally.aggregate.GroupKit.group;
import static dev.tally.aggregate.GroupKit.number;
import static dev.tally.aggregate.GroupKit.retract;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Value;
import dev.tally.sink.Guard;
import dev.tally.view.Contribution;
import dev.tally.view.MeasureSpec.Kind;
import dev.tally.view.Row;
import dev.tally.view.Target;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.Target.ExistingRows;
import dev.tally.view.Target.Freshness;
import dev.tally.view.ViewSpec;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;

/** What becomes of the rows that a target holds when a submission is ready. */
class GroupStageReconcileTest {

    private static final Value[] EMPTY = {number(0), null};

    private static StageHarness stage(HeldRows target, ViewSpec view) throws Exception {
        return StageHarness.fresh(StageHarness.stage(1, target, StageOptions.DEFAULTS, view));
    }

    private static ViewSpec view(EmptyGroup empty, ExistingRows existing) {
        return GroupKit.view(VIEW, empty, Freshness.COMMITTED, existing, Kind.COUNT, Kind.MAX);
    }

    private static List<String> lists(List<Row> rows) {
        return rows.stream()
                .map(row -> row.group().values().get(0).asText() + (row.empty() ? " empty" : ""))
                .sorted()
                .collect(Collectors.toList());
    }

    @Test
    void writesWhatDiffersAndEmptiesWhatNoGroupHas() throws Exception {
        HeldRows target = new HeldRows();
        target.put(group(VIEW, "equal"), true, number(1), number(3));
        target.put(group(VIEW, "different"), true, number(9), number(3));
        target.put(group(VIEW, "orphan"), true, number(2), number(8));
        target.put(group(VIEW, "orphan, but zero"), true, EMPTY);
        try (StageHarness stage = stage(target, committed())) {
            stage.take(add("equal", 3), add("different", 3), add("missing", 3));

            stage.ready(FIRST).checkpoint(1);

            List<Row> rows = stage.rows();
            assertThat(lists(rows)).containsExactly("different", "missing", "orphan empty");
            assertThat(rows).allMatch(row -> row.checkpoint() == 1 && row.counter() == 0);
            assertThat(stage.counters().reconcileEqual.getCount()).isEqualTo(2);
            assertThat(stage.counters().reconcileDifferent.getCount()).isEqualTo(1);
            assertThat(stage.counters().reconcileOrphan.getCount()).isEqualTo(1);
            assertThat(stage.stored()).isEqualTo(3);
        }
    }

    @Test
    void letsNoRowOutWhileTheTargetIsRead() throws Exception {
        HeldRows target = new HeldRows().byHand();
        for (int i = 0; i < 3; i++) {
            target.put(group(VIEW, "l" + i), true, number(1), number(3));
        }
        try (StageHarness stage = stage(target, committed())) {
            stage.take(add("l0", 3), add("l1", 3), add("l2", 3)).ready(FIRST);
            assertThat(stage.heldGroups()).isZero();
            stage.checkpoint(1);
            assertThat(stage.phase()).isEqualTo(Phase.RECONCILE);
            assertThat(stage.rows()).isEmpty();
            assertThat(stage.heldGroups()).isEqualTo(3);

            target.answer();
            stage.mails().take(add("l0", 4), add("l2", 4)).checkpoint(2);
            assertThat(stage.rows()).isEmpty();
            assertThat(stage.counters().rowsHeld.getCount()).isEqualTo(5);
            assertThat(stage.heldGroups()).as("l1 still waits").isEqualTo(3);

            target.answer();
            stage.mails().checkpoint(3);
            assertThat(lists(stage.rows())).containsExactly("l0", "l2");
            assertThat(stage.heldGroups()).isZero();
            assertThat(target.reads()).isEqualTo(2);
        }
    }

    @Test
    void rowsThatAreNotOursAreRefused() throws Exception {
        HeldRows target = new HeldRows();
        target.put(group(VIEW, "a"), false, number(1), number(3));
        try (StageHarness stage = stage(target, committed())) {
            assertThatThrownBy(() -> stage.ready(FIRST))
                    .isInstanceOf(SuppressRestartsException.class)
                    .rootCause()
                    .hasMessageMatching(
                            "cannot write view task-count to table target-of-task-count: it holds"
                                    + " rows with the view's attributes that Tally did not write"
                                    + " \\(group #[0-9a-f]{8} of view task-count is one\\)\\. Set"
                                    + " existing-rows: adopt to take them over, or remove them\\.");
        }
    }

    @Test
    void adoptedRowsAreWrittenSoThatTheyCarryTheGuard() throws Exception {
        HeldRows target = new HeldRows();
        target.put(group(VIEW, "right"), false, number(1), number(3));
        target.put(group(VIEW, "no group"), false, number(1), null);
        try (StageHarness stage = stage(target, view(EmptyGroup.ZERO, ExistingRows.ADOPT))) {
            stage.take(add("right", 3)).ready(FIRST).checkpoint(1);
            assertThat(lists(stage.rows())).containsExactly("no group empty", "right");
        }
    }

    @Test
    void whereEmptyGroupsAreDeletedOnlyATombstoneIsEmpty() throws Exception {
        HeldRows target = new HeldRows();
        target.put(group(VIEW, "zero"), true, EMPTY);
        target.put(group(VIEW, "tombstone"), true, null, null);
        target.put(group(VIEW, "tombstone, but a group"), true, null, null);
        try (StageHarness stage = stage(target, view(EmptyGroup.DELETE, ExistingRows.REFUSE))) {
            stage.take(add("tombstone, but a group", 3)).ready(FIRST).checkpoint(1);
            assertThat(lists(stage.rows())).containsExactly("tombstone, but a group", "zero empty");
        }
    }

    @Test
    void aTargetThatCannotBeReadFailsTheTask() throws Exception {
        HeldRows target = new HeldRows().failing(new IllegalStateException("no permission"));
        try (StageHarness stage = stage(target, committed())) {
            assertThatThrownBy(() -> stage.ready(FIRST))
                    .hasMessageContaining(
                            "cannot compare view task-count with its target table"
                                    + " target-of-task-count")
                    .hasRootCauseMessage("no permission");
        }
    }

    @Test
    void aNewSubmissionComparesAgainWhateverStateSays() throws Exception {
        HeldRows target = new HeldRows();
        OperatorSubtaskState state;
        try (StageHarness stage = stage(target, committed())) {
            stage.take(add("a", 3), add("b", 3), add("c", 3)).ready(FIRST);
            state = stage.checkpoint(1);
            stage.rows().forEach(target::write);
        }
        target.put(group(VIEW, "b"), true, number(5), number(5));
        target.put(group(VIEW, "d"), true, number(1), number(1));

        try (StageHarness stage =
                StageHarness.restored(
                        StageHarness.stage(2, target, StageOptions.DEFAULTS, committed()),
                        state,
                        1)) {
            stage.take(retract("c", 3)).checkpoint(2);
            assertThat(stage.rows()).isEmpty();

            stage.ready(FIRST).checkpoint(3);
            assertThat(lists(stage.rows())).containsExactly("a", "b", "c empty", "d empty");
            assertThat(stage.counters().reconcileRenewed.getCount()).isEqualTo(1);
            assertThat(stage.counters().reconcileEqual.getCount()).isZero();

            stage.checkpoint(4);
            assertThat(stage.rows()).isEmpty();
        }
    }

    /**
     * Submission 1 goes on after the savepoint: its row of checkpoint 9 is on its way while the
     * target still holds the one of checkpoint 1, which is what the restored state says too. If
     * that were left as it is, the late write would find an older guard and stay.
     */
    @Test
    void aLateWriteOfAnEarlierSubmissionLosesAgainstARowThatWasRightAlready() throws Exception {
        HeldRows target = new HeldRows();
        OperatorSubtaskState savepoint;
        Row late;
        try (StageHarness stage = stage(target, committed())) {
            stage.take(add("a", 3)).ready(FIRST);
            savepoint = stage.checkpoint(1);
            stage.rows().forEach(target::write);
            stage.take(add("a", 4)).checkpoint(9);
            late = stage.rows().get(0);
        }
        Guard held = Guard.of(1, 1, 0, 0);
        assertThat(Guard.of(1, late.checkpoint(), 0, 0)).isGreaterThan(held);

        GroupStage again = StageHarness.stage(2, target, StageOptions.DEFAULTS, committed());
        try (StageHarness stage = StageHarness.restored(again, savepoint, 1)) {
            stage.ready(FIRST).checkpoint(2);
            List<Row> rows = stage.rows();
            assertThat(lists(rows)).containsExactly("a");
            assertThat(Guard.of(2, rows.get(0).checkpoint(), 0, 0))
                    .isGreaterThan(Guard.of(1, late.checkpoint(), 0, 0));
        }
    }

    @Test
    void rowsThatOnlyNeedTheNewGuardGoOutInSlices() throws Exception {
        HeldRows target = new HeldRows();
        OperatorSubtaskState state;
        try (StageHarness stage = stage(target, committed())) {
            for (int i = 0; i < 10; i++) {
                stage.take(add("l" + i, 3));
            }
            state = stage.ready(FIRST).checkpoint(1);
            stage.rows().forEach(target::write);
        }
        StageOptions slices = new StageOptions(100, 10_000, 10, 4);
        GroupStage again = StageHarness.stage(2, target, slices, committed());
        try (StageHarness stage = StageHarness.restored(again, state, 1)) {
            stage.ready(FIRST);
            for (int rows : new int[] {4, 4, 2, 0}) {
                stage.checkpoint(9 - rows);
                assertThat(stage.rows()).hasSize(rows);
            }
        }
    }

    @Test
    void theSameSubmissionDoesNotCompareAgain() throws Exception {
        HeldRows target = new HeldRows();
        OperatorSubtaskState state;
        try (StageHarness stage = stage(target, committed())) {
            stage.take(add("a", 3)).ready(FIRST);
            state = stage.checkpoint(1);
        }
        int reads = target.reads();
        try (StageHarness stage =
                StageHarness.restored(
                        StageHarness.stage(1, target, StageOptions.DEFAULTS, committed()),
                        state,
                        1)) {
            stage.ready(FIRST).take(add("b", 3)).checkpoint(2);
            assertThat(lists(stage.rows())).containsExactly("b");
            assertThat(target.reads()).isEqualTo(reads);
        }
    }

    @Test
    void aGenerationThatOpensDuringTheReadingStopsIt() throws Exception {
        HeldRows target = new HeldRows().byHand();
        for (int i = 0; i < 3; i++) {
            target.put(group(VIEW, "l" + i), true, number(1), number(3));
        }
        try (StageHarness stage = stage(target, committed())) {
            stage.take(add("l0", 3)).ready(FIRST);
            target.answer();
            stage.mails();
            Contribution later =
                    new Contribution(
                            group(VIEW, "l0"),
                            FIRST + 1,
                            9,
                            null,
                            new Value[] {Value.TRUE, number(4)});
            stage.take(later);
            target.answer();
            stage.mails().checkpoint(1);
            assertThat(stage.phase()).isEqualTo(Phase.HOLD);
            assertThat(stage.rows()).isEmpty();

            stage.ready(FIRST + 1);
            target.answer();
            stage.mails();
            target.answer();
            stage.mails().checkpoint(2);

            assertThat(lists(stage.rows())).containsExactly("l0", "l1 empty", "l2 empty");
            assertThat(stage.counters().reconcileKnown.getCount()).isEqualTo(2);
        }
    }

    @Test
    void aLaterGenerationOfTheSameSubmissionReleasesWithoutReadingTheTarget() throws Exception {
        HeldRows target = new HeldRows();
        try (StageHarness stage = stage(target, committed())) {
            stage.take(add("a", 3), add("b", 3)).ready(FIRST).checkpoint(1);
            stage.rows();
            int reads = target.reads();
            Contribution later =
                    new Contribution(
                            group(VIEW, "a"),
                            FIRST + 1,
                            9,
                            new Value[] {Value.TRUE, number(3)},
                            null);

            stage.take(later).checkpoint(2);
            assertThat(stage.rows()).isEmpty();

            stage.ready(FIRST + 1).checkpoint(3);
            assertThat(lists(stage.rows())).containsExactly("a empty");
            assertThat(target.reads()).isEqualTo(reads);
            assertThat(stage.phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    void rowsOfAStreamAreReleasedWithoutAReading() throws Exception {
        Target stream =
                new Target(
                        null,
                        "rows",
                        null,
                        null,
                        null,
                        0,
                        null,
                        EmptyGroup.ZERO,
                        Freshness.COMMITTED,
                        ExistingRows.REFUSE);
        HeldRows target = new HeldRows();
        ViewSpec view = GroupKit.view(VIEW, stream, Kind.COUNT, Kind.MAX);
        try (StageHarness stage = stage(target, view)) {
            stage.take(add("a", 3)).ready(FIRST).checkpoint(1);
            assertThat(lists(stage.rows())).containsExactly("a");
            assertThat(target.reads()).isZero();
        }
    }

    @Test
    void withoutTargetRowsThereIsNothingToReconcile() throws Exception {
        try (StageHarness stage = stage(null, committed())) {
            stage.take(add("a", 3)).ready(FIRST).checkpoint(1);
            assertThat(lists(stage.rows())).containsExactly("a");
        }
    }
}
