package dev.tally.bench.drift;

/**
 * Keeps in a table of DynamoDB how many tasks are on each list, and what effort they are together,
 * in its own way. One thread drives it.
 */
interface Keeper extends AutoCloseable {

    /** Begins to read the stream at its oldest record. */
    void start() throws Exception;

    /** Returns when everything that has been written to the source table is in its rows. */
    void catchUp() throws Exception;

    /** Notes how far it is: a savepoint, or a position in the stream. */
    void mark() throws Exception;

    /** It is killed, and goes on from the mark. */
    void goBack() throws Exception;

    @Override
    void close();
}
