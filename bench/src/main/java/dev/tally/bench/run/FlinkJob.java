package dev.tally.bench.run;

import dev.tally.bench.workload.Changes;
import dev.tally.testing.SourceTree;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.contrib.streaming.state.RocksDBConfigurableOptions;
import org.apache.flink.contrib.streaming.state.RocksDBOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A contestant's job on a Flink cluster within this JVM, from its first change until the checkpoint
 * behind its last one is complete. One at a time.
 */
public final class FlinkJob {

    /** The watermark that comes before the first change: Tally's rows wait for one. */
    public static final long READY = 1;

    private static final Duration CHECKPOINTS = Duration.ofSeconds(10);
    private static final long LIMIT_MINUTES = 60;

    private static final AtomicReference<Stopwatch> STARTED = new AtomicReference<>();
    private static volatile CountDownLatch emitting;

    private final Setting setting;
    private final Path checkpoints;
    private final Configuration flink;

    public FlinkJob(Setting setting, Path scratch) {
        this.setting = setting;
        this.checkpoints = scratch.resolve("checkpoints");
        this.flink = new Configuration();
        flink.set(RestOptions.BIND_PORT, "0");
        flink.set(RestOptions.ADDRESS, "localhost");
        flink.set(StateBackendOptions.STATE_BACKEND, setting.rocks() ? "rocksdb" : "hashmap");
        flink.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINTS);
        flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        // The last one that counts is looked into when a next one may be complete.
        flink.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 2);
        flink.set(RocksDBOptions.LOCAL_DIRECTORIES, scratch.resolve("rocksdb").toString());
        // As Tally ships them. Flink SQL needs less CPU with them too.
        Configuration shipped =
                GlobalConfiguration.loadConfiguration(
                        SourceTree.root().resolve("flink-conf").toString());
        take(RocksDBConfigurableOptions.USE_BLOOM_FILTER, shipped);
        take(RocksDBOptions.WRITE_BUFFER_RATIO, shipped);
        take(RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL, shipped);
        flink.set(
                RocksDBConfigurableOptions.WRITE_BUFFER_SIZE,
                MemorySize.ofMebiBytes(setting.bufferMegabytes()));
        flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        flink.set(PipelineOptions.OBJECT_REUSE, true);
        flink.set(
                TaskManagerOptions.MANAGED_MEMORY_SIZE,
                MemorySize.ofMebiBytes(setting.managedMegabytes()));
        flink.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(128));
        flink.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(128));
    }

    private <T> void take(ConfigOption<T> option, Configuration shipped) {
        flink.set(option, shipped.get(option));
    }

    /** More of Flink's settings, for jobs that have their own. */
    public Configuration configuration() {
        return flink;
    }

    public StreamExecutionEnvironment environment() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
        env.setParallelism(setting.slots());
        return env;
    }

    public static void started() {
        STARTED.compareAndSet(null, new Stopwatch());
    }

    public static void ended() {
        emitting.countDown();
    }

    /** Runs the job of the environment, whose rows go to one {@link TotalsSink}. */
    public Figures run(StreamExecutionEnvironment env, Changes changes) throws Exception {
        JobGraph graph = env.getStreamGraph().getJobGraph();
        TotalsSink.reset();
        Pauses.reset();
        STARTED.set(null);
        emitting = new CountDownLatch(setting.slots());
        MiniClusterConfiguration cluster =
                new MiniClusterConfiguration.Builder()
                        .setConfiguration(flink)
                        .setNumTaskManagers(1)
                        .setNumSlotsPerTaskManager(setting.slots())
                        .build();
        MiniCluster flinkCluster = new MiniCluster(cluster);
        flinkCluster.start();
        // What was made beforehand is old, and not copied while the clock runs.
        System.gc();
        try {
            JobID job = flinkCluster.submitJob(graph).get().getJobID();
            awaitEnd(flinkCluster.requestJobResult(job));
            awaitRunning(flinkCluster, job);
            long last = flinkCluster.triggerCheckpoint(job, CheckpointType.CONFIGURED).get();
            Stopwatch watch = STARTED.get();
            long nanos = watch.nanos();
            long cpu = watch.cpuNanos();
            double stateBytes = stateBytes(job, last);
            flinkCluster.cancelJob(job).get();
            return Pauses.add(
                    Figures.of(changes, setting.full(), nanos, cpu, TotalsSink.found())
                            .with("rows", TotalsSink.rows())
                            .with("stateBytes", stateBytes));
        } finally {
            flinkCluster.close();
        }
    }

    /** Until all changes are emitted; the barrier that follows passes behind them. */
    private static void awaitEnd(CompletableFuture<JobResult> end) throws Exception {
        long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
        while (!emitting.await(1, TimeUnit.MILLISECONDS)) {
            if (end.isDone()) {
                end.get().toJobExecutionResult(FlinkJob.class.getClassLoader());
            }
            if (System.nanoTime() > limit) {
                throw new IllegalStateException(
                        "the job is not at its end after " + LIMIT_MINUTES + " min");
            }
        }
    }

    /** Few changes can be emitted before the last task runs, and then there is no checkpoint. */
    private static void awaitRunning(MiniCluster cluster, JobID job) throws Exception {
        while (!running(cluster.getExecutionGraph(job).get())) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static boolean running(AccessExecutionGraph graph) {
        for (AccessExecutionVertex task : graph.getAllExecutionVertices()) {
            if (task.getExecutionState() != ExecutionState.RUNNING) {
                return false;
            }
        }
        return true;
    }

    /** All that a checkpoint consists of; Flink's statistics count only what it has added. */
    private double stateBytes(JobID job, long checkpoint) throws IOException {
        Path file = checkpoints.resolve(job + "/chk-" + checkpoint + "/_metadata");
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            return Checkpoints.loadCheckpointMetadata(
                            in, FlinkJob.class.getClassLoader(), file.toString())
                    .getOperatorStates()
                    .stream()
                    .mapToLong(OperatorState::getStateSize)
                    .sum();
        }
    }
}
