package dev.tally.source.reader;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * Hands work from other threads (answers of the client, alarms) to the task thread, and says
 * whether there is any.
 *
 * <p>Bounded by what is under way: two answers a split and one alarm.
 */
final class Inbox {

    private final Object lock = new Object();
    private ArrayDeque<Runnable> arrived = new ArrayDeque<>();
    private CompletableFuture<Void> available = new CompletableFuture<>();

    /** Any thread. */
    void add(Runnable work) {
        CompletableFuture<Void> waiting;
        synchronized (lock) {
            arrived.add(work);
            waiting = available;
        }
        // Outside of the lock: this runs what depends on the future.
        waiting.complete(null);
    }

    /** Task thread: runs what has arrived, in order. */
    void drain() {
        ArrayDeque<Runnable> work;
        synchronized (lock) {
            // Also with nothing here: a future completed after its work was taken would else stay
            // done, and the task thread would spin.
            if (available.isDone()) {
                available = new CompletableFuture<>();
            }
            if (arrived.isEmpty()) {
                return;
            }
            work = arrived;
            arrived = new ArrayDeque<>();
        }
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
    }

    /** Complete as soon as something has arrived. */
    CompletableFuture<Void> available() {
        synchronized (lock) {
            return arrived.isEmpty() ? available : CompletableFuture.completedFuture(null);
        }
    }
}
