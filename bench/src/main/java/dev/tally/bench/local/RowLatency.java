package dev.tally.bench.local;

import dev.tally.job.figures.LatencyProbe;
import dev.tally.sink.ItemTable;
import dev.tally.source.simulated.Workload;
import dev.tally.view.ViewSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How long a change takes to its row, as a reader of the rows sees it. */
final class RowLatency {

    private static final int PER_SECOND = 100;
    private static final int LISTS = 24;
    private static final int TASKS = 600;
    private static final int EAGER_P50 = 150;
    private static final int EAGER_P99 = 500;

    /** The interval of checkpoints, 1 s here, and half a second. */
    private static final int COMMITTED_P99 = 1_500;

    private RowLatency() {}

    /**
     * @param warmUp seconds of traffic before the first change that counts
     * @param seconds of changes that count
     */
    static List<Line> measure(Path folder, int warmUp, int seconds) throws Exception {
        try (Tasks tasks = new Tasks(folder);
                LocalTally tally =
                        new LocalTally(
                                folder,
                                tasks.endpoint(),
                                Tasks.VIEWS,
                                "-Dsource.time-precision=1 min");
                LatencyProbe probe = new LatencyProbe(tasks.table(), 1)) {
            Workload workload = new Workload(1, TASKS, LISTS);
            for (int i = 0; i < TASKS / 3; i++) {
                tasks.apply(workload.add());
            }
            tally.start(null);
            for (ViewSpec view : tally.config().views().views()) {
                probe.watch(
                        tally.preflight().membership(view),
                        tally.preflight().targetKey(view.name()),
                        new ItemTable(tasks.settings(), view.to().table()));
            }
            try (Traffic traffic = new Traffic(workload, tasks::apply, PER_SECOND)) {
                traffic.start();
                TimeUnit.SECONDS.sleep(warmUp);
                probe.start();
                TimeUnit.SECONDS.sleep(seconds);
                probe.stop();
            }
            return List.of(
                    line("eager", Tasks.EAGER, probe, EAGER_P50, EAGER_P99),
                    line("committed, 1 s", Tasks.COMMITTED, probe, COMMITTED_P99, COMMITTED_P99));
        }
    }

    private static Line line(String name, String view, LatencyProbe probe, int p50, int p99) {
        double half = probe.millis(view, 0.5);
        double most = probe.millis(view, 0.99);
        String aim = p50 == p99 ? "" : "p50 ≤ " + p50 + " ms, ";
        return new Line(
                "change → row, " + name + ", at " + PER_SECOND + " changes/s",
                String.format(
                        Locale.ROOT,
                        "p50 %.0f ms, p99 %.0f ms of %d changes",
                        half,
                        most,
                        probe.shown(view)),
                aim + "p99 ≤ " + p99 + " ms",
                half <= p50 && most <= p99);
    }
}
