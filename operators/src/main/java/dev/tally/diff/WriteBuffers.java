package dev.tally.diff;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.contrib.streaming.state.RocksDBConfigurableOptions;
import org.apache.flink.contrib.streaming.state.RocksDBOptions;
import org.apache.flink.runtime.execution.Environment;

/**
 * Whether RocksDB's write buffers fit into the memory of a slot, which all stages of the job share:
 * too little is a cliff, not a slope. RocksDB takes memory for a buffer by blocks of an eighth of
 * its size, and flushes as soon as all buffers together pass seven eighths of their share of the
 * slot. If that is less than a block for each, every few writes make a file: twelve times slower
 * was measured at eight tenths of what has to be there, 1.8 times at eight tenths of what should be
 * (FLINK-19238, which warns of one buffer alone).
 */
final class WriteBuffers {

    /** Buffers that every table fills: its items and its groups. */
    private static final int FILLED = 2;

    /** Values of large groups have one more. */
    private static final int USED = 3;

    /**
     * Of their share: Flink gives RocksDB's manager of write buffers two thirds, which flushes at
     * seven eighths.
     */
    private static final double USABLE = 2.0 / 3 * 7 / 8;

    private final long slot;
    private final double ratio;
    private final long buffer;

    /**
     * @param slot bytes that RocksDB has in a slot
     * @param ratio share of it for write buffers, as Flink's option says
     * @param buffer bytes of one write buffer
     */
    WriteBuffers(long slot, double ratio, long buffer) {
        this.slot = slot;
        this.ratio = ratio;
        this.buffer = buffer;
    }

    /**
     * Of the slot that a task runs in, with RocksDB for its state.
     *
     * @return null where nobody bounds RocksDB's memory for a slot, or a factory of options does
     *     with buffers what it likes
     */
    static WriteBuffers of(Environment task) {
        Configuration flink = new Configuration(task.getTaskManagerInfo().getConfiguration());
        flink.addAll(task.getJobConfiguration());
        return of(flink, task.getMemoryManager().getMemorySize());
    }

    static WriteBuffers of(Configuration flink, long managed) {
        MemorySize fixed = flink.get(RocksDBOptions.FIX_PER_SLOT_MEMORY_SIZE);
        boolean bounded = fixed != null || flink.get(RocksDBOptions.USE_MANAGED_MEMORY);
        if (!bounded
                || flink.contains(RocksDBOptions.FIX_PER_TM_MEMORY_SIZE)
                || flink.contains(RocksDBOptions.OPTIONS_FACTORY)) {
            return null;
        }
        return new WriteBuffers(
                fixed == null ? managed : fixed.getBytes(),
                flink.get(RocksDBOptions.WRITE_BUFFER_RATIO),
                flink.get(RocksDBConfigurableOptions.WRITE_BUFFER_SIZE).getBytes());
    }

    /** Whether the stages of so many tables would flush all the time. */
    boolean tooSmallFor(int tables) {
        return slot < enough(FILLED * tables);
    }

    /** Whether the stages of so many tables may flush more often than they need. */
    boolean tightFor(int tables) {
        return slot < enoughFor(tables);
    }

    /** Bytes of a slot that are enough for the stages of so many tables. */
    long enoughFor(int tables) {
        return enough(USED * tables);
    }

    /** With a block for each of so many buffers. */
    private long enough(int buffers) {
        return (long) Math.ceil(buffer / 8 * buffers / (ratio * USABLE));
    }

    /** What is wrong, and what to do. */
    String complaint(int tables) {
        return String.format(
                "RocksDB has %d MB in a slot, and write buffers of %d MB for the state of %s need"
                        + " %d MB, or they are flushed all the time. Give a slot that much"
                        + " (taskmanager.memory.managed.size is for all slots of a TaskManager;"
                        + " on Amazon Managed Flink lower the parallelism per KPU), or make buffers"
                        + " smaller (state.backend.rocksdb.writebuffer.size)",
                megabytes(slot),
                megabytes(buffer),
                tables == 1 ? "one table" : tables + " tables",
                megabytes(enoughFor(tables)) + 1);
    }

    private static long megabytes(long bytes) {
        return bytes >> 20;
    }
}
