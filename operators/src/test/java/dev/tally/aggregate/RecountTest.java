package dev.tally.aggregate;

import static dev.tally.aggregate.GroupKit.VIEW;
import static dev.tally.aggregate.GroupKit.group;
import static dev.tally.aggregate.GroupKit.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Value;
import dev.tally.view.MeasureSpec.Kind;
import dev.tally.view.Member;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.Target.ExistingRows;
import dev.tally.view.Target.Freshness;
import dev.tally.view.ViewSpec;
import org.junit.jupiter.api.Test;

/** Counting a view from scratch. */
class RecountTest {

    private static final ViewSpec ALL =
            GroupKit.view(
                    VIEW,
                    EmptyGroup.ZERO,
                    Freshness.COMMITTED,
                    ExistingRows.REFUSE,
                    Kind.COUNT,
                    Kind.SUM,
                    Kind.AVG,
                    Kind.MIN,
                    Kind.MAX,
                    Kind.COUNT_DISTINCT);

    private static Member member(String list, Long effort) {
        Value input = effort == null ? null : number(effort);
        return new Member(
                group(VIEW, list), new Value[] {Value.TRUE, input, input, input, input, input});
    }

    @Test
    void givesTheMeasuresOfEachGroup() {
        Recount recount = new Recount(ALL);
        recount.add(member("a", 1L));
        recount.add(member("a", 3L));
        recount.add(member("a", 3L));
        recount.add(member("a", null));
        recount.add(member("b", null));

        assertThat(recount.items()).isEqualTo(5);
        assertThat(recount.results()).hasSize(2);
        assertThat(recount.results().get(group(VIEW, "a")))
                .containsExactly(
                        number(4),
                        number(7),
                        Value.number("2.3333333333333333333333333333333333333"),
                        number(1),
                        number(3),
                        number(2));
        assertThat(recount.results().get(group(VIEW, "b")))
                .containsExactly(number(1), number(0), null, null, null, number(0));
        assertThat(recount.nothing())
                .containsExactly(number(0), number(0), null, null, null, number(0));
    }

    @Test
    void partsMergeIntoTheWhole() {
        Recount whole = new Recount(ALL);
        Recount left = new Recount(ALL);
        Recount right = new Recount(ALL);
        for (long i = 0; i < 30; i++) {
            Member member = member("l" + i % 4, i % 5);
            whole.add(member);
            (i % 3 == 0 ? left : right).add(member);
        }
        left.merge(right);

        assertThat(left.items()).isEqualTo(whole.items());
        assertThat(left.results()).containsExactlyInAnyOrderEntriesOf(whole.results());
    }
}
