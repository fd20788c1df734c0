package dev.tally.view;

import java.io.Serializable;

/**
 * Takes what the item stage of a table had to put right: signs that records were lost. The status
 * table is behind it. Shipped inside the job graph; connections open at first use.
 */
public interface Repairs extends Serializable, AutoCloseable {

    /**
     * Writes what a subtask has counted since it started, without blocking the caller; failures to
     * write are logged.
     *
     * @param swept items that were gone from the table without a record
     * @param drift records whose old image was not what the state held
     */
    void report(int subtask, long swept, long drift);

    @Override
    void close();
}
