package dev.tally.aggregate;

import static dev.tally.aggregate.GroupKit.FIRST;
import static dev.tally.aggregate.GroupKit.VIEW;
import static dev.tally.aggregate.GroupKit.add;
import static dev.tally.aggregate.GroupKit.committed;
import static dev.tally.aggregate.GroupKit.group;
import static dev.tally.aggregate.GroupKit.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Value;
import dev.tally.view.Contribution;
import dev.tally.view.MeasureSpec.Kind;
import dev.tally.view.Row;
import dev.tally.view.Target;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.Target.ExistingRows;
import dev.tally.view.Target.Freshness;
import dev.tally.view.ViewSpec;
import dev.tally.view.ViewSpec.RemovedView;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.api.Test;

/** Views that come, change and go between two submissions, and are held one by one. */
class GroupStageViewsTest {

    private static final long SECOND = 2 * FIRST;
    private static final String ADDED = "added";

    private final HeldRows target = new HeldRows();

    private static ViewSpec view(String name, RemovedView removed, Kind... kinds) {
        ViewSpec spec =
                GroupKit.view(
                        name, EmptyGroup.ZERO, Freshness.COMMITTED, ExistingRows.REFUSE, kinds);
        return new ViewSpec(
                name, spec.table(), null, spec.groupBy(), spec.measures(), spec.to(), removed);
    }

    private static ViewSpec added() {
        return view(ADDED, RemovedView.FAIL, Kind.COUNT);
    }

    private static Contribution count(String view, String list, long generation) {
        return new Contribution(group(view, list), generation, 7, null, new Value[] {Value.TRUE});
    }

    private StageHarness fresh(ViewSpec... views) throws Exception {
        return StageHarness.fresh(StageHarness.stage(1, target, StageOptions.DEFAULTS, views));
    }

    private StageHarness restored(OperatorSubtaskState state, long submission, ViewSpec... views)
            throws Exception {
        return StageHarness.restored(
                StageHarness.stage(submission, target, StageOptions.DEFAULTS, views), state, 1);
    }

    /** The committed view, live and written. */
    private OperatorSubtaskState live(ViewSpec... views) throws Exception {
        try (StageHarness stage = fresh(views)) {
            stage.take(add("a", 3)).ready(FIRST);
            OperatorSubtaskState state = stage.checkpoint(1);
            stage.rows().forEach(target::write);
            return state;
        }
    }

    private static List<String> rows(StageHarness stage) {
        return stage.rows().stream()
                .map(GroupStageViewsTest::text)
                .sorted()
                .collect(Collectors.toList());
    }

    private static String text(Row row) {
        String name = row.group().view() + "/" + row.group().values().get(0).asText();
        return row.empty() ? name + " empty" : name;
    }

    @Test
    void anAddedViewShowsNothingBeforeItsGenerationAndHoldsNoOther() throws Exception {
        OperatorSubtaskState state = live(committed());
        try (StageHarness stage = restored(state, 2, committed(), added())) {
            stage.take(count(ADDED, "a", SECOND)).ready(FIRST).checkpoint(2);
            assertThat(rows(stage)).containsExactly("task-count/a");
            assertThat(stage.phase(VIEW)).isEqualTo(Phase.LIVE);
            assertThat(stage.phase(ADDED)).isEqualTo(Phase.HOLD);

            stage.take(add("b", 4), count(ADDED, "b", SECOND)).checkpoint(3);
            assertThat(rows(stage)).containsExactly("task-count/b");
            assertThat(stage.counters().rowsHeld.getCount()).isEqualTo(2);

            stage.ready(SECOND).checkpoint(4);
            assertThat(rows(stage)).containsExactly("added/a", "added/b");
            assertThat(stage.phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    void anAddedViewWaitsThoughNothingOfItHasComeYet() throws Exception {
        OperatorSubtaskState state = live(committed());
        target.put(group(ADDED, "old"), true, number(5));
        try (StageHarness stage = restored(state, 2, committed(), added())) {
            stage.ready(FIRST).checkpoint(2);
            assertThat(rows(stage)).containsExactly("task-count/a");
            assertThat(stage.phase(ADDED)).isEqualTo(Phase.HOLD);
            state = stage.checkpoint(3);
        }
        try (StageHarness stage = restored(state, 2, committed(), added())) {
            assertThat(stage.phase(VIEW)).isEqualTo(Phase.LIVE);
            assertThat(stage.phase(ADDED)).isEqualTo(Phase.HOLD);
            stage.ready(FIRST).checkpoint(4);
            assertThat(rows(stage)).isEmpty();

            stage.ready(SECOND).checkpoint(5);
            assertThat(rows(stage)).containsExactly("added/old empty");
        }
    }

    @Test
    void marksAreForwardedThoughALaterGenerationBuildsAView() throws Exception {
        OperatorSubtaskState state = live(committed());
        try (StageHarness stage = restored(state, 2, committed(), added())) {
            stage.take(count(ADDED, "a", SECOND)).ready(FIRST);
            assertThat(stage.flink().getOutput()).isEmpty();
            stage.checkpoint(2);
            assertThat(stage.flink().getOutput()).last().isEqualTo(new Watermark(FIRST));

            stage.ready(SECOND);
            assertThat(stage.flink().getOutput()).last().isEqualTo(new Watermark(FIRST));
            stage.checkpoint(3);
            assertThat(stage.flink().getOutput()).last().isEqualTo(new Watermark(SECOND));
        }
    }

    @Test
    void aMarkIsNotForwardedWhileAViewIsHeldAgain() throws Exception {
        try (StageHarness stage = fresh(committed(), GroupKit.eager())) {
            stage.ready(FIRST);
            stage.take(count(GroupKit.EAGER, "a", SECOND)).checkpoint(1);
            assertThat(stage.phase(VIEW)).isEqualTo(Phase.LIVE);
            assertThat(stage.flink().getOutput()).isEmpty();

            stage.ready(SECOND).checkpoint(2);
            assertThat(stage.flink().getOutput()).last().isEqualTo(new Watermark(SECOND));
        }
    }

    @Test
    void aLossHoldsOnlyTheViewsThatItTouches() throws Exception {
        try (StageHarness stage = fresh(committed(), added())) {
            stage.take(add("a", 3), count(ADDED, "a", FIRST)).ready(FIRST).checkpoint(1);
            stage.rows();

            stage.take(count(ADDED, "b", SECOND), add("b", 1)).checkpoint(2);
            assertThat(rows(stage)).containsExactly("task-count/b");

            stage.ready(SECOND).checkpoint(3);
            assertThat(rows(stage)).containsExactly("added/b");
        }
    }

    @Test
    void aViewThatIsReleasedDuringTheWalkOfAnotherGetsOneOfItsOwn() throws Exception {
        StageOptions slices = new StageOptions(100, 10_000, 10, 4);
        ViewSpec[] views = {committed(), added()};
        try (StageHarness stage =
                StageHarness.fresh(StageHarness.stage(1, target, slices, views))) {
            for (int i = 0; i < 10; i++) {
                stage.take(add("l" + i, 1), count(ADDED, "l" + i, SECOND));
            }
            stage.checkpoint(1);
            stage.ready(FIRST).checkpoint(2);
            int released = stage.rows().size();
            assertThat(released).isEqualTo(4);

            stage.ready(SECOND);
            for (long id = 3; stage.phase() != Phase.LIVE; id++) {
                stage.checkpoint(id);
                released += stage.rows().size();
            }
            assertThat(released).isEqualTo(20);
        }
    }

    @Test
    void aChangedViewForgetsItsGroupsAndIsBuiltAnew() throws Exception {
        OperatorSubtaskState state = live(committed());
        ViewSpec changed = view(VIEW, RemovedView.FAIL, Kind.COUNT);
        for (int attempt = 0; attempt < 2; attempt++) {
            try (StageHarness stage = restored(state, 2, changed)) {
                assertThat(stage.stored()).isZero();
                assertThat(stage.storedValues(1)).isZero();
                assertThat(stage.phase()).isEqualTo(Phase.HOLD);
            }
        }
        try (StageHarness stage = restored(state, 2, changed)) {
            stage.take(count(VIEW, "b", SECOND)).ready(FIRST).checkpoint(2);
            assertThat(rows(stage)).isEmpty();
            stage.ready(SECOND).checkpoint(3);
            assertThat(rows(stage)).containsExactly("task-count/a empty", "task-count/b");
        }
    }

    @Test
    void aViewMayGoIfItSaidSo() throws Exception {
        for (RemovedView policy : List.of(RemovedView.KEEP, RemovedView.DELETE_ROWS)) {
            OperatorSubtaskState state =
                    live(committed(), view(ADDED, policy, Kind.COUNT, Kind.COUNT_DISTINCT));
            try (StageHarness stage = restored(state, 2, committed())) {
                assertThat(stage.stored()).isEqualTo(1);
                state = stage.ready(FIRST).checkpoint(2);
                assertThat(stage.phase()).isEqualTo(Phase.LIVE);
            }
            try (StageHarness stage = restored(state, 2, committed(), added())) {
                assertThat(stage.phase(ADDED)).as("new again").isEqualTo(Phase.HOLD);
                assertThat(stage.ready(FIRST).phase(ADDED)).isEqualTo(Phase.HOLD);
            }
        }
    }

    @Test
    void aViewThatMayNotGoIsMissed() throws Exception {
        OperatorSubtaskState state = live(committed(), added());
        assertThatThrownBy(() -> restored(state, 2, committed()))
                .isInstanceOf(SuppressRestartsException.class)
                .hasRootCauseMessage(
                        "cannot go on without view added: the savepoint has its groups, and its"
                                + " removed-view is fail. Put it back; to remove it, start once"
                                + " with removed-view: keep (or delete-rows) in it, stop with a"
                                + " savepoint and take it out then.");
    }

    @Test
    void aViewWithAnotherTargetKeepsItsGroups() throws Exception {
        OperatorSubtaskState state = live(committed());
        Target elsewhere =
                new Target(
                        "elsewhere",
                        null,
                        null,
                        null,
                        null,
                        0,
                        "_tally",
                        EmptyGroup.ZERO,
                        Freshness.COMMITTED,
                        ExistingRows.REFUSE);
        HeldRows empty = new HeldRows();
        ViewSpec moved = GroupKit.view(VIEW, elsewhere, Kind.COUNT, Kind.MAX);
        GroupStage again = StageHarness.stage(2, empty, StageOptions.DEFAULTS, moved);
        try (StageHarness stage = StageHarness.restored(again, state, 1)) {
            stage.ready(FIRST).checkpoint(2);
            assertThat(rows(stage)).containsExactly("task-count/a");
        }
    }
}
