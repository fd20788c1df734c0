package dev.tally.bench.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Item;
import dev.tally.item.Value;
import org.junit.jupiter.api.Test;

class LambdaWayTest {

    private static final Item TASK =
            Item.EMPTY
                    .with("TaskId", Value.text("t"))
                    .with("ListId", Value.text("a"))
                    .with("Effort", Value.number(1));

    @Test
    void oneCallForATaskThatComesGoesOrTakesMoreEffort() {
        assertThat(LambdaWay.calls(null, TASK)).isEqualTo(1);
        assertThat(LambdaWay.calls(TASK, null)).isEqualTo(1);
        assertThat(LambdaWay.calls(TASK, TASK.with("Effort", Value.number(2)))).isEqualTo(1);
    }

    @Test
    void twoForATaskThatMoves() {
        assertThat(LambdaWay.calls(TASK, TASK.with("ListId", Value.text("b")))).isEqualTo(2);
    }

    @Test
    void noneForWhatNoRowShows() {
        assertThat(LambdaWay.calls(TASK, TASK.with("Status", Value.text("done")))).isZero();
        assertThat(LambdaWay.calls(null, null)).isZero();
    }
}
