package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.aggregate.Recount;
import dev.tally.item.AttributePath;
import dev.tally.item.Value;
import dev.tally.view.GroupKey;
import dev.tally.view.Grouping;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Member;
import dev.tally.view.TargetRow;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as a difference, of readings of one group: items there are, row and guard. */
class SettlingTest {

    private static final ViewSpec VIEW =
            new ViewSpec(
                    "v",
                    "tasks",
                    null,
                    List.of(new Grouping(AttributePath.ofName("ListId"), false, null)),
                    List.of(new MeasureSpec("TaskCount", MeasureSpec.Kind.COUNT, null, null)),
                    null,
                    ViewSpec.RemovedView.FAIL);
    private static final GroupKey HOME = GroupKey.of("v", List.of(Value.text("home")));

    private final Settling settling = new Settling(VIEW, 3, Difference::sameAs);

    /**
     * @param row null if there is none
     */
    private void read(int items, Integer row, String guard) {
        Recount recount = new Recount(VIEW);
        for (int i = 0; i < items; i++) {
            recount.add(new Member(HOME, new Value[] {Value.TRUE}));
        }
        List<TargetRow> rows = new ArrayList<>();
        if (row != null) {
            Value[] measures = {Value.number(row)};
            rows.add(new TargetRow(HOME, measures, guard != null, 0, guard));
        }
        settling.add(Reading.of(items, recount, rows));
    }

    @Test
    void oneReadingIsEnoughIfAllIsEqual() {
        assertThat(settling.open()).isTrue();
        read(3, 3, "g1");
        assertThat(settling.open()).isFalse();
        assertThat(settling.exact()).isTrue();
        assertThat(settling.line())
                .isEqualTo("view v: 1 groups compared with a recount of 3 items, all equal");
    }

    @Test
    void theSameDifferenceUnderTheSameGuardLasts() {
        read(3, 2, "g1");
        read(3, 2, "g1");
        assertThat(settling.open()).isTrue();
        assertThat(settling.exact()).isTrue();
        read(3, 2, "g1");
        assertThat(settling.open()).isFalse();
        assertThat(settling.lasting()).hasSize(1);
        assertThat(settling.line()).endsWith("1 differ: not exact");
        assertThat(settling.lasting().get(0).text(VIEW))
                .isEqualTo("TaskCount is 2, the recount says 3");
    }

    @Test
    void aRowThatCatchesUpIsRight() {
        read(3, 2, "g1");
        read(4, 4, "g2");
        assertThat(settling.open()).isFalse();
        assertThat(settling.exact()).isTrue();
    }

    @Test
    void aRowThatMovesCannotBeTold() {
        read(3, 2, "g1");
        read(3, 2, "g2");
        read(3, 2, "g3");
        read(4, 2, "g3");
        assertThat(settling.open()).isTrue();
        read(5, 2, "g3");
        assertThat(settling.open()).isFalse();
        assertThat(settling.exact()).isTrue();
        assertThat(settling.moving()).isEqualTo(1);
        assertThat(settling.line()).endsWith("5 items, 1 changed all the time, all others equal");
    }

    @Test
    void whatIsEqualOnceIsNotLookedAtAgain() {
        read(3, 3, "g1");
        read(3, 2, "g1");
        read(3, 2, "g1");
        assertThat(settling.exact()).isTrue();
    }

    @Test
    void missingRowsAndGhostsLastToo() {
        for (int i = 0; i < 3; i++) {
            read(3, null, null);
        }
        assertThat(settling.lasting().get(0).text(VIEW))
                .isEqualTo("has no row; the recount says TaskCount 3");
        assertThat(settling.lasting().get(0).foreign()).isFalse();
    }

    @Test
    void anEmptyRowIsNoGhost() {
        read(0, 0, "g1");
        assertThat(settling.exact()).isTrue();
        assertThat(settling.open()).isFalse();
    }
}
