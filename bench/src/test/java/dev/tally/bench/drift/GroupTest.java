package dev.tally.bench.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.source.client.Change;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupTest {

    private static final Item TASK =
            Item.EMPTY
                    .with("TaskId", Value.text("t"))
                    .with("ListId", Value.text("a"))
                    .with("Effort", Value.number("2.50"));

    @Test
    void aMoveTakesFromOneListAndGivesToAnother() {
        Item moved = TASK.with("ListId", Value.text("b"));

        assertThat(Group.changesOf(change(TASK, moved)))
                .isEqualTo(Map.of("a", group(-1, "-2.5"), "b", group(1, "2.5")));
    }

    @Test
    void whatNoGroupCountsChangesNone() {
        Item done = TASK.with("Status", Value.text("done"));

        assertThat(Group.changesOf(change(TASK, done))).isEmpty();
        assertThat(Group.changesOf(change(null, TASK))).containsKey("a");
    }

    @Test
    void missingAndSurplusGroupsAreWrongEmptyOnesAreNot() {
        Map<String, Group> truth = Group.recount(List.of(TASK));

        assertThat(truth).isEqualTo(Map.of("a", group(1, "2.5")));
        assertThat(Group.wrong(truth, Map.of("a", group(1, "2.5"), "b", Group.NONE))).isZero();
        assertThat(Group.wrong(truth, Map.of())).isEqualTo(1);
        assertThat(Group.wrong(truth, Map.of("a", group(1, "2.4"), "b", group(1, "0"))))
                .isEqualTo(2);
    }

    private static Change change(Item before, Item after) {
        return new Change("e", "1", TASK, before, after, after == null, 0, false);
    }

    private static Group group(long tasks, String effort) {
        return new Group(tasks, new BigDecimal(effort));
    }
}
