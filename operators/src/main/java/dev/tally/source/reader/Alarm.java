package dev.tally.source.reader;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Wakes a reader that has nothing to do until a time. */
public interface Alarm extends AutoCloseable {

    /** Runs the call once, on any thread, after so many milliseconds. */
    void ring(long afterMillis, Runnable call);

    @Override
    void close();

    /** One daemon thread, which only rings. */
    static Alarm threaded(String name) {
        ScheduledExecutorService thread =
                Executors.newSingleThreadScheduledExecutor(
                        work -> {
                            Thread made = new Thread(work, name);
                            made.setDaemon(true);
                            return made;
                        });
        return new Alarm() {
            @Override
            public void ring(long afterMillis, Runnable call) {
                thread.schedule(call, afterMillis, TimeUnit.MILLISECONDS);
            }

            @Override
            public void close() {
                thread.shutdownNow();
            }
        };
    }
}
