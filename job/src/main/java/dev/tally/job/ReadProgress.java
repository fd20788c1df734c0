package dev.tally.job;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Says how far the reading of a table is, every few seconds. Safe for all threads. */
final class ReadProgress {

    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PrintStream out;
    private final ReadBudget budget;
    private final LongSupplier nanoTime;
    private final long begunAt;
    private String what = "";
    private long items;
    private long saidAt;

    ReadProgress(PrintStream out, ReadBudget budget, LongSupplier nanoTime) {
        this.out = out;
        this.budget = budget;
        this.nanoTime = nanoTime;
        this.begunAt = nanoTime.getAsLong();
        this.saidAt = begunAt;
    }

    /**
     * @param table what is read from now on
     */
    synchronized void begin(String table) {
        what = table;
        items = 0;
        saidAt = nanoTime.getAsLong();
    }

    synchronized void read(int more) {
        items += more;
        long now = nanoTime.getAsLong();
        if (now - saidAt >= EVERY_NANOS) {
            saidAt = now;
            out.printf(
                    "  %d s: %,d items of %s read, %s so far%n",
                    TimeUnit.NANOSECONDS.toSeconds(now - begunAt), items, what, budget.cost());
        }
    }
}
