package dev.tally.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.aggregate.measure.HeapPages;
import dev.tally.aggregate.measure.Measure;
import dev.tally.item.AttributePath;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import dev.tally.view.Filter;
import dev.tally.view.MeasureSpec;
import dev.tally.view.MeasureSpec.Kind;
import dev.tally.view.ViewSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the group stage makes of a view's spec. */
class ViewRulesTest {

    private static final AttributePath EFFORT = AttributePath.parse("Effort");
    private static final MeasureSpec MIN = new MeasureSpec("Min", Kind.MIN, EFFORT, null);

    /** Whether the second of two measures keeps the values of both. */
    private static boolean share(MeasureSpec first, MeasureSpec second) {
        ViewSpec committed = GroupKit.committed();
        ViewSpec view =
                new ViewSpec(
                        "v",
                        "tasks",
                        null,
                        committed.groupBy(),
                        List.of(first, second),
                        committed.to(),
                        ViewSpec.RemovedView.FAIL);
        Measure[] measures = new ViewRules(view, 0).fresh(i -> new HeapPages());
        int waiting = 0;
        for (Measure measure : measures) {
            measure.add(Value.text("a"));
            waiting += measure.waiting() > 0 ? 1 : 0;
        }
        for (Measure measure : measures) {
            measure.settle();
        }
        for (Measure measure : measures) {
            assertThat(measure.result()).isEqualTo(Value.text("a"));
        }
        return waiting == 1;
    }

    @Test
    void aMaximumSharesTheValuesOfAMinimumOfTheSameInputs() {
        MeasureSpec max = new MeasureSpec("Max", Kind.MAX, EFFORT, null);
        assertThat(share(MIN, max)).isTrue();
        assertThat(share(max, MIN)).isTrue();
    }

    @Test
    void measuresOfOtherInputsShareNothing() {
        Filter open = Filter.parse("{\"Status\":[\"open\"]}");
        AttributePath size = AttributePath.parse("Size");
        assertThat(share(MIN, new MeasureSpec("Max", Kind.MAX, size, null))).isFalse();
        assertThat(share(MIN, new MeasureSpec("Max", Kind.MAX, EFFORT, open))).isFalse();
        assertThat(share(MIN, new MeasureSpec("Max", Kind.MAX, EFFORT, null, Type.S))).isFalse();
        assertThat(share(MIN, MIN)).isFalse();
    }
}
