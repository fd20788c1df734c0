package dev.tally.bench;

import dev.tally.bench.report.Part;
import dev.tally.bench.report.Run;
import dev.tally.bench.run.Setting;
import dev.tally.bench.workload.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What the parts are that race contestants.
 *
 * @param quick fewer changes: to see that all of it runs
 * @param more also what takes a quarter of an hour and more
 */
record Parts(boolean quick, boolean more) {

    private static final String BASELINE = "sql-b1-mini";
    private static final int MANAGED_MEGABYTES = 1024;

    /** Megabytes, as RocksDB has them when it is not told otherwise. */
    private static final int LARGE_BUFFERS = 64;

    /** As W1, W3 and W4 are compared in time: a job's first second must not count for much. */
    private static final int COMPARED_CHANGES = 12_000_000;

    /** Ten million inserts, two million changes. */
    private static final int W2_CHANGES = 12_000_000;

    /** In the order of the table. */
    private static final List<String> FLINK =
            List.of(
                    "tally",
                    "sql-b1-mini",
                    "sql-b1-large",
                    "sql-b1",
                    "sql-b2-mini",
                    "sql-b2",
                    "sql-b3-mini",
                    "sql-b3");

    /** Tally on all workloads. */
    Part engine() {
        List<Run> runs = new ArrayList<>();
        for (boolean rocks : List.of(true, false)) {
            for (int slots : List.of(1, 2)) {
                runs.add(run("tally", Shape.W1, changes(Shape.W1), false, slots, rocks));
                for (Shape shape : Shape.values()) {
                    if (shape != Shape.W2) {
                        runs.add(run("tally", shape, changes(shape), true, slots, rocks));
                    } else if (more) {
                        runs.addAll(outOfCache("tally", slots, rocks));
                    }
                }
            }
        }
        return new Part(
                "engine",
                runs,
                run ->
                        run(
                                "tally",
                                Shape.W1,
                                changes(Shape.W1),
                                true,
                                run.setting().slots(),
                                run.setting().rocks()),
                "W1 full",
                run -> "engine",
                Run::workload);
    }

    /** With write buffers as Tally ships them, and with large ones: a barrier flushes them. */
    private static List<Run> outOfCache(String contestant, int slots, boolean rocks) {
        List<Run> runs = new ArrayList<>();
        runs.add(run(contestant, Shape.W2, W2_CHANGES, true, slots, rocks));
        if (rocks) {
            runs.add(
                    new Run(
                            contestant,
                            new Setting(
                                    Shape.W2,
                                    W2_CHANGES,
                                    true,
                                    slots,
                                    rocks,
                                    MANAGED_MEGABYTES,
                                    LARGE_BUFFERS)));
        }
        return runs;
    }

    /** Tally and what people would use instead. */
    Part alternatives() {
        List<Run> runs = new ArrayList<>();
        if (more) {
            runs.add(run("tally", Shape.W2, W2_CHANGES, true, 1, true));
            runs.add(run("sql-b1-mini", Shape.W2, W2_CHANGES, true, 1, true));
        }
        for (boolean full : List.of(true, false)) {
            for (boolean rocks : List.of(true, false)) {
                for (int slots : List.of(1, 2)) {
                    for (String contestant : FLINK) {
                        runs.add(run(contestant, Shape.W1, changes(), full, slots, rocks));
                    }
                }
            }
            runs.add(run("loop-rocks", Shape.W1, changes(), full, 1, true));
            runs.add(run("loop-hash", Shape.W1, changes(), full, 1, false));
            runs.add(run("kafka-streams", Shape.W1, changes(), full, 1, true));
        }
        return new Part(
                "alternatives",
                runs,
                run -> same(run, BASELINE),
                BASELINE,
                run -> "alternatives-" + run.form(),
                Run::contestant);
    }

    /** Tally from stream pages to rows, with two ways to read them. */
    Part wire() {
        List<Run> runs = new ArrayList<>();
        for (int slots : List.of(1, 2)) {
            for (String contestant : List.of("wire", "wire-sdk")) {
                runs.add(run(contestant, Shape.W1, changes(), true, slots, true));
            }
        }
        return new Part(
                "wire",
                runs,
                run -> same(run, "wire-sdk"),
                "wire-sdk",
                run -> "wire",
                Run::contestant);
    }

    /** Another contestant in the same setting. */
    private static Run same(Run run, String contestant) {
        return new Run(contestant, run.setting());
    }

    private static Run run(
            String contestant, Shape shape, int changes, boolean full, int slots, boolean rocks) {
        return new Run(
                contestant,
                new Setting(
                        shape,
                        changes,
                        full,
                        slots,
                        rocks,
                        MANAGED_MEGABYTES,
                        Setting.BUFFER_MEGABYTES));
    }

    /** In the engine part. */
    private int changes(Shape shape) {
        boolean compared = shape == Shape.W1 || shape == Shape.W3 || shape == Shape.W4;
        return compared && !quick ? COMPARED_CHANGES : changes();
    }

    private int changes() {
        return quick ? 200_000 : 3_000_000;
    }
}
