package dev.tally.job;

import dev.tally.job.figures.CatchUp;
import dev.tally.job.figures.LatencyProbe;
import dev.tally.sink.ItemTable;
import dev.tally.view.ViewSpec;
import java.io.PrintStream;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;

/**
 * What a run of a given duration finds out about its own speed, if there is demo traffic: how long
 * changes take to rows while it runs, and how fast it could have read the stream when it is over.
 */
final class LocalFigures implements AutoCloseable {

    private static final Duration CATCH_UP_MIN = Duration.ofSeconds(2);
    private static final Duration CATCH_UP_MAX = Duration.ofSeconds(12);

    private final PipelineConfig config;
    private final Preflight preflight;
    private final Demo demo;
    private final PrintStream out;
    private final Duration duration;
    private LatencyProbe probe;

    LocalFigures(
            CommandLine line,
            PipelineConfig config,
            Preflight preflight,
            Demo demo,
            PrintStream out) {
        this.config = config;
        this.preflight = preflight;
        this.demo = demo;
        this.out = out;
        this.duration = demo.spec() == null ? null : line.getDuration("duration");
    }

    /** Begins to measure latencies. */
    void start() {
        if (duration == null) {
            return;
        }
        LatencyProbe made = new LatencyProbe(demo.table(), System.nanoTime());
        for (ViewSpec view : config.views().views()) {
            boolean tasks = view.table().equals(demo.spec().logicalName());
            if (tasks && view.to().table() != null) {
                ItemTable target =
                        new ItemTable(
                                config.targetSettings(view.to().region(), view.to().roleArn()),
                                view.to().table());
                made.watch(preflight.membership(view), preflight.targetKey(view.name()), target);
            }
        }
        made.start();
        probe = made;
    }

    /** Ends the probe, so that the source table is at rest, and says what it has found. */
    void stop() throws InterruptedException {
        if (probe != null) {
            probe.stop();
            probe.lines().forEach(out::println);
        }
    }

    /** Reads the stream anew; nobody may write to it meanwhile. */
    void catchUp(Configuration flink) throws InterruptedException {
        if (duration == null) {
            return;
        }
        out.println("reading the stream again, to see how fast that is ...");
        try {
            CatchUp figure =
                    CatchUp.measure(
                            preflight.clients(),
                            demo.spec(),
                            new CatchUpJob(flink, config, preflight, demo.spec()),
                            limit());
            out.println(figure.line());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            out.println("catch-up not measured: " + Errors.sentence(e));
        }
    }

    /** A short run is not followed by a long measurement. */
    private Duration limit() {
        Duration share = duration.dividedBy(5);
        Duration atLeast = share.compareTo(CATCH_UP_MIN) < 0 ? CATCH_UP_MIN : share;
        return atLeast.compareTo(CATCH_UP_MAX) > 0 ? CATCH_UP_MAX : atLeast;
    }

    @Override
    public void close() {
        if (probe != null) {
            probe.close();
        }
    }
}
