package dev.tally.job;

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
}
