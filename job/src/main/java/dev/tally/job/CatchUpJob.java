package dev.tally.job;

import dev.tally.job.figures.CatchUp;
import dev.tally.job.figures.ClockedClients;
import dev.tally.job.figures.Speed;
import dev.tally.view.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Source, item stage and aggregate stage of one table as a job of its own, from the oldest record
 * of the stream; its rows are dropped. Reading lasts from the first GetRecords until the last group
 * has taken what the last record changed.
 */
public final class CatchUpJob implements CatchUp.Pipeline {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 2;

    private final Configuration flink;
    private final PipelineConfig config;
    private final Preflight preflight;
    private final TableSpec table;
    private final List<Long> firstRecords = new ArrayList<>();

    /**
     * @param flink settings of the run that is measured
     */
    public CatchUpJob(
            Configuration flink, PipelineConfig config, Preflight preflight, TableSpec table) {
        this.flink = new Configuration(flink);
        this.flink.set(RestOptions.PORT, 0);
        this.flink.set(RestOptions.BIND_PORT, "0");
        this.flink.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.DELETE_ON_CANCELLATION);
        this.flink.removeConfig(StateRecoveryOptions.SAVEPOINT_PATH);
        this.config = config;
        this.preflight = preflight;
        this.table =
                new TableSpec(
                        table.logicalName(),
                        table.tableName(),
                        table.region(),
                        table.roleArn(),
                        TableSpec.Start.TRIM_HORIZON,
                        table.onGap(),
                        TableSpec.Reader.TALLY,
                        table.scanReadCapacity());
    }

    @Override
    public Speed read(long records) throws Exception {
        ClockedClients clients = new ClockedClients(preflight.clients());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(flink);
        Pipeline.buildWithoutRows(env, config, preflight, table, clients);
        JobClient job = env.executeAsync("tally-catch-up");
        CompletableFuture<?> ended = job.getJobExecutionResult();
        try {
            awaitRunning(job, ended);
            long end = awaitEnd(records, ended);
            return new Speed(records, end - ClockedClients.firstCall());
        } finally {
            job.cancel();
            awaitCancelled(ended);
        }
    }

    /**
     * From when the job ran until the item stage had its first record, in each reading so far.
     *
     * @return milliseconds
     */
    public List<Long> firstRecords() {
        return List.copyOf(firstRecords);
    }

    private static void awaitRunning(JobClient job, CompletableFuture<?> ended) throws Exception {
        while (!ended.isDone() && job.getJobStatus().get() != JobStatus.RUNNING) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private long awaitEnd(long records, CompletableFuture<?> ended) throws Exception {
        long quiet = 3 * config.get(PipelineOptions.EAGER_INTERVAL).toNanos();
        String items = OperatorIds.items(table.logicalName());
        String groups = OperatorIds.groups(table.logicalName());
        long start = System.nanoTime();
        long seen = 0;
        long last = start;
        while (true) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            long now = System.nanoTime();
            long read = LocalMetrics.count(items, "numRecordsIn");
            long taken = read + LocalMetrics.count(groups, "numRecordsIn");
            if (seen == 0 && taken > 0) {
                firstRecords.add(TimeUnit.NANOSECONDS.toMillis(now - start));
            }
            if (taken != seen) {
                seen = taken;
                last = now;
            }
            if (read >= records && now - last > quiet) {
                return last;
            }
            if (ended.isDone()) {
                ended.get();
            }
            if (ended.isDone() || now - start > LIMIT.toNanos()) {
                throw new IllegalStateException(
                        "cannot read the stream of "
                                + table.tableName()
                                + " to its end: after "
                                + TimeUnit.NANOSECONDS.toSeconds(now - start)
                                + " s it is at "
                                + read
                                + " of "
                                + records
                                + " records");
            }
        }
    }

    private static void awaitCancelled(CompletableFuture<?> ended) throws Exception {
        try {
            ended.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException cancelled) {
            // As it was told.
        }
    }
}
