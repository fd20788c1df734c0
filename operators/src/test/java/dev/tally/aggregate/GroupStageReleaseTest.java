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

import dev.tally.change.DeadLetter;
import dev.tally.item.Value;
import dev.tally.view.Contribution;
import dev.tally.view.MeasureSpec.Kind;
import dev.tally.view.Row;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.Target.ExistingRows;
import dev.tally.view.Target.Freshness;
import dev.tally.view.ViewSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.api.Test;

/** Releases in slices, failures in their midst, small caches, and what is refused. */
class GroupStageReleaseTest {

    private static final StageOptions SLICES = new StageOptions(100, 10_000, 10, 4);

    private static StageHarness stage(StageOptions options, ViewSpec... views) throws Exception {
        return StageHarness.fresh(StageHarness.stage(1, new HeldRows(), options, views));
    }

    private static Set<String> lists(List<Row> rows) {
        Set<String> lists =
                rows.stream()
                        .map(row -> row.group().values().get(0).asText())
                        .collect(Collectors.toSet());
        assertThat(lists).hasSameSizeAs(rows);
        return lists;
    }

    private static void fill(StageHarness stage, int lists) throws Exception {
        for (int i = 0; i < lists; i++) {
            stage.take(add("l" + i, i));
        }
    }

    @Test
    void aLargeReleaseGoesOutInSlices() throws Exception {
        try (StageHarness stage = stage(SLICES, committed())) {
            fill(stage, 10);
            stage.checkpoint(1);
            stage.ready(FIRST);
            Set<String> released = new HashSet<>();
            for (int total : new int[] {4, 8, 10}) {
                stage.checkpoint(2 + total);
                released.addAll(lists(stage.rows()));
                assertThat(released).hasSize(total);
            }
            assertThat(stage.phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    void groupsThatChangeDuringTheReleaseDoNotWaitForTheirSlice() throws Exception {
        try (StageHarness stage = stage(SLICES, committed())) {
            fill(stage, 10);
            stage.checkpoint(1);
            stage.ready(FIRST);
            Set<String> released = new HashSet<>();
            stage.checkpoint(2);
            released.addAll(lists(stage.rows()));

            stage.take(add("new", 3));
            stage.checkpoint(3);
            Set<String> lists = lists(stage.rows());
            assertThat(lists).hasSize(5).contains("new");
            released.addAll(lists);

            stage.checkpoint(4);
            released.addAll(lists(stage.rows()));
            assertThat(released).hasSize(11);
        }
    }

    @Test
    void aFailureDuringTheReleaseGoesOnWithTheRest() throws Exception {
        OperatorSubtaskState state;
        Set<String> released = new HashSet<>();
        try (StageHarness stage = stage(SLICES, committed())) {
            fill(stage, 10);
            stage.checkpoint(1);
            stage.ready(FIRST);
            state = stage.checkpoint(2);
            released.addAll(lists(stage.rows()));
            stage.checkpoint(3);
            assertThat(stage.rows()).hasSize(4);
        }
        GroupStage again = StageHarness.stage(1, new HeldRows(), SLICES, committed());
        try (StageHarness stage = StageHarness.restored(again, state, 2)) {
            assertThat(stage.phase()).isEqualTo(Phase.RELEASE);
            for (long id = 4; stage.phase() != Phase.LIVE; id++) {
                stage.checkpoint(id);
                Set<String> lists = lists(stage.rows());
                assertThat(lists).doesNotContainAnyElementsOf(released);
                released.addAll(lists);
            }
            assertThat(released).hasSize(10);
        }
    }

    @Test
    void aFailureDuringTheReadingReadsAgain() throws Exception {
        HeldRows target = new HeldRows().byHand();
        for (int i = 0; i < 4; i++) {
            target.put(group(VIEW, "l" + i), true, number(1), number(i));
        }
        OperatorSubtaskState state;
        GroupStage first = StageHarness.stage(1, target, SLICES, committed());
        try (StageHarness stage = StageHarness.fresh(first)) {
            fill(stage, 6);
            stage.ready(FIRST);
            target.answer();
            stage.mails();
            state = stage.checkpoint(1);
            target.answer();
            stage.mails();
            stage.checkpoint(2);
            assertThat(lists(stage.rows())).containsExactlyInAnyOrder("l4", "l5");
        }
        target.forgetAsked();
        GroupStage again = StageHarness.stage(1, target, SLICES, committed());
        try (StageHarness stage = StageHarness.restored(again, state, 1)) {
            assertThat(stage.phase()).isEqualTo(Phase.RECONCILE);
            stage.take(retract("l0", 0));
            target.answer();
            stage.mails();
            target.answer();
            stage.mails().checkpoint(3);
            assertThat(lists(stage.rows())).containsExactlyInAnyOrder("l0", "l4", "l5");
        }
    }

    @Test
    void groupsThatTheCacheCannotHoldGiveTheirRowsAllTheSame() throws Exception {
        try (StageHarness stage = stage(new StageOptions(2, 1_500, 10, 100), committed())) {
            stage.ready(FIRST).checkpoint(1);
            fill(stage, 10);
            fill(stage, 5);
            stage.checkpoint(2);
            List<Row> rows = stage.rows();
            assertThat(lists(rows)).hasSize(10);
            assertThat(rows)
                    .filteredOn(row -> row.group().equals(group(VIEW, "l3")))
                    .extracting(Row::measures)
                    .containsExactly(new Value[] {number(2), number(3)});

            stage.checkpoint(3);
            assertThat(stage.rows()).isEmpty();
        }
    }

    /** Also that of a group which is empty, and not in state any more. */
    @Test
    void anEarlyRowIsKeptBackIfItsViewIsHeldBeforeTheBarrier() throws Exception {
        try (StageHarness stage = stage(new StageOptions(2, 1_500, 10, 100), committed())) {
            stage.ready(FIRST).checkpoint(1);
            fill(stage, 3);
            stage.checkpoint(2);
            assertThat(lists(stage.rows())).containsExactlyInAnyOrder("l0", "l1", "l2");

            stage.take(retract("l0", 0), add("l1", 5), add("l3", 1), add("l4", 1));
            Value[] one = {Value.TRUE, number(1)};
            stage.take(new Contribution(group(VIEW, "l9"), FIRST + 1, 9, null, one));
            stage.checkpoint(3);
            assertThat(stage.rows()).isEmpty();
            assertThat(stage.counters().rowsHeld.getCount())
                    .as("all but l4, which was written back while the view was held")
                    .isEqualTo(4);

            stage.ready(FIRST + 1).checkpoint(4);
            List<Row> rows = stage.rows();
            assertThat(lists(rows)).containsExactlyInAnyOrder("l0", "l1", "l3", "l4", "l9");
            assertThat(rows).filteredOn(Row::empty).hasSize(1);
        }
    }

    @Test
    void aDrainIsNoGeneration() throws Exception {
        try (StageHarness stage = stage(SLICES, committed())) {
            fill(stage, 3);
            stage.ready(Watermark.MAX_WATERMARK.getTimestamp()).checkpoint(1);
            assertThat(stage.phase()).isEqualTo(Phase.HOLD);
            assertThat(stage.counters().maxWatermarksIgnored.getCount()).isEqualTo(1);
            assertThat(stage.flink().getOutput()).isEmpty();
        }
    }

    @Test
    void watermarksAreForwardedBehindTheLastRowOfTheRelease() throws Exception {
        try (StageHarness stage = stage(SLICES, committed())) {
            fill(stage, 5);
            stage.checkpoint(1);
            stage.ready(FIRST);
            stage.checkpoint(2);
            assertThat(stage.flink().getOutput()).doesNotContain(new Watermark(FIRST));
            stage.checkpoint(3);
            assertThat(stage.phase()).isEqualTo(Phase.LIVE);
            assertThat(stage.flink().getOutput()).last().isEqualTo(new Watermark(FIRST));
        }
    }

    @Test
    void retractingFromNothingStopsTheJob() throws Exception {
        try (StageHarness stage = stage(SLICES, committed())) {
            assertThatThrownBy(() -> stage.take(retract("a", 3)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching(
                            "cannot retract an item from group #[0-9a-f]{8} of view task-count: it"
                                    + " has none\\. .*");
        }
    }

    @Test
    void retractingAValueThatIsNotThereStopsTheJob() throws Exception {
        try (StageHarness stage = stage(SLICES, committed())) {
            stage.take(add("a", 3), add("a", 4), retract("a", 5));
            assertThatThrownBy(() -> stage.checkpoint(1))
                    .hasMessageContaining("measure M_MAX of view task-count")
                    .hasMessageNotContaining("5");
        }
    }

    @Test
    void aResultBeyondDynamoDbLeavesTheRowAndGivesADeadLetter() throws Exception {
        ViewSpec sums =
                GroupKit.view(
                        VIEW,
                        EmptyGroup.ZERO,
                        Freshness.COMMITTED,
                        ExistingRows.REFUSE,
                        Kind.COUNT,
                        Kind.SUM);
        Value huge = Value.number("9E+125");
        Contribution one =
                new Contribution(group(VIEW, "a"), FIRST, 7, null, new Value[] {Value.TRUE, huge});
        try (StageHarness stage = stage(SLICES, sums)) {
            stage.take(one, one).ready(FIRST).checkpoint(1);
            assertThat(stage.rows())
                    .extracting(Row::measures)
                    .containsExactly(new Value[] {number(2), null});
            DeadLetter letter =
                    stage.flink().getSideOutput(GroupStage.DEAD_LETTERS).remove().getValue();
            assertThat(letter.source()).isEqualTo("view task-count");
            assertThat(letter.keys().get("ListId")).isEqualTo(Value.text("a"));
            assertThat(letter.reason()).startsWith("cannot write M_SUM: the result is beyond");
            assertThat(stage.counters().overflows.getCount()).isEqualTo(1);
        }
    }
}
