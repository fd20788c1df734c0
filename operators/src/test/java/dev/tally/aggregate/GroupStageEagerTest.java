package dev.tally.aggregate;

import static dev.tally.aggregate.GroupKit.EAGER;
import static dev.tally.aggregate.GroupKit.FIRST;
import static dev.tally.aggregate.GroupKit.eager;
import static dev.tally.aggregate.GroupKit.group;
import static dev.tally.aggregate.GroupKit.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Value;
import dev.tally.view.Contribution;
import dev.tally.view.Row;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** Rows between checkpoints: when they start, what they carry, and that a committed one follows. */
class GroupStageEagerTest {

    private static final StageOptions OPTIONS = new StageOptions(100, 10_000, 10, 100);

    private static Row row(String list, long count, long checkpoint, long counter) {
        Value[] measures = {number(count)};
        return new Row(group(EAGER, list), measures, count == 0, checkpoint, counter, 7);
    }

    private static GroupStage stage(long submission) {
        return StageHarness.stage(submission, new HeldRows(), OPTIONS, GroupKit.eager());
    }

    private static StageHarness live() throws Exception {
        StageHarness stage = StageHarness.fresh(stage(1)).ready(FIRST);
        stage.checkpoint(1);
        return stage.completed(1);
    }

    @Test
    void aTouchedGroupGivesRowsAnIntervalApartAndACommittedOneAtTheBarrier() throws Exception {
        try (StageHarness stage = live()) {
            stage.time(50).take(eager("a", 1));
            assertThat(stage.rows()).isEmpty();

            stage.time(51);
            assertThat(stage.rows()).containsExactly(row("a", 1, 1, 1));

            stage.take(eager("a", 1)).time(60);
            assertThat(stage.rows()).isEmpty();

            stage.time(61);
            assertThat(stage.rows()).containsExactly(row("a", 2, 1, 2));

            stage.time(90).checkpoint(2);
            assertThat(stage.rows()).containsExactly(row("a", 2, 2, 0));
        }
    }

    @Test
    void aTouchThatComesToNothingGivesRowsToo() throws Exception {
        try (StageHarness stage = live()) {
            stage.take(eager("a", 1)).checkpoint(2);
            stage.rows();

            stage.take(eager("a", 0), eager("b", 0)).time(10);
            assertThat(stage.rows()).containsExactly(row("a", 1, 2, 1), row("b", 0, 2, 1));
            stage.checkpoint(3);
            assertThat(stage.rows()).containsExactly(row("a", 1, 3, 0), row("b", 0, 3, 0));
            assertThat(stage.stored()).isEqualTo(1);
            assertThat(stage.counters().touches.getCount()).isEqualTo(2);
        }
    }

    @Test
    void touchesOfCommittedViewsAndBeforeTheReleaseAreCountedAndIgnored() throws Exception {
        try (StageHarness stage = StageHarness.fresh(stage(1))) {
            stage.take(eager("a", 0)).ready(FIRST).checkpoint(1);
            assertThat(stage.rows()).isEmpty();
            assertThat(stage.counters().touchesIgnored.getCount()).isEqualTo(1);
        }
    }

    @Test
    void eagerRowsWaitForTheFirstCheckpointOfTheRelease() throws Exception {
        try (StageHarness stage = StageHarness.fresh(stage(1))) {
            stage.take(eager("a", 1)).checkpoint(1);
            stage.completed(1).ready(FIRST).take(eager("a", 1)).time(10);
            stage.checkpoint(2);
            assertThat(stage.rows()).containsExactly(row("a", 2, 2, 0));

            stage.take(eager("a", 1)).time(20);
            assertThat(stage.rows()).isEmpty();

            stage.completed(2).time(30);
            assertThat(stage.rows()).containsExactly(row("a", 3, 2, 1));
        }
    }

    @Test
    void afterAFailureEagerRowsGoOnFromTheRestoredBarrier() throws Exception {
        OperatorSubtaskState state;
        try (StageHarness stage = live()) {
            stage.take(eager("a", 1));
            state = stage.checkpoint(2);
        }
        try (StageHarness stage = StageHarness.restored(stage(1), state, 2)) {
            stage.take(eager("a", 1)).time(10);
            assertThat(stage.rows()).containsExactly(row("a", 2, 2, 1));
        }
    }

    @Test
    void anOpenGenerationHoldsEagerRowsToo() throws Exception {
        try (StageHarness stage = live()) {
            stage.take(eager("a", 1)).time(10);
            stage.rows();
            Value[] one = {Value.TRUE};
            stage.take(new Contribution(group(EAGER, "a"), FIRST + 1, 7, one, null));
            stage.time(20).checkpoint(2);
            assertThat(stage.rows()).isEmpty();

            stage.ready(FIRST + 1).checkpoint(3);
            assertThat(stage.rows()).containsExactly(row("a", 0, 3, 0));
        }
    }

    /**
     * Rows "made" and "gone" were sent after the checkpoint; their records were lost while the job
     * was down, so that no touch comes for them any more.
     */
    @Test
    void aGenerationAfterAFailureComparesAndWritesAllRowsAnew() throws Exception {
        HeldRows target = new HeldRows();
        OperatorSubtaskState state;
        GroupStage first = StageHarness.stage(1, target, OPTIONS, GroupKit.eager());
        try (StageHarness stage = StageHarness.fresh(first).ready(FIRST)) {
            stage.checkpoint(1);
            stage.completed(1).take(eager("same", 1), eager("gone", 1), eager("moved", 1));
            state = stage.checkpoint(2);
            target.put(group(EAGER, "same"), true, number(1));
            target.put(group(EAGER, "moved"), true, number(2));
            target.put(group(EAGER, "made"), true, number(1));
        }
        GroupStage again = StageHarness.stage(1, target, OPTIONS, GroupKit.eager());
        try (StageHarness stage = StageHarness.restored(again, state, 2)) {
            stage.take(new Contribution(group(EAGER, "x"), FIRST + 1, 7, null, null));
            stage.ready(FIRST + 1).checkpoint(4);
            assertThat(stage.rows())
                    .containsExactlyInAnyOrder(
                            row("same", 1, 4, 0),
                            row("gone", 1, 4, 0),
                            row("moved", 1, 4, 0),
                            new Row(group(EAGER, "made"), new Value[] {number(0)}, true, 4, 0, 0));
            assertThat(stage.counters().reconcileOrphan.getCount()).isEqualTo(1);
            stage.checkpoint(5);
            assertThat(stage.rows()).isEmpty();
        }
    }
}
