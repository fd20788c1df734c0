package dev.tally.job;

import dev.tally.item.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Reads all segments of a table on a few threads, page by page, within a budget. */
final class ParallelScan {

    static final int THREADS = 4;

    /** More than threads, so that a heavy segment does not leave three of them idle for long. */
    static final int SEGMENTS = 16;

    /** What one thread reads with; used by that thread alone. */
    interface Part {
        /**
         * Reads a page and takes in what is on it.
         *
         * @param after where the segment's page before ended; null for its first
         */
        Page read(int segment, Item after, int limit) throws Exception;
    }

    /** What a page was. */
    static final class Page {
        private final Item next;
        private final int items;
        private final double units;

        /**
         * @param next null at the end of the segment
         */
        Page(Item next, int items, double units) {
            this.next = next;
            this.items = items;
            this.units = units;
        }
    }

    private final ReadBudget budget;
    private final ReadProgress progress;

    ParallelScan(ReadBudget budget, ReadProgress progress) {
        this.budget = budget;
        this.progress = progress;
    }

    /**
     * Blocks until all is read.
     *
     * @param parts makes what each thread reads with
     * @return those
     */
    <P extends Part> List<P> read(String table, Supplier<P> parts) {
        progress.begin(table);
        AtomicInteger nextSegment = new AtomicInteger();
        List<P> all = new ArrayList<>();
        List<Future<?>> running = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int i = 0; i < THREADS; i++) {
                P part = parts.get();
                all.add(part);
                running.add(threads.submit(() -> readSegments(part, nextSegment)));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
            return all;
        } catch (ExecutionException | CancellationException e) {
            throw new UserError(Errors.sentence(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("cannot read " + table + ": interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Void readSegments(Part part, AtomicInteger nextSegment) throws Exception {
        for (int i = nextSegment.getAndIncrement(); i < SEGMENTS; ) {
            Item after = null;
            do {
                budget.await();
                Page page = part.read(i, after, budget.limit());
                budget.spent(page.items, page.units);
                progress.read(page.items);
                after = page.next;
            } while (after != null);
            i = nextSegment.getAndIncrement();
        }
        return null;
    }
}
