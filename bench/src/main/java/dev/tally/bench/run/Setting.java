package dev.tally.bench.run;

import dev.tally.bench.workload.Shape;

/**
 * What one contestant is asked to do, in a JVM of its own.
 *
 * @param changes how many of the workload's changes
 * @param full count, sum, average, minimum, maximum and number of different customers; otherwise
 *     the first three
 * @param slots parallelism
 * @param rocks RocksDB, otherwise state on the heap
 * @param managedMegabytes managed memory of the one TaskManager
 * @param bufferMegabytes of one of RocksDB's write buffers
 */
public record Setting(
        Shape shape,
        int changes,
        boolean full,
        int slots,
        boolean rocks,
        int managedMegabytes,
        int bufferMegabytes) {

    /** As Tally ships them. */
    public static final int BUFFER_MEGABYTES = 16;
}
