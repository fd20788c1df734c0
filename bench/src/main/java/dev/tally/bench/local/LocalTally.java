package dev.tally.bench.local;

import dev.tally.item.Value;
import dev.tally.job.CommandLine;
import dev.tally.job.LocalCluster;
import dev.tally.job.LocalServices;
import dev.tally.job.PipelineConfig;
import dev.tally.job.Preflight;
import dev.tally.sink.StatusTable;
import dev.tally.source.client.TableClients;
import dev.tally.view.ViewSpec;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.SavepointFormatType;

/**
 * The whole pipeline in this JVM, as {@code scripts/submit.sh local} has it, over a views file;
 * rows go to a DynamoDB Local. It can be killed, and started again from a savepoint.
 */
public final class LocalTally implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Path folder;
    private final List<String> arguments = new ArrayList<>();
    private final PipelineConfig config;
    private TableClients sources;
    private Preflight preflight;
    private Configuration flink;
    private LocalCluster.Running running;

    /**
     * @param folder for checkpoints and savepoints; must exist
     * @param dynamoDb of targets, and of the sources unless they come from elsewhere
     * @param options more of the command line
     */
    public LocalTally(Path folder, URI dynamoDb, String views, String... options) throws Exception {
        this.folder = folder;
        Path file = Files.writeString(folder.resolve("views.yaml"), views);
        arguments.addAll(List.of("local", "--views", file.toString()));
        arguments.addAll(List.of("--dynamodb-endpoint", dynamoDb.toString()));
        arguments.add("-Dcreate-tables=true");
        arguments.addAll(List.of(options));
        config = PipelineConfig.load(line(arguments));
    }

    private static CommandLine line(List<String> arguments) {
        return CommandLine.parse(arguments.toArray(new String[0]));
    }

    /** With source tables from elsewhere. */
    public LocalTally reading(TableClients clients) {
        sources = clients;
        return this;
    }

    /**
     * @param savepoint null for none
     */
    public void start(String savepoint) throws Exception {
        List<String> all = new ArrayList<>(arguments);
        if (savepoint != null) {
            all.addAll(List.of("--from-savepoint", savepoint));
        }
        flink = LocalCluster.configuration(line(all), config, folder, 0);
        flink.set(RestOptions.PORT, LocalServices.freePort());
        preflight = sources == null ? Preflight.ofJob(config) : Preflight.ofJob(config, sources);
        PrintStream nobody = new PrintStream(PrintStream.nullOutputStream());
        running = LocalCluster.start(flink, config, preflight, nobody);
    }

    PipelineConfig config() {
        return config;
    }

    /** Of the last start. */
    Preflight preflight() {
        return preflight;
    }

    /** Of the last start. */
    Configuration flink() {
        return flink;
    }

    /** Takes a savepoint and goes on; returns where it is. */
    public String savepoint() throws Exception {
        return running.client()
                .triggerSavepoint(
                        folder.resolve("savepoints").toUri().toString(),
                        SavepointFormatType.CANONICAL)
                .get();
    }

    /** Ends it at once: nothing is kept, nothing is written any more. */
    public void kill() {
        running.client().cancel().join();
        running.endsWithin(LIMIT);
        running = null;
    }

    /**
     * Waits until the rows of every view are exact as of a moment.
     *
     * @param moment by the clock of the source tables
     */
    public void awaitExact(Instant moment) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (StatusTable status = config.status()) {
            for (ViewSpec view : config.views().views()) {
                while (exactAsOf(status, view).isBefore(moment)) {
                    if (running.endsWithin(Duration.ZERO)) {
                        throw new IllegalStateException(running.failure());
                    }
                    if (System.nanoTime() > deadline) {
                        throw new IllegalStateException(
                                "view " + view.name() + " has not caught up within " + LIMIT);
                    }
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            }
        }
    }

    private static Instant exactAsOf(StatusTable status, ViewSpec view) {
        Value asOf = status.read(view.name()).get("ExactAsOf");
        return asOf == null ? Instant.EPOCH : Instant.parse(asOf.asText());
    }

    @Override
    public void close() {
        if (running != null) {
            kill();
        }
    }
}
