package dev.tally.bench.run;

import java.io.Serializable;

/**
 * Where a {@link ChangesSource} takes changes from; in the JVM of the job, behind a static field.
 *
 * @param <T> what the contestant takes
 */
public interface Feed<T> extends Serializable {

    /** All changes of the items of one subtask. */
    Part<T> of(int subtask, int parallelism);

    /**
     * For one thread.
     *
     * @param <T> what the contestant takes
     */
    interface Part<T> {
        /** Null at the end. */
        T next();
    }
}
