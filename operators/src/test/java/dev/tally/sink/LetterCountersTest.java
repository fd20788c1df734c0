package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.change.DeadLetter;
import dev.tally.item.Item;
import dev.tally.view.OwnMetric;
import dev.tally.view.Views;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class LetterCountersTest {

    private final Map<String, Counter> counters = new TreeMap<>();
    private final Views views =
            new Views(List.of(), List.of(SinkViews.view("rows-of-letters")), List.of());

    @Test
    void countsByTheTableThatALetterComesFrom() {
        LetterCounters letters = new LetterCounters(new Group(""), LetterCounters.tables(views));
        String tasks = "/" + OwnMetric.GROUP + "/Table=tasks/deadLetters";
        assertThat(counters).as("before any letter").containsOnlyKeys(tasks);

        letters.count(of("view " + SinkViews.NAME));
        letters.count(of("table tasks"));
        assertThat(counters.get(tasks).getCount()).isEqualTo(2);

        letters.count(of("view of another job"));
        assertThat(counters.get(tasks).getCount()).isEqualTo(2);
        assertThat(counters).hasSize(2);
    }

    private static DeadLetter of(String source) {
        return new DeadLetter("e1", source, "why", Item.EMPTY, null, 0, null);
    }

    /** Keeps counters by their whole path. */
    private final class Group extends UnregisteredMetricsGroup {
        private final String path;

        private Group(String path) {
            this.path = path;
        }

        @Override
        public MetricGroup addGroup(String name) {
            return new Group(path + "/" + name);
        }

        @Override
        public MetricGroup addGroup(String key, String value) {
            return new Group(path + "/" + key + "=" + value);
        }

        @Override
        public Counter counter(String name) {
            return counters.computeIfAbsent(path + "/" + name, key -> new SimpleCounter());
        }
    }
}
