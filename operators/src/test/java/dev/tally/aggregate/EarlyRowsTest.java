package dev.tally.aggregate;

import static dev.tally.aggregate.GroupKit.VIEW;
import static dev.tally.aggregate.GroupKit.group;
import static dev.tally.aggregate.GroupKit.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.aggregate.GroupState.Emitted;
import dev.tally.aggregate.measure.HeapPages;
import dev.tally.item.Value;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyRowsTest {

    private final List<Row> out = new ArrayList<>();
    private final List<GroupKey> kept = new ArrayList<>();
    private boolean held;

    @Test
    void aRowIsOutOnceAsItWasKeptLast() {
        EarlyRows rows = new EarlyRows(1_000);
        Value[] results = {number(3), null, Value.number("1E+30"), Value.text("b")};
        assertThat(rows.put(touched("a", 17), new Emitted(new Value[] {number(2)}, false)))
                .isTrue();
        assertThat(rows.put(touched("b", 0), new Emitted(new Value[] {number(0)}, true))).isTrue();
        assertThat(rows.put(touched("a", 18), new Emitted(results, false))).isTrue();
        assertThat(rows.size()).isEqualTo(2);

        assertThat(commit(rows, 5)).isZero();
        assertThat(out)
                .containsExactlyInAnyOrder(
                        new Row(group(VIEW, "a"), results, false, 5, 0, 18),
                        new Row(group(VIEW, "b"), new Value[] {number(0)}, true, 5, 0, 0));
        assertThat(rows.size()).isZero();
        commit(rows, 6);
        assertThat(out).hasSize(2);
    }

    /** State says of a group with a row here that it is out: it must not lose it. */
    @Test
    void whereThereIsNoRoomForOneMoreThereIsForANewerOne() {
        EarlyRows rows = new EarlyRows(350);
        Emitted small = new Emitted(new Value[] {number(1)}, false);
        Emitted large = new Emitted(new Value[] {Value.text("x".repeat(400))}, false);
        assertThat(rows.put(touched("a", 1), small)).isTrue();
        assertThat(rows.put(touched("b", 1), small)).isTrue();
        assertThat(rows.put(touched("c", 1), small)).isFalse();
        assertThat(rows.put(touched("a", 1), large)).isTrue();
        assertThat(rows.put(touched("c", 1), small)).isFalse();
        rows.remove(group(VIEW, "a"));
        assertThat(rows.put(touched("c", 1), small)).isTrue();
        commit(rows, 2);
        assertThat(out).extracting(Row::group).containsExactly(group(VIEW, "b"), group(VIEW, "c"));
    }

    @Test
    void ofAViewThatIsHeldNoneIsOut() {
        EarlyRows rows = new EarlyRows(1_000);
        rows.put(touched("a", 1), new Emitted(new Value[] {number(1)}, false));
        held = true;
        assertThat(commit(rows, 2)).isEqualTo(1);
        assertThat(out).isEmpty();
        assertThat(kept).containsExactly(group(VIEW, "a"));
        assertThat(rows.has(group(VIEW, "a"))).isFalse();
    }

    private long commit(EarlyRows rows, long checkpoint) {
        return rows.commit(checkpoint, new Out(), kept::add);
    }

    private static Group touched(String list, long time) {
        ViewRules rules = new ViewRules(GroupKit.committed(), 0);
        Group group = new Group(group(VIEW, list), rules, measure -> new HeapPages());
        group.touch(time);
        return group;
    }

    private final class Out implements Outlet {

        @Override
        public boolean letsOut(String view) {
            return !held;
        }

        @Override
        public boolean letsEagerOut(String view) {
            return !held;
        }

        @Override
        public boolean renews(String view) {
            return false;
        }

        @Override
        public void row(Row row) {
            out.add(row);
        }

        @Override
        public void overflow(Group group, Row row) {
            throw new AssertionError("no result overflows");
        }
    }
}
