package dev.tally.bench.rivals;

/** The three ways in which people bring a table's changes into Flink SQL. */
public enum SqlForm {
    /** Every delivery is a row; the newest of each item is picked by its sequence number. */
    NEWEST,
    /** Every delivery replaces its item's row, or removes it: a stale one wins too. */
    UPSERT,
    /** What a change replaces is taken back first; somebody else has dropped stale deliveries. */
    RETRACT;

    /** The totals of a table {@code changes} that has this form. */
    String query(boolean full) {
        return "SELECT list, COUNT(*) AS items, SUM(amount) AS total,"
                + " AVG(CAST(amount AS DOUBLE)) AS average"
                + (full ? MORE : "")
                + " FROM "
                + (this == NEWEST ? NEWEST_ROWS : "changes")
                + " GROUP BY list";
    }

    private static final String MORE =
            ", MIN(amount) AS least, MAX(amount) AS greatest,"
                    + " COUNT(DISTINCT customer) AS customers";

    private static final String NEWEST_ROWS =
            "(SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY seq DESC)"
                    + " AS place FROM changes) WHERE place = 1) WHERE NOT removed";
}
