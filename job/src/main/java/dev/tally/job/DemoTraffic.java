package dev.tally.job;

import dev.tally.item.Item;
import dev.tally.sink.ItemTable;
import dev.tally.source.simulated.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tasks that are added, moved between lists, finished and deleted, at a steady rate, until it is
 * closed. Writes on a thread of its own, one after the other; after an error it writes no more.
 */
final class DemoTraffic implements AutoCloseable {

    private static final int TASKS = 600;
    private static final int LISTS = 24;
    private static final int BEFORE_START = 200;
    private static final Duration PAUSE = Duration.ofMillis(15);

    private final ItemTable table;
    private final Workload workload;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Map<Workload.Kind, Integer> written = new EnumMap<>(Workload.Kind.class);
    private volatile String error;

    DemoTraffic(ItemTable table, long seed) {
        this.table = table;
        this.workload = new Workload(seed, TASKS, LISTS);
    }

    /** Writes the tasks that are there before anybody reads. */
    void fill() {
        List<Item> tasks = new ArrayList<>();
        for (int i = 0; i < BEFORE_START; i++) {
            tasks.add(workload.add().after());
        }
        table.putAll(tasks);
        count(Workload.Kind.PUT, BEFORE_START);
    }

    void start() {
        thread.scheduleWithFixedDelay(this::step, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void step() {
        if (error == null) {
            try {
                apply(workload.next());
            } catch (RuntimeException e) {
                error = Errors.sentence(e);
            }
        }
    }

    private void apply(Workload.Operation operation) {
        if (operation.kind() == Workload.Kind.DELETE) {
            table.delete(operation.keys());
        } else {
            table.put(operation.after());
        }
        count(operation.kind(), 1);
    }

    private void count(Workload.Kind kind, int writes) {
        synchronized (written) {
            written.merge(kind, writes, Integer::sum);
        }
    }

    /** Null while all is well. */
    String error() {
        return error;
    }

    int writes() {
        synchronized (written) {
            int sum = 0;
            for (int count : written.values()) {
                sum += count;
            }
            return sum;
        }
    }

    /** {@code 412 added, 388 moved, 120 finished, 101 deleted}. */
    String summary() {
        synchronized (written) {
            return written.getOrDefault(Workload.Kind.PUT, 0)
                    + " put, "
                    + written.getOrDefault(Workload.Kind.MOVE, 0)
                    + " moved, "
                    + written.getOrDefault(Workload.Kind.FINISH, 0)
                    + " finished, "
                    + written.getOrDefault(Workload.Kind.DELETE, 0)
                    + " deleted";
        }
    }

    /** Returns when the last write is answered. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
