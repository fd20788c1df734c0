package dev.tally.aggregate;

import static dev.tally.aggregate.GroupKit.FIRST;
import static dev.tally.aggregate.GroupKit.VIEW;
import static dev.tally.aggregate.GroupKit.add;
import static dev.tally.aggregate.GroupKit.committed;
import static dev.tally.aggregate.GroupKit.group;
import static dev.tally.aggregate.GroupKit.number;
import static dev.tally.aggregate.GroupKit.retract;
import static dev.tally.aggregate.StageHarness.MAX_PARALLELISM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Value;
import dev.tally.view.Contribution;
import dev.tally.view.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** The group stage in several subtasks on RocksDB, restored with more and with fewer. */
class GroupStageRescaleTest {

    private static final int LISTS = 40;

    /** All subtasks of one attempt. */
    private static final class Subtasks implements AutoCloseable {
        private final List<StageHarness> all = new ArrayList<>();

        Subtasks(long submission, HeldRows target, int parallelism, Saved saved) throws Exception {
            for (int i = 0; i < parallelism; i++) {
                GroupStage stage =
                        StageHarness.stage(submission, target, StageOptions.DEFAULTS, committed());
                OperatorSubtaskState share = saved == null ? null : saved.share(parallelism, i);
                all.add(StageHarness.restored(stage, parallelism, i, share, 1));
            }
        }

        void take(Contribution contribution) throws Exception {
            int index =
                    KeyGroupRangeAssignment.assignKeyToParallelOperator(
                            contribution.group(), MAX_PARALLELISM, all.size());
            all.get(index).take(contribution);
        }

        void ready() throws Exception {
            for (StageHarness subtask : all) {
                subtask.ready(FIRST);
            }
        }

        Saved checkpoint(long id) throws Exception {
            OperatorSubtaskState[] states = new OperatorSubtaskState[all.size()];
            for (int i = 0; i < states.length; i++) {
                states[i] = all.get(i).checkpoint(id);
            }
            return new Saved(states);
        }

        /** List to what its row says. */
        Map<String, Row> rows() {
            Map<String, Row> rows = new TreeMap<>();
            for (StageHarness subtask : all) {
                for (Row row : subtask.rows()) {
                    String list = row.group().values().get(0).asText();
                    assertThat(rows.put(list, row)).as("second row of %s", list).isNull();
                }
            }
            return rows;
        }

        @Override
        public void close() {
            all.forEach(StageHarness::close);
        }
    }

    private static final class Saved {
        private final OperatorSubtaskState[] states;

        Saved(OperatorSubtaskState... states) {
            this.states = states;
        }

        OperatorSubtaskState share(int parallelism, int index) throws Exception {
            OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(states);
            return AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    all, MAX_PARALLELISM, states.length, parallelism, index);
        }
    }

    private static String list(int i) {
        return "l" + i;
    }

    private static void fill(Subtasks subtasks) throws Exception {
        for (int i = 0; i < LISTS; i++) {
            subtasks.take(add(list(i), i));
            subtasks.take(add(list(i), 1));
        }
    }

    @Test
    void groupsAndValuesMoveWithTheirKeys() throws Exception {
        HeldRows target = new HeldRows();
        Saved saved;
        try (Subtasks one = new Subtasks(1, target, 1, null)) {
            fill(one);
            one.ready();
            saved = one.checkpoint(1);
            assertThat(one.rows()).hasSize(LISTS);
        }
        try (Subtasks two = new Subtasks(1, target, 2, saved)) {
            for (int i = 10; i < 20; i++) {
                two.take(retract(list(i), i));
            }
            saved = two.checkpoint(2);
            Map<String, Row> rows = two.rows();
            assertThat(rows).hasSize(10);
            assertThat(rows.get(list(10)).measures()).containsExactly(number(1), number(1));
        }
        try (Subtasks five = new Subtasks(1, target, 5, saved)) {
            for (int i = 0; i < LISTS; i++) {
                five.take(add(list(i), 2));
            }
            five.checkpoint(3);
            Map<String, Row> rows = five.rows();
            assertThat(rows).hasSize(LISTS);
            assertThat(rows.get(list(10)).measures()).containsExactly(number(2), number(2));
            assertThat(rows.get(list(30)).measures()).containsExactly(number(3), number(30));
        }
    }

    @Test
    void eachSubtaskComparesOnlyItsOwnRows() throws Exception {
        HeldRows target = new HeldRows();
        for (int i = 0; i < LISTS; i++) {
            target.put(group(VIEW, list(i)), true, number(1), number(1));
        }
        try (Subtasks five = new Subtasks(1, target, 5, null)) {
            five.ready();
            five.checkpoint(1);
            assertThat(five.rows()).hasSize(LISTS).allSatisfy((l, row) -> row.empty());
        }
    }

    @Test
    void aSubtaskThatIsStillComparingHoldsThoseItIsMergedWith() throws Exception {
        HeldRows target = new HeldRows().byHand();
        Saved saved;
        try (Subtasks two = new Subtasks(1, target, 2, null)) {
            fill(two);
            two.ready();
            target.answer();
            for (StageHarness subtask : two.all) {
                subtask.mails();
            }
            saved = two.checkpoint(1);
            assertThat(two.all.get(0).phase()).isEqualTo(Phase.LIVE);
            assertThat(two.all.get(1).phase()).isEqualTo(Phase.RECONCILE);
            two.rows().values().forEach(target::write);
        }
        int written = 0;
        for (int i = 0; i < LISTS; i++) {
            Value[] held = target.measures(group(VIEW, list(i)));
            written += held == null ? 0 : 1;
        }
        target.forgetAsked();
        try (Subtasks one = new Subtasks(1, target, 1, saved)) {
            StageHarness subtask = one.all.get(0);
            assertThat(subtask.phase()).isEqualTo(Phase.RECONCILE);
            one.take(add("later", 3));
            one.checkpoint(2);
            assertThat(one.rows()).isEmpty();

            while (target.isAsked()) {
                target.answer();
                subtask.mails();
            }
            one.checkpoint(3);

            assertThat(one.rows()).hasSize(LISTS - written + 1).containsKey("later");
            assertThat(subtask.counters().reconcileEqual.getCount()).isZero();
            assertThat(subtask.phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    void definitionsOfViewsAreKnownToAllSubtasks() throws Exception {
        Saved saved;
        try (Subtasks two = new Subtasks(1, new HeldRows(), 2, null)) {
            saved = two.checkpoint(1);
        }
        try (Subtasks five = new Subtasks(1, new HeldRows(), 5, saved)) {
            saved = five.checkpoint(2);
        }
        try (Subtasks one = new Subtasks(1, new HeldRows(), 1, saved)) {
            assertThat(one.all.get(0).phase()).isEqualTo(Phase.HOLD);
        }
    }
}
