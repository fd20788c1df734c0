package dev.tally.job;

import dev.tally.source.ScanCost;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What may be read a second of source and targets together, in read capacity units, and what was
 * read in all. A page is paid for after it has come; the next ones wait until that is made up for,
 * and are asked for in a size that fits. Safe for all threads.
 */
final class ReadBudget {

    private static final int ITEMS_MAX = 1000;
    private static final int ITEMS_FIRST = 10;

    /** Pages that may be under way at a time: each has so much of a second's units. */
    private static final double SHARES = ParallelScan.THREADS;

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final double perSecond;
    private final LongSupplier nanoTime;
    private double units;
    private long items;

    /** When what was read so far is paid for. */
    private long paidAt;

    /**
     * @param perSecond units; 0 for no limit
     */
    ReadBudget(double perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.paidAt = nanoTime.getAsLong();
    }

    /** Nanoseconds until the next page may be asked for; 0 or less for now. */
    synchronized long waitNanos() {
        return perSecond == 0 ? 0 : paidAt - nanoTime.getAsLong();
    }

    /** Items that the next page may have. */
    synchronized int limit() {
        if (perSecond == 0) {
            return ITEMS_MAX;
        }
        if (items == 0 || units == 0) {
            return ITEMS_FIRST;
        }
        double fits = perSecond / SHARES / (units / items);
        return (int) Math.max(1, Math.min(ITEMS_MAX, fits));
    }

    /** A page of so many items took so many units. */
    synchronized void spent(int read, double used) {
        units += used;
        items += read;
        if (perSecond > 0) {
            long now = nanoTime.getAsLong();
            paidAt = Math.max(paidAt, now) + (long) (used / perSecond * NANOS);
        }
    }

    /** Blocks until the next page may be asked for. */
    void await() throws InterruptedException {
        for (long wait = waitNanos(); wait > 0; wait = waitNanos()) {
            TimeUnit.NANOSECONDS.sleep(wait);
        }
    }

    /** Units in all. */
    synchronized double units() {
        return units;
    }

    /** What was spent, as a sentence's end. */
    String cost() {
        return String.format(
                "%,.1f read units, about $%.4f on demand",
                units(), units() * ScanCost.DOLLARS_PER_MILLION_UNITS / 1e6);
    }
}
