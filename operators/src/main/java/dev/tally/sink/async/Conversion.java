package dev.tally.sink.async;

/**
 * Makes of what flows what a connector takes, on the task's thread.
 *
 * @param <T> what flows
 * @param <E> what the connector takes
 */
public interface Conversion<T, E> {

    /** Null if the element is to be left out; the implementation counts why. */
    E apply(T element);

    /** Bytes that the entry takes while it is buffered. */
    long size(E entry);
}
