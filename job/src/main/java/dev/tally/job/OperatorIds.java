package dev.tally.job;

import dev.tally.view.TableSpec;
import dev.tally.view.Views;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every uid of the graph, in one place: state is found again by them, so they never change. A uid
 * is the stage and the logical name of the table, view or feed that it serves.
 */
public final class OperatorIds {

    private OperatorIds() {}

    public static String source(String table) {
        return "source-" + table;
    }

    /** Apache's consumer, with {@code reader: apache}. */
    public static String apacheStream(String table) {
        return "apache-stream-" + table;
    }

    public static String apacheReady(String table) {
        return "apache-ready-" + table;
    }

    public static String items(String table) {
        return "items-" + table;
    }

    public static String groups(String table) {
        return "groups-" + table;
    }

    public static String rows(String view) {
        return "rows-" + view;
    }

    public static String rowsOf(String view) {
        return "rows-of-" + view;
    }

    public static String feed(String feed) {
        return "feed-" + feed;
    }

    public static String committedRows(String view) {
        return "committed-rows-" + view;
    }

    public static String rowStream(String view) {
        return "row-stream-" + view;
    }

    public static String deadLetters() {
        return "dead-letters";
    }

    /** Where a measurement drops its rows; it has no state. */
    public static String noRows() {
        return "no-rows";
    }

    /** Those of all operators that the pipeline of these views has. */
    static Set<String> of(Views views) {
        Set<String> uids = new TreeSet<>(List.of(deadLetters()));
        for (TableSpec table : views.tables()) {
            uids.addAll(ofTable(table.logicalName()));
        }
        views.views().forEach(view -> uids.addAll(ofView(view.name())));
        views.feeds().forEach(feed -> uids.add(feed(feed.name())));
        return uids;
    }

    private static Set<String> ofTable(String table) {
        return Set.of(
                source(table),
                apacheStream(table),
                apacheReady(table),
                items(table),
                groups(table));
    }

    /** Those that only this view has. */
    static Set<String> ofView(String view) {
        return Set.of(rows(view), rowsOf(view), committedRows(view), rowStream(view));
    }

    /** Those of whatever table or feed has the name. */
    static Set<String> ofName(String name) {
        Set<String> uids = new TreeSet<>(ofTable(name));
        uids.add(feed(name));
        return uids;
    }
}
