package dev.tally.job;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.sink.StatusTable;
import dev.tally.view.TargetRows;
import dev.tally.view.ViewSpec;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a local run shows of its job: live rows, how far each view is, and how fast it was. */
final class LocalWatch implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration SAY_EVERY = Duration.ofSeconds(5);

    private final PipelineConfig config;
    private final TargetRows target;
    private final StatusTable status;
    private final PrintStream out;

    LocalWatch(PipelineConfig config, Preflight preflight, PrintStream out) {
        this.config = config;
        this.target = preflight.targetRows(config.views().views());
        this.status = config.status();
        this.out = out;
    }

    void show(Duration since, int writes) {
        for (ViewSpec view : config.views().views()) {
            if (view.to().table() != null) {
                String head =
                        String.format("%4d s  %,d changes written  ", since.toSeconds(), writes);
                String waits = waits(view);
                if (waits == null) {
                    new LiveCounts(view, target, out).print(head);
                } else {
                    out.println(head + view.name() + ": " + waits);
                }
            }
        }
    }

    /** What the rows of a view wait for; null if they are there. */
    private String waits(ViewSpec view) {
        Item row = status.read(view.name());
        String state = row.get("State") == null ? "starting" : row.get("State").asText();
        switch (state) {
            case "starting":
                return "starting";
            case "building":
                return "reading the table, "
                        + row.get("Percent").asDigits()
                        + " %; rows are held until it is complete";
            case "held":
                return "reading the stream; rows are held until it is read up to now";
            default:
                return null;
        }
    }

    /** Waits until the rows of every view are exact as of now, or the limit is over. */
    void awaitCaughtUp(Duration limit) throws InterruptedException {
        Instant now = Instant.now();
        Instant deadline = now.plus(limit);
        Instant said = now;
        for (ViewSpec view : config.views().views()) {
            while (view.to().table() != null && exactAsOf(view).isBefore(now)) {
                if (Instant.now().isAfter(deadline)) {
                    out.println(
                            "view "
                                    + view.name()
                                    + " has not caught up within "
                                    + limit.toSeconds()
                                    + " s");
                    return;
                }
                if (Instant.now().isAfter(said.plus(SAY_EVERY))) {
                    said = Instant.now();
                    out.println("  view " + view.name() + " is exact as of " + exactAsOf(view));
                }
                TimeUnit.MILLISECONDS.sleep(TICK.toMillis());
            }
        }
    }

    private Instant exactAsOf(ViewSpec view) {
        Value asOf = status.read(view.name()).get("ExactAsOf");
        return asOf == null ? Instant.EPOCH : Instant.parse(asOf.asText());
    }

    /** Counts of the job's own metrics. */
    void speed(Duration ran) {
        long changes = LocalMetrics.count("items-", "numRecordsIn");
        long rows = LocalMetrics.count("rows-", "rowsWritten");
        out.printf(
                "%,d changes and scan rows read in %d s (%.1f/s), %,d rows written%n",
                changes, ran.toSeconds(), changes * 1000.0 / ran.toMillis(), rows);
    }

    /** Names of the views that have rows in tables. */
    List<ViewSpec> views() {
        return config.views().views();
    }

    @Override
    public void close() {
        target.close();
        status.close();
    }
}
