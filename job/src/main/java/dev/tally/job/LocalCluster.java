package dev.tally.job;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The MiniCluster of local runs: Flink's own settings from flink-conf, and what differs here. */
public final class LocalCluster {

    static final ConfigOption<Integer> REST_PORT = RestOptions.PORT;

    /** Rows are a checkpoint old; nobody wants to wait ten seconds to see a first one. */
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);

    /**
     * With none, a busy machine's next barrier reaches tasks before the word that the last
     * checkpoint has completed: then RocksDB refers to files that are gone, and that checkpoint
     * waits for its end for ten minutes ("Attempt to reference unknown state").
     */
    private static final Duration CHECKPOINT_PAUSE = Duration.ofMillis(250);

    /** For RocksDB. */
    private static final int MEMORY_MB = 512;

    /** Of it at least so much per table and slot: twice what write buffers need. */
    private static final int SHARE_MB = 32;

    private LocalCluster() {}

    public static Configuration configuration(
            CommandLine line, PipelineConfig config, Path folder, int usualPort)
            throws java.io.IOException {
        Path conf = PipelineConfig.home().resolve("flink-conf");
        Configuration flink = GlobalConfiguration.loadConfiguration(conf.toString());
        int wanted = line.getInt("ui-port", usualPort);
        if (line.has("ui-port") && !LocalServices.isFree(wanted)) {
            throw new UserError(
                    "cannot start Flink's web UI on port "
                            + wanted
                            + ": the port is taken. Choose another with --ui-port.");
        }
        flink.set(
                RestOptions.PORT, LocalServices.isFree(wanted) ? wanted : LocalServices.freePort());
        flink.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        flink.set(RestOptions.ADDRESS, "127.0.0.1");
        int parallelism = line.getInt("parallelism", 1);
        flink.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        flink.set(TaskManagerOptions.NUM_TASK_SLOTS, parallelism);
        int shares = parallelism * config.views().tables().size();
        flink.set(
                TaskManagerOptions.MANAGED_MEMORY_SIZE,
                MemorySize.ofMebiBytes(Math.max(MEMORY_MB, SHARE_MB * shares)));
        flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
        flink.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, CHECKPOINT_PAUSE);
        flink.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        flink.setString("metrics.reporters", "local");
        flink.setString(
                "metrics.reporter.local.factory.class", LocalMetrics.Factory.class.getName());
        flink.setString("metrics.fetcher.update-interval", "2 s");
        if (line.has("metrics-port")) {
            prometheus(flink, line.getInt("metrics-port", 0));
        }
        if (line.has("from-savepoint")) {
            flink.set(StateRecoveryOptions.SAVEPOINT_PATH, line.get("from-savepoint"));
        }
        return flink;
    }

    /** Flink's own reporter; it listens on every network interface and cannot be told otherwise. */
    private static void prometheus(Configuration flink, int port) {
        if (!LocalServices.isFree(port)) {
            throw new UserError(
                    "cannot show metrics on port "
                            + port
                            + ": the port is taken. Choose another with --metrics-port.");
        }
        flink.setString("metrics.reporters", "local,prom");
        flink.setString(
                "metrics.reporter.prom.factory.class",
                "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
        flink.setString("metrics.reporter.prom.port", Integer.toString(port));
        flink.setString("metrics.reporter.prom.filterLabelValueCharacters", "false");
    }

    /** Starts the job; it runs on threads of this JVM. */
    public static Running start(
            Configuration flink, PipelineConfig config, Preflight preflight, PrintStream out)
            throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironmentWithWebUI(flink);
        Restore.prepare(env, config).forEach(out::println);
        Pipeline.build(env, config, preflight);
        return new Running(env.executeAsync("tally"));
    }

    /** A job that was started here. */
    public static final class Running {

        private final JobClient client;

        /** Asked for at once: when the job has ended, its cluster answers no more. */
        private final CompletableFuture<?> result;

        private Running(JobClient client) {
            this.client = client;
            this.result = client.getJobExecutionResult();
        }

        public JobClient client() {
            return client;
        }

        /** Waits so long, or until the job has ended by itself. */
        public boolean endsWithin(Duration time) {
            try {
                result.get(time.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (ExecutionException e) {
                return true;
            } catch (TimeoutException goesOn) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
        }

        /** Why the job has ended, in a sentence. */
        public String failure() {
            try {
                result.getNow(null);
                return "the job has ended by itself, without an error";
            } catch (CompletionException e) {
                return Errors.sentence(e);
            }
        }
    }
}
