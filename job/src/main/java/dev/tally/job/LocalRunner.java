package dev.tally.job;

import dev.tally.sink.Tables;
import dev.tally.source.simulated.Workload;
import dev.tally.view.FeedSpec;
import dev.tally.view.TableSpec;
import dev.tally.view.ViewSpec;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;

/**
 * {@code local}: the whole of Tally on one machine. Starts what is missing (DynamoDB Local,
 * Kinesis, tables, streams), runs the job in a MiniCluster, writes demo traffic, shows the live
 * counts, and ends in order: with a savepoint and, after {@code --duration}, with a recount.
 */
final class LocalRunner {

    private static final int DYNAMODB_PORT = 8000;
    private static final int KINESIS_PORT = 4568;
    private static final int KINESIS_TLS_PORT = 4567;
    private static final int UI_PORT = 8081;
    private static final Duration SHOW_EVERY = Duration.ofSeconds(5);
    private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(60);
    private static final Duration LOCAL_TIME_PRECISION = Duration.ofMinutes(1);
    private static final Duration TICK = Duration.ofMillis(100);

    private final CommandLine line;
    private final PrintStream out;
    private final Path folder;

    LocalRunner(CommandLine line, PrintStream out) {
        this(line, out, PipelineConfig.home().resolve(".tally").resolve("local"));
    }

    /**
     * @param folder where the services keep their data; emptied unless a run is resumed
     */
    LocalRunner(CommandLine line, PrintStream out, Path folder) {
        this.line = line;
        this.out = out;
        this.folder = folder.toAbsolutePath();
    }

    /**
     * @return the exit code: 0, or 1 if a row was not exact at the end
     */
    int run(PipelineConfig configured) throws Exception {
        prepareFolder();
        try (LocalServices services = new LocalServices(folder)) {
            PipelineConfig config = start(services, configured);
            createSources(config);
            Preflight preflight = Preflight.ofJob(config);
            for (String note : preflight.notes()) {
                out.println(note);
            }
            return runJob(config, preflight);
        }
    }

    private void prepareFolder() throws IOException {
        Files.createDirectories(folder);
        if (!line.has("from-savepoint")) {
            LocalData.delete(folder.resolve("dynamodb"));
        }
    }

    private PipelineConfig start(LocalServices services, PipelineConfig configured)
            throws IOException {
        PipelineConfig config = configured.with(PipelineOptions.CREATE_TABLES, true);
        if (line.has("aws")) {
            config = config.with(PipelineOptions.SOURCE_ON_AWS, true);
        } else {
            PipelineConfig.useLocalCredentials();
            config = config.with(PipelineOptions.TIME_PRECISION, LOCAL_TIME_PRECISION);
        }
        if (config.get(PipelineOptions.DYNAMODB_ENDPOINT) != null) {
            out.println("DynamoDB   " + config.get(PipelineOptions.DYNAMODB_ENDPOINT));
        } else {
            int port = line.getInt("dynamodb-port", DYNAMODB_PORT);
            out.println("starting DynamoDB Local ...");
            URI endpoint = services.startDynamoDb(port);
            out.println("DynamoDB   " + endpoint + " (DynamoDB Local)");
            config = config.with(PipelineOptions.DYNAMODB_ENDPOINT, endpoint.toString());
        }
        return startKinesis(services, config);
    }

    private PipelineConfig startKinesis(LocalServices services, PipelineConfig config)
            throws IOException {
        if (streams(config).isEmpty() || config.get(PipelineOptions.KINESIS_ENDPOINT) != null) {
            return config;
        }
        Path home = PipelineConfig.home().resolve("scripts").resolve("kinesis-local");
        if (!LocalServices.hasNode() || !Files.exists(home.resolve("node_modules"))) {
            Path feeds = folder.resolve("feeds");
            out.println("Kinesis    none: there is no Node. Feeds go to files in " + feeds);
            return config.with(PipelineOptions.FEED_DIRECTORY, feeds.toUri().toString());
        }
        boolean usual =
                LocalServices.isFree(KINESIS_PORT) && LocalServices.isFree(KINESIS_TLS_PORT);
        int port = usual ? KINESIS_PORT : LocalServices.freePort();
        int tlsPort = usual ? KINESIS_TLS_PORT : LocalServices.freePort();
        out.println("starting kinesis-local ...");
        URI endpoint = services.startKinesis(home, port, tlsPort);
        out.println("Kinesis    " + endpoint + " (kinesis-local)");
        return config.with(PipelineOptions.KINESIS_ENDPOINT, endpoint.toString());
    }

    private static List<String> streams(PipelineConfig config) {
        List<String> streams = new ArrayList<>();
        for (FeedSpec feed : config.views().feeds()) {
            streams.add(feed.stream());
        }
        for (ViewSpec view : config.views().views()) {
            if (view.to().stream() != null) {
                streams.add(view.to().stream());
            }
        }
        return streams;
    }

    /** The demo's table is made here; others wait until somebody makes them. */
    private void createSources(PipelineConfig config) throws Exception {
        if (line.has("aws")) {
            return;
        }
        try (Tables tables = new Tables(config.targetSettings(null, null))) {
            for (TableSpec table : config.views().tables()) {
                String name = table.tableName();
                if (name.equals(Demo.TABLE)) {
                    tables.create(name, Workload.KEY, true);
                } else if (tables.key(name).isEmpty()) {
                    out.println(
                            "waiting for table "
                                    + name
                                    + ": create it, with a stream, at "
                                    + config.get(PipelineOptions.DYNAMODB_ENDPOINT));
                    waitFor(tables, name);
                }
            }
        }
    }

    private void waitFor(Tables tables, String name) throws InterruptedException {
        while (tables.key(name).isEmpty()) {
            if (stopAsked()) {
                throw new UserError("cannot read table " + name + ": there is none yet.");
            }
            TimeUnit.MILLISECONDS.sleep(TICK.toMillis() * 5);
        }
    }

    private int runJob(PipelineConfig config, Preflight preflight) throws Exception {
        Configuration flink = LocalCluster.configuration(line, config, folder, UI_PORT);
        try (Demo demo = new Demo(line, config);
                LocalFigures figures = new LocalFigures(line, config, preflight, demo, out)) {
            demo.fill();
            out.println("starting the job ...");
            LocalCluster.Running job = LocalCluster.start(flink, config, preflight, out);
            out.println("Flink UI   http://localhost:" + flink.get(LocalCluster.REST_PORT));
            if (line.has("metrics-port")) {
                String port = line.get("metrics-port");
                out.println("metrics    http://localhost:" + port + "/metrics (Prometheus)");
            }
            out.println("log        " + folder.resolve("tally.log"));
            watch(job, config, preflight, demo, figures);
            String savepoint = Stop.withSavepoint(job.client(), savepointFolder());
            out.println("stopped with savepoint " + savepoint);
            out.println("resume with: scripts/submit.sh local --from-savepoint " + savepoint);
            figures.catchUp(flink);
        }
        if (!line.has("duration")) {
            return 0;
        }
        out.println("verifying ...");
        return VerifyReport.print(config, preflight, out);
    }

    private void watch(
            LocalCluster.Running job,
            PipelineConfig config,
            Preflight preflight,
            Demo demo,
            LocalFigures figures)
            throws Exception {
        long started = System.nanoTime();
        try (LocalWatch watch = new LocalWatch(config, preflight, out)) {
            demo.start();
            figures.start();
            boolean alive = show(job, watch, demo);
            demo.stop();
            if (!alive) {
                throw new UserError(job.failure());
            }
            out.println("stopping, when the rows show the last change ...");
            Duration ran = Duration.ofNanos(System.nanoTime() - started);
            figures.stop();
            watch.awaitCaughtUp(CATCH_UP_LIMIT);
            out.println(demo.summary());
            watch.speed(ran);
        }
    }

    private Path savepointFolder() throws IOException {
        String named = line.get("savepoint-dir");
        Path path = named == null ? folder.resolve("savepoints") : Path.of(named);
        return Files.createDirectories(path.toAbsolutePath());
    }

    /**
     * @return false if the job ended by itself
     */
    private boolean show(LocalCluster.Running job, LocalWatch watch, Demo demo) throws Exception {
        Duration duration = line.getDuration("duration");
        long start = System.nanoTime();
        long shown = start;
        while (!stopAsked()) {
            long now = System.nanoTime();
            if (duration != null && now - start > duration.toNanos()) {
                return true;
            }
            if (job.endsWithin(TICK)) {
                return false;
            }
            if (now - shown > SHOW_EVERY.toNanos()) {
                shown = now;
                watch.show(Duration.ofNanos(now - start), demo.writes());
            }
        }
        return true;
    }

    private boolean stopAsked() {
        return line.has("stop-file") && Files.exists(Path.of(line.get("stop-file")));
    }
}
