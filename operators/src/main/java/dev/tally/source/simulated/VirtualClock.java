package dev.tally.source.simulated;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Time in milliseconds that moves only when told to; safe for all threads. */
public final class VirtualClock implements LongSupplier {

    private final AtomicLong now;

    public VirtualClock(long start) {
        this.now = new AtomicLong(start);
    }

    @Override
    public long getAsLong() {
        return now.get();
    }

    public void advance(Duration time) {
        now.addAndGet(time.toMillis());
    }
}
