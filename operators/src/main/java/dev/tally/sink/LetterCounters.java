package dev.tally.sink;

import dev.tally.change.DeadLetter;
import dev.tally.view.FeedSpec;
import dev.tally.view.OwnMetric;
import dev.tally.view.ViewSpec;
import dev.tally.view.Views;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Counts dead letters by the table that they come from, wherever on the way they were refused. */
final class LetterCounters {

    private final MetricGroup operator;
    private final Map<String, String> tables;

    /** Those of all tables are there from the start, so that nothing is mistaken for no letters. */
    private final Map<String, Counter> counters = new HashMap<>();

    LetterCounters(MetricGroup operator, Map<String, String> tables) {
        this.operator = operator;
        this.tables = tables;
        tables.values().forEach(this::of);
    }

    /** Logical table by {@link DeadLetter#source}; can be serialized. */
    static Map<String, String> tables(Views views) {
        TreeMap<String, String> tables = new TreeMap<>();
        for (ViewSpec view : views.views()) {
            tables.put("view " + view.name(), view.table());
            tables.put("table " + view.table(), view.table());
        }
        for (FeedSpec feed : views.feeds()) {
            tables.put("feed " + feed.name(), feed.table());
            tables.put("table " + feed.table(), feed.table());
        }
        return tables;
    }

    /** A source that is not known is taken for a table's name: no letter goes without a counter. */
    void count(DeadLetter letter) {
        of(tables.getOrDefault(letter.source(), letter.source())).inc();
    }

    private Counter of(String table) {
        return counters.computeIfAbsent(
                table, name -> OwnMetric.DEAD_LETTERS.counter(operator, name));
    }
}
