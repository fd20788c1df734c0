package dev.tally.job.figures;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.sink.ItemTable;
import dev.tally.view.Membership;
import dev.tally.view.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How long a change takes to its row, as a reader sees it: changes one task a few times a second
 * and reads its row in every view, consistently, until it shows the change. The time runs from the
 * answer to the write until the answer to the first read that shows it.
 *
 * <p>One thread writes and reads; what it has found is asked for after {@link #stop}. It leaves
 * nothing behind in the source table, and rows without items in the targets.
 */
public final class LatencyProbe implements AutoCloseable {

    private static final long PAUSE_MILLIS = 200;

    /** So that changes meet checkpoints and polls at any moment. */
    private static final int JITTER_MILLIS = 100;

    private static final long LOOK_MILLIS = 10;
    private static final Duration LAST_LOOKS = Duration.ofSeconds(5);

    /** A run that is stopped too early for these goes on for them, but not longer than that. */
    private static final int CHANGES_MIN = 5;

    private static final Duration LATE_MAX = Duration.ofSeconds(40);

    private final ItemTable source;
    private final List<ProbedRow> rows = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Random random;
    private final Thread thread = new Thread(this::run, "latency-probe");
    private volatile RuntimeException failure;
    private volatile long stoppedAt;
    private long changes;
    private long endedAt;

    /**
     * @param source the table of tasks; not closed here
     */
    public LatencyProbe(ItemTable source, long seed) {
        this.source = source;
        this.random = new Random(seed);
    }

    /**
     * Watches a view, if its rows can show the probe's changes.
     *
     * @param target the table of its rows, closed here
     * @return whether it is watched
     */
    public boolean watch(Membership membership, KeySchema targetKey, ItemTable target) {
        if (!ProbedRow.canShow(membership)) {
            target.close();
            return false;
        }
        rows.add(ProbedRow.of(membership, targetKey, target));
        return true;
    }

    /** Begins; what the views have to catch up with at first is not measured. */
    public void start() {
        if (!rows.isEmpty()) {
            thread.start();
        }
    }

    /** Returns when a few changes at least and the last one are shown, or the patience is over. */
    public void stop() throws InterruptedException {
        stoppedAt = System.nanoTime();
        stopped.countDown();
        thread.join();
    }

    /** A line for each view. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (ProbedRow row : rows) {
            boolean eager = row.view().to().freshness() == Target.Freshness.EAGER;
            lines.add(
                    "view "
                            + row.view().name()
                            + (eager ? " (eager): " : " (committed): ")
                            + (failure == null ? measured(row.latencies()) : failed()));
        }
        return lines;
    }

    /**
     * What so much of the changes did not exceed until a view's row showed them.
     *
     * @param quantile above 0, up to 1
     * @return milliseconds; NaN without changes
     * @throws IllegalArgumentException if the view is not watched
     */
    public double millis(String view, double quantile) {
        return of(view).millis(quantile, endedAt);
    }

    /** How many changes a view's row has shown. */
    public int shown(String view) {
        return of(view).shown();
    }

    private Latencies of(String view) {
        for (ProbedRow row : rows) {
            if (row.view().name().equals(view)) {
                return row.latencies();
            }
        }
        throw new IllegalArgumentException("view " + view + " is not watched");
    }

    private String measured(Latencies latencies) {
        if (latencies.shown() == 0) {
            return "change to row not measured: the run was too short";
        }
        int all = latencies.shown() + latencies.awaited();
        String line =
                String.format(
                        Locale.ROOT,
                        "change to row p50 %,.0f ms, p99 %,.0f ms, of %d changes",
                        latencies.millis(0.5, endedAt),
                        latencies.millis(0.99, endedAt),
                        all);
        return latencies.awaited() == 0
                ? line
                : line + ", " + latencies.awaited() + " of them not shown at the end";
    }

    private String failed() {
        return "change to row not measured: " + failure.getMessage();
    }

    private void run() {
        try {
            change();
            while (awaited() && !ended()) {
                look();
            }
            rows.forEach(row -> row.latencies().restart());
            long next = System.nanoTime();
            while (!ended()) {
                if (System.nanoTime() - next >= 0) {
                    change();
                    next = System.nanoTime() + pause();
                }
                look();
            }
            lastLooks();
            source.delete(ProbeItem.keys());
        } catch (RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        endedAt = System.nanoTime();
    }

    private void lastLooks() throws InterruptedException {
        long deadline = System.nanoTime() + LAST_LOOKS.toNanos();
        while (awaited() && System.nanoTime() - deadline < 0) {
            look();
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private void change() {
        Item item = ProbeItem.changed(++changes);
        source.put(item);
        long answered = System.nanoTime();
        for (ProbedRow row : rows) {
            row.changed(item, answered);
        }
    }

    private void look() {
        for (ProbedRow row : rows) {
            row.look();
        }
    }

    private boolean awaited() {
        return rows.stream().anyMatch(row -> row.latencies().awaited() > 0);
    }

    private boolean ended() throws InterruptedException {
        if (!stopped.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            return false;
        }
        // Once stopped, nothing above waits any more.
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        boolean enough = rows.stream().allMatch(row -> row.latencies().shown() >= CHANGES_MIN);
        return enough || System.nanoTime() - stoppedAt > LATE_MAX.toNanos();
    }

    private long pause() {
        return TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS + random.nextInt(JITTER_MILLIS));
    }

    /** Ends it, whatever it waits for. */
    @Override
    public void close() {
        thread.interrupt();
        rows.forEach(ProbedRow::close);
    }
}
