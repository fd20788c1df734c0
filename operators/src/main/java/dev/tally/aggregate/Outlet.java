package dev.tally.aggregate;

import dev.tally.view.Row;

/** Where rows go, whose may, and what cannot be in one. */
interface Outlet {
    /** Whether rows of the view go out at barriers. */
    boolean letsOut(String view);

    /** Whether they go out between barriers too, if the view is eager. */
    boolean letsEagerOut(String view);

    /**
     * Whether the target may hold what nobody knows of: eager rows of an attempt that failed before
     * its next checkpoint, made of records that are lost since. Where such a view is compared and
     * released once more, all its rows are written anew.
     */
    boolean renews(String view);

    void row(Row row);

    /** The group has a result that DynamoDB's numbers cannot hold: the row is without it. */
    void overflow(Group group, Row row);

    /**
     * The row, and what cannot be in it.
     *
     * @param overflowing the row's group if it has results that overflow, or null
     */
    default void emit(Row row, Group overflowing) {
        row(row);
        if (overflowing != null) {
            overflow(overflowing, row);
        }
    }
}
