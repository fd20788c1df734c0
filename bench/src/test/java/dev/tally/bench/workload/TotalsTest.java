package dev.tally.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TotalsTest {

    @ParameterizedTest
    @EnumSource
    void recountIsWhatANaiveReplayComesTo(Shape shape) {
        Changes changes = Changes.of(shape, 20_000, 3);

        assertThat(Totals.recount(changes, true)).isEqualTo(replay(changes));
    }

    /** A table that takes changes as they come, but none that is older than what it has. */
    private static Map<String, Totals> replay(Changes changes) {
        Map<Integer, Integer> table = new HashMap<>();
        for (int i = 0; i < changes.size(); i++) {
            table.merge(
                    changes.item(i),
                    i,
                    (old, now) -> changes.sequence(now) > changes.sequence(old) ? now : old);
        }
        Map<String, LongSummaryStatistics> amounts = new HashMap<>();
        Map<String, TreeSet<Integer>> customers = new HashMap<>();
        for (int i : table.values()) {
            if (changes.group(i) != Changes.REMOVED) {
                String group = Names.group(changes.group(i));
                amounts.computeIfAbsent(group, g -> new LongSummaryStatistics())
                        .accept(changes.measured(i));
                customers.computeIfAbsent(group, g -> new TreeSet<>()).add(changes.customer(i));
            }
        }
        Map<String, Totals> totals = new HashMap<>();
        amounts.forEach(
                (group, all) ->
                        totals.put(
                                group,
                                new Totals(
                                        all.getCount(),
                                        all.getSum(),
                                        all.getAverage(),
                                        all.getMin(),
                                        all.getMax(),
                                        customers.get(group).size())));
        return totals;
    }

    @Test
    void missingSurplusAndDifferentGroupsAreWrong() {
        Totals three = new Totals(3, 9, 3, 1, 5, 2);
        Map<String, Totals> truth = Map.of("a", three, "b", three, "c", three);

        assertThat(Totals.wrong(truth, truth)).isZero();
        assertThat(Totals.wrong(truth, Map.of("a", three, "b", three))).isEqualTo(1);
        assertThat(Totals.wrong(Map.of("a", three), truth)).isEqualTo(2);
        assertThat(Totals.wrong(truth, Map.of("a", three, "b", three, "d", three))).isEqualTo(2);
        assertThat(Totals.wrong(truth, Map.of())).isEqualTo(3);
    }

    @Test
    void eachFigureOfAGroupCounts() {
        Map<String, Totals> truth = Map.of("a", new Totals(3, 9, 3, 1, 5, 2));

        assertThat(Totals.wrong(truth, Map.of("a", new Totals(4, 9, 3, 1, 5, 2)))).isEqualTo(1);
        assertThat(Totals.wrong(truth, Map.of("a", new Totals(3, 8, 3, 1, 5, 2)))).isEqualTo(1);
        assertThat(Totals.wrong(truth, Map.of("a", new Totals(3, 9, 3.1, 1, 5, 2)))).isEqualTo(1);
        assertThat(Totals.wrong(truth, Map.of("a", new Totals(3, 9, 3, 0, 5, 2)))).isEqualTo(1);
        assertThat(Totals.wrong(truth, Map.of("a", new Totals(3, 9, 3, 1, 6, 2)))).isEqualTo(1);
        assertThat(Totals.wrong(truth, Map.of("a", new Totals(3, 9, 3, 1, 5, 1)))).isEqualTo(1);
    }
}
