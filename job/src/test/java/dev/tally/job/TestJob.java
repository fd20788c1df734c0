package dev.tally.job;

import static org.awaitility.Awaitility.await;

import dev.tally.item.Value;
import dev.tally.sink.StatusTable;
import dev.tally.source.client.TableClients;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.testing.LocalKinesis;
import dev.tally.testing.SourceTree;
import dev.tally.view.ViewSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;

/**
 * The real pipeline over a views file: what {@code scripts/submit.sh local} runs, against the
 * DynamoDB Local and the Kinesis of this JVM, with short checkpoints and without restarts, so that
 * a failure shows. It can be stopped with a savepoint and started again from it.
 */
final class TestJob implements AutoCloseable {

    private static final Duration CHECKPOINTS = Duration.ofMillis(300);
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Path folder;
    private final PipelineConfig config;
    private final StatusTable status;
    private final List<String> arguments;
    private String restarts = "none";
    private final Map<String, String> flinkSettings = new HashMap<>();
    private int webPort;
    private int metricsPort;
    private LocalCluster.Running running;
    private TableClients clients;

    private TestJob(Path folder, PipelineConfig config, List<String> arguments) {
        this.folder = folder;
        this.config = config;
        this.arguments = arguments;
        this.status =
                new StatusTable(
                        config.get(PipelineOptions.STATUS_TABLE),
                        config.with(
                                        PipelineOptions.DYNAMODB_ENDPOINT,
                                        LocalDynamoDb.shared().endpoint().toString())
                                .targetSettings(null, null),
                        Clock.systemUTC());
    }

    /** Not started yet. */
    static TestJob of(Path folder, String... views) throws Exception {
        return behind(LocalDynamoDb.shared().endpoint().toString(), folder, views);
    }

    /**
     * The same, with more on its command line.
     *
     * @param folder may be that of another job: then this one can start from its savepoints
     */
    static TestJob of(Path folder, List<String> options, String... views) throws Exception {
        return with(options, LocalDynamoDb.shared().endpoint().toString(), folder, views);
    }

    /** With something between the job and DynamoDB Local. */
    static TestJob behind(String dynamoDb, Path folder, String... views) throws Exception {
        return with(List.of(), dynamoDb, folder, views);
    }

    /** The same, with more options of the command line, which go before its own. */
    static TestJob with(List<String> options, String dynamoDb, Path folder, String... views)
            throws Exception {
        System.setProperty("tally.home", SourceTree.root().toString());
        Path file = Files.write(folder.resolve("views.yaml"), List.of(views));
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-Dkinesis.endpoint=" + LocalKinesis.shared().endpoint(),
                                "-Dcreate-tables=true",
                                "-Dstatus.table=status-" + folder.getFileName(),
                                "-Dsource.time-precision=1 min"));
        arguments.addAll(options);
        arguments.addAll(List.of("--views", file.toString(), "--dynamodb-endpoint", dynamoDb));
        PipelineConfig config = PipelineConfig.load(line("local", arguments));
        PipelineConfig.useLocalCredentials();
        return new TestJob(folder, config, arguments);
    }

    private static CommandLine line(String command, List<String> arguments) {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(arguments);
        return CommandLine.parse(line.toArray(new String[0]));
    }

    PipelineConfig config() {
        return config;
    }

    /** For tests of what fails: the job is restarted, as it would be on a cluster. */
    TestJob restarting() {
        restarts = "fixed-delay";
        return this;
    }

    /** With another setting of Flink. */
    TestJob flink(String key, String value) {
        flinkSettings.put(key, value);
        return this;
    }

    /** With Flink's Prometheus reporter. */
    TestJob exposing() throws IOException {
        metricsPort = LocalServices.freePort();
        return this;
    }

    /** What the reporter says now. */
    Scrape scrape() throws Exception {
        return Scrape.of(metricsPort);
    }

    /** With sources from elsewhere. */
    TestJob reading(TableClients sources) {
        clients = sources;
        return this;
    }

    Preflight preflight() {
        return clients == null ? Preflight.ofJob(config) : Preflight.ofJob(config, clients);
    }

    /** The id of the job that runs. */
    String id() {
        return running.client().getJobID().toString();
    }

    /** Where the job's REST API is. */
    URI web() {
        return URI.create("http://127.0.0.1:" + webPort);
    }

    /** Starts without a savepoint. */
    void start(int parallelism) throws Exception {
        start(parallelism, null);
    }

    /**
     * @param savepoint what {@link #stop} returned
     */
    void start(int parallelism, String savepoint) throws Exception {
        List<String> options = new ArrayList<>(arguments);
        options.addAll(List.of("--parallelism", Integer.toString(parallelism)));
        if (metricsPort > 0) {
            options.addAll(List.of("--metrics-port", Integer.toString(metricsPort)));
        }
        if (savepoint != null) {
            options.addAll(List.of("--from-savepoint", savepoint));
        }
        Configuration flink = LocalCluster.configuration(line("local", options), config, folder, 0);
        flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINTS);
        flink.setString("restart-strategy.type", restarts);
        flink.setString("restart-strategy.fixed-delay.delay", "100 ms");
        flink.setString("restart-strategy.fixed-delay.attempts", "100");
        flinkSettings.forEach(flink::setString);
        webPort = LocalServices.freePort();
        flink.set(LocalCluster.REST_PORT, webPort);
        running = LocalCluster.start(flink, config, preflight(), System.out);
    }

    /** How many have completed; 0 if nobody answers any more. */
    long checkpoints() throws InterruptedException {
        try {
            return RestPages.json(web(), "/jobs/" + id() + "/checkpoints")
                    .at("/counts/completed")
                    .asLong();
        } catch (IOException e) {
            return 0;
        }
    }

    boolean hasEnded() {
        return running.endsWithin(Duration.ZERO);
    }

    /** Why it has ended. */
    String failure() {
        return running.failure();
    }

    /** Waits until the rows of every view are exact as of now. */
    void awaitExact() {
        Instant now = Instant.now();
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> {
                            if (running.endsWithin(Duration.ZERO)) {
                                throw new IllegalStateException(running.failure());
                            }
                            return !exactAsOf().isBefore(now);
                        });
    }

    /** The earliest of all views. */
    Instant exactAsOf() {
        Instant earliest = Instant.MAX;
        for (ViewSpec view : config.views().views()) {
            Value asOf = status.read(view.name()).get("ExactAsOf");
            Instant time = asOf == null ? Instant.EPOCH : Instant.parse(asOf.asText());
            earliest = time.isBefore(earliest) ? time : earliest;
        }
        return earliest;
    }

    /** The newest completed checkpoint of which all rows of the view were written. */
    String statusOf(String view, String attribute) {
        Value value = status.read(view).get(attribute);
        return value == null ? null : value.is(Value.Type.S) ? value.asText() : value.asDigits();
    }

    /** The number of the last start. */
    long submission() {
        return Long.parseLong(statusOf(config.views().views().get(0).name(), "Submission"));
    }

    /** Stops in order, and returns where the savepoint is. */
    String stop() {
        String savepoint = Stop.withSavepoint(running.client(), folder.resolve("savepoints"));
        running.endsWithin(LIMIT);
        running = null;
        return savepoint;
    }

    /** What the command {@code verify} says when nothing runs. */
    Verdict verify() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int code = VerifyReport.print(config, Preflight.ofTables(config), out);
        return new Verdict(code, bytes.toString(StandardCharsets.UTF_8));
    }

    /** What a command says, with the job's own options and these, whether or not it runs. */
    Verdict command(String command, String... more) {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(arguments);
        line.addAll(List.of(more));
        return Verdict.of(line);
    }

    @Override
    public void close() {
        try {
            if (running != null && !hasEnded()) {
                running.client().cancel().join();
                running.endsWithin(LIMIT);
            }
        } finally {
            status.close();
        }
    }

    /** Exit code and output of a command. */
    static final class Verdict {

        private final int code;
        private final String text;

        private Verdict(int code, String text) {
            this.code = code;
            this.text = text;
        }

        /** Runs a command as {@code scripts/submit.sh} does; errors are in the text too. */
        static Verdict of(List<String> line) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
            int code = Main.exitCode(line.toArray(new String[0]), out, out);
            return new Verdict(code, bytes.toString(StandardCharsets.UTF_8));
        }

        int code() {
            return code;
        }

        String text() {
            return text;
        }
    }
}
