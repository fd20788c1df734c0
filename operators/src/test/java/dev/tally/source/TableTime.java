package dev.tally.source;

import dev.tally.source.simulated.VirtualClock;
import org.apache.flink.util.clock.Clock;

/** The virtual time of a simulated table as the clock of those who read it. */
public final class TableTime extends Clock {

    private final VirtualClock time;

    public TableTime(VirtualClock time) {
        this.time = time;
    }

    @Override
    public long absoluteTimeMillis() {
        return time.getAsLong();
    }

    @Override
    public long relativeTimeMillis() {
        return time.getAsLong();
    }

    @Override
    public long relativeTimeNanos() {
        return time.getAsLong() * 1_000_000;
    }
}
