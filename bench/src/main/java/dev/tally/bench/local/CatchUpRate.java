package dev.tally.bench.local;

import dev.tally.item.Item;
import dev.tally.job.CatchUpJob;
import dev.tally.job.figures.CatchUp;
import dev.tally.source.simulated.Workload;
import dev.tally.view.TableSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** How fast a stream is caught up with, beside a bare loop of the same calls. */
final class CatchUpRate {

    private static final double RATIO = 0.9;
    private static final int FIRST_RECORD_MILLIS = 2_000;
    private static final int WRITERS = 4;
    private static final int AT_ONCE = 1_000;

    private CatchUpRate() {}

    static List<Line> measure(Path folder, int records, Duration limit) throws Exception {
        try (Tasks tasks = new Tasks(folder);
                LocalTally tally = new LocalTally(folder, tasks.endpoint(), Tasks.VIEWS)) {
            fill(tasks, records);
            tally.start(null);
            tally.kill();
            TableSpec table = tally.config().views().tables().get(0);
            CatchUpJob job =
                    new CatchUpJob(tally.flink(), tally.config(), tally.preflight(), table);
            List<Double> bare = new ArrayList<>();
            try (SdkReading sdk = new SdkReading(tasks.endpoint())) {
                CatchUp figure =
                        CatchUp.measure(
                                tally.preflight().clients(),
                                table,
                                written -> {
                                    bare.add(sdk.read().perSecond());
                                    return job.read(written);
                                },
                                limit);
                return lines(figure, bare, job.firstRecords());
            }
        }
    }

    private static List<Line> lines(CatchUp figure, List<Double> bare, List<Long> firstRecords) {
        // Of Tally's readings too, the first does not count if there are others.
        List<Double> sdk = bare.size() > 1 ? bare.subList(1, bare.size()) : bare;
        double ratio = figure.perSecond() / CatchUp.median(sdk);
        long first = Collections.max(firstRecords);
        return List.of(
                new Line(
                        "catch-up on DynamoDB Local beside a bare loop of the SDK's GetRecords",
                        String.format(
                                Locale.ROOT,
                                "%,.0f records/s, the loop %,.0f: ratio %.2f",
                                figure.perSecond(),
                                CatchUp.median(sdk),
                                ratio),
                        "ratio ≥ " + RATIO,
                        ratio >= RATIO),
                Line.beside(
                        "the same beside a bare loop that reads as Tally does, all attributes",
                        figure.line()),
                new Line(
                        "first record after the job runs, the slowest of "
                                + firstRecords.size()
                                + " starts",
                        first + " ms",
                        "≤ " + FIRST_RECORD_MILLIS + " ms",
                        first <= FIRST_RECORD_MILLIS));
    }

    /** Each item once: changes of one item must not be written at the same time. */
    private static void fill(Tasks tasks, int records)
            throws InterruptedException, ExecutionException {
        Workload workload = new Workload(2, records, 1_000);
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> writes = new ArrayList<>();
            for (int left = records; left > 0; left -= AT_ONCE) {
                List<Item> items = new ArrayList<>();
                for (int i = 0; i < Math.min(left, AT_ONCE); i++) {
                    items.add(workload.add().after());
                }
                writes.add(writers.submit(() -> tasks.table().putAll(items)));
            }
            for (Future<?> write : writes) {
                write.get();
            }
        } finally {
            writers.shutdownNow();
        }
    }
}
