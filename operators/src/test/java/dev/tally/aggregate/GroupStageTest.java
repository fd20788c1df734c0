package dev.tally.aggregate;

import static dev.tally.aggregate.GroupKit.FIRST;
import static dev.tally.aggregate.GroupKit.VIEW;
import static dev.tally.aggregate.GroupKit.add;
import static dev.tally.aggregate.GroupKit.change;
import static dev.tally.aggregate.GroupKit.committed;
import static dev.tally.aggregate.GroupKit.group;
import static dev.tally.aggregate.GroupKit.number;
import static dev.tally.aggregate.GroupKit.retract;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Value;
import dev.tally.view.Row;
import org.junit.jupiter.api.Test;

/** What the group stage lets out, and when, on real RocksDB. */
class GroupStageTest {

    private static StageHarness stage(HeldRows target) throws Exception {
        return StageHarness.fresh(
                StageHarness.stage(1, target, StageOptions.DEFAULTS, committed()));
    }

    private static Row row(String list, long checkpoint, Value... measures) {
        boolean empty = measures[0].equals(number(0));
        return new Row(group(VIEW, list), measures, empty, checkpoint, 0, 7);
    }

    /** A stage that is live after checkpoint 1, with nothing in it. */
    private static StageHarness live() throws Exception {
        StageHarness stage = stage(new HeldRows()).ready(FIRST);
        stage.checkpoint(1);
        assertThat(stage.phase()).isEqualTo(Phase.LIVE);
        return stage;
    }

    @Test
    void holdsRowsUntilReady() throws Exception {
        try (StageHarness stage = stage(new HeldRows())) {
            stage.take(add("a", 3), add("a", 5), add("b", 1));
            stage.checkpoint(1);
            assertThat(stage.rows()).isEmpty();

            stage.ready(FIRST - 1).checkpoint(2);
            assertThat(stage.rows()).isEmpty();
            assertThat(stage.counters().watermarksNotReady.getCount()).isEqualTo(1);

            stage.ready(FIRST).checkpoint(3);
            assertThat(stage.rows())
                    .containsExactlyInAnyOrder(
                            row("a", 3, number(2), number(5)), row("b", 3, number(1), number(1)));
            assertThat(stage.phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    void writesOnlyRowsThatChanged() throws Exception {
        try (StageHarness stage = live()) {
            stage.take(add("a", 3), add("b", 1)).checkpoint(2);
            assertThat(stage.rows()).hasSize(2);

            stage.checkpoint(3);
            assertThat(stage.rows()).isEmpty();

            stage.take(change("a", 3L, 2L), change("a", 2L, 3L), add("b", 0)).checkpoint(4);
            assertThat(stage.rows()).containsExactly(row("b", 4, number(2), number(1)));
        }
    }

    @Test
    void aGroupThatEmptiesGivesAnEmptyRowAndIsForgotten() throws Exception {
        try (StageHarness stage = live()) {
            stage.take(add("a", 3)).checkpoint(2);
            stage.rows();

            stage.take(retract("a", 3)).checkpoint(3);
            assertThat(stage.rows()).containsExactly(row("a", 3, number(0), null));
            assertThat(stage.stored()).isZero();
            assertThat(stage.storedValues(1)).isZero();
        }
    }

    @Test
    void aGroupThatComesAndGoesBetweenBarriersGivesNoRow() throws Exception {
        try (StageHarness stage = live()) {
            stage.take(add("a", 3), retract("a", 3)).checkpoint(2);
            assertThat(stage.rows()).isEmpty();
            assertThat(stage.stored()).isZero();
            assertThat(stage.storedValues(1)).isZero();
        }
    }
}
