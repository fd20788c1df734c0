package dev.tally.bench.drift;

import dev.tally.source.client.Change;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.dynamodb.sink.DynamoDbSink;
import org.apache.flink.connector.dynamodb.sink.DynamoDbWriteRequest;
import org.apache.flink.connector.dynamodb.sink.DynamoDbWriteRequestType;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A Flink job that is fed with what Apache's consumer of DynamoDB Streams delivers, and whose rows
 * go to Apache's sink: list, tasks, tenths of effort. The consumer itself cannot read a simulated
 * table. As with it, all shards are read at once, positions are part of the state, and a lost
 * position becomes the oldest record there is.
 */
abstract class FlinkKeeper implements Keeper {

    /** In the JVM of the job; of the job that runs now. */
    private static final BlockingQueue<Row> FED = new LinkedBlockingQueue<>();

    private static final long CHECKPOINTS_MILLIS = 1_000;
    private static final long LIMIT_SECONDS = 60;

    /**
     * How long the sink keeps a row back; and by when it has sent the last one, repeats included.
     */
    private static final long LINGER_MILLIS = 100;

    private static final long SETTLING_MILLIS = 3_000;

    private final Path folder;
    private final StreamReader stream;
    private final URI target;
    private final String rows;
    private final int requests;
    private JobClient job;
    private String savepoint;
    private String marked;

    /**
     * @param requests most that the sink has under way; by default 50
     */
    FlinkKeeper(Path folder, StreamReader stream, URI target, String rows, int requests) {
        this.folder = folder;
        this.stream = stream;
        this.target = target;
        this.rows = rows;
        this.requests = requests;
    }

    /** What the job takes of a record. */
    abstract List<Row> taken(Change change);

    /** Their type. */
    abstract TypeInformation<Row> type();

    /** What it makes of them: list, tasks, tenths; perhaps of kind DELETE when there are none. */
    abstract DataStream<Row> totals(StreamExecutionEnvironment env, DataStream<Row> changes);

    static long tenths(BigDecimal effort) {
        return effort.movePointRight(1).longValueExact();
    }

    @Override
    public void start() throws Exception {
        run(null);
    }

    @SuppressWarnings("deprecation") // Of sources of the old kind: see below.
    private void run(String from) throws Exception {
        FED.clear();
        Configuration flink = new Configuration();
        flink.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        flink.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        if (from != null) {
            flink.set(StateRecoveryOptions.SAVEPOINT_PATH, from);
        }
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironment(1, flink);
        env.enableCheckpointing(CHECKPOINTS_MILLIS);
        totals(env, env.addSource(new Fed(), "records", type()).uid("records"))
                .sinkTo(sink())
                .uid("rows");
        job = env.executeAsync("running counts");
        while (job.getJobStatus().get() != JobStatus.RUNNING) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** At a savepoint the sink waits for answers, but keeps what it has not sent yet. */
    @Override
    public void catchUp() throws Exception {
        stream.readAll(page -> page.forEach(change -> FED.addAll(taken(change))));
        while (!FED.isEmpty()) {
            if (job.getJobStatus().get() != JobStatus.RUNNING) {
                job.getJobExecutionResult().get();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        savepoint();
        TimeUnit.MILLISECONDS.sleep(SETTLING_MILLIS);
        savepoint = savepoint();
    }

    /** Again if it fails: the first tasks may run before the last ones do. */
    private String savepoint() throws Exception {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (true) {
            try {
                return job.triggerSavepoint(
                                folder.resolve("savepoints").toUri().toString(),
                                SavepointFormatType.CANONICAL)
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (System.nanoTime() > limit) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    @Override
    public void mark() {
        stream.mark();
        marked = savepoint;
    }

    @Override
    public void goBack() throws Exception {
        close();
        stream.goBack();
        run(marked);
    }

    @Override
    public void close() {
        if (job != null) {
            job.cancel().join();
            job = null;
        }
    }

    /** With a key to overwrite by, as it fails otherwise when a batch has a row twice. */
    private DynamoDbSink<Row> sink() {
        Properties properties = new Properties();
        properties.setProperty("aws.region", "us-east-1");
        properties.setProperty("aws.endpoint", target.toString());
        properties.setProperty("aws.http.protocol.version", "HTTP1_1");
        return DynamoDbSink.<Row>builder()
                .setTableName(rows)
                .setDynamoDbProperties(properties)
                .setElementConverter((row, context) -> write(row))
                .setOverwriteByPartitionKeys(List.of("ListId"))
                .setMaxInFlightRequests(requests)
                .setMaxTimeInBufferMS(LINGER_MILLIS)
                .build();
    }

    private static DynamoDbWriteRequest write(Row row) {
        AttributeValue list = AttributeValue.fromS((String) row.getField(0));
        if (row.getKind() == RowKind.DELETE) {
            return DynamoDbWriteRequest.builder()
                    .setType(DynamoDbWriteRequestType.DELETE)
                    .setItem(Map.of("ListId", list))
                    .build();
        }
        BigDecimal effort = BigDecimal.valueOf((Long) row.getField(2), 1);
        return DynamoDbWriteRequest.builder()
                .setType(DynamoDbWriteRequestType.PUT)
                .setItem(
                        Map.of(
                                "ListId",
                                list,
                                "Tasks",
                                AttributeValue.fromN(row.getField(1).toString()),
                                "Effort",
                                AttributeValue.fromN(effort.toPlainString())))
                .build();
    }

    /** Emits what it is fed; where to go on after a restore is the feeder's business. */
    @SuppressWarnings("deprecation") // The new kind takes ten times the code for that.
    private static final class Fed
            implements org.apache.flink.streaming.api.functions.source.SourceFunction<Row> {

        private static final long serialVersionUID = 1L;

        private volatile boolean running = true;

        @Override
        public void run(SourceContext<Row> context) throws Exception {
            while (running) {
                boolean idle;
                synchronized (context.getCheckpointLock()) {
                    Row next = FED.peek();
                    idle = next == null;
                    if (!idle) {
                        context.collect(next);
                        FED.remove();
                    }
                }
                if (idle) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
            }
        }

        @Override
        public void cancel() {
            running = false;
        }
    }
}
