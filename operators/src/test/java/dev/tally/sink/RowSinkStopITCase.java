package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.change.DeadLetter;
import dev.tally.codec.CodecType;
import dev.tally.testing.HoldingProxy;
import dev.tally.testing.HoldingProxy.Fate;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.functions.source.SourceFunction;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.test.util.MiniClusterWithClientResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a job with a row sink ends: in order, cancelled, or superseded. In a real Flink. */
class RowSinkStopITCase {

    private static final String LIST = "groceries";
    private static final String NEVER = "1h";
    private static final MiniClusterWithClientResource CLUSTER =
            new MiniClusterWithClientResource(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @TempDir Path savepoints;

    private final SinkTable table = new SinkTable();
    private final HoldingProxy proxy = new HoldingProxy(LocalDynamoDb.shared().endpoint());

    @BeforeAll
    static void startCluster() throws Exception {
        CLUSTER.before();
    }

    @AfterAll
    static void stopCluster() {
        CLUSTER.after();
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void stopWithSavepointReturnsWhenItsRowsAreWrittenAlsoByAReluctantTarget() throws Exception {
        proxy.next(3, "UpdateItem", LIST, Fate.THROTTLE);
        proxy.next(1, "UpdateItem", LIST, Fate.LOSE_ANSWER);
        JobClient job = start(NEVER);

        job.stopWithSavepoint(false, savepoints.toString(), SavepointFormatType.CANONICAL)
                .get(60, TimeUnit.SECONDS);

        assertThat(table.count(LIST)).isPositive();
        assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.FINISHED);
    }

    @Test
    void aCancelledJobWritesNothingMore() throws Exception {
        proxy.next(1_000_000, "UpdateItem", LIST, Fate.THROTTLE);
        JobClient job = start("200ms");
        await(() -> proxy.seen("UpdateItem") > 0);

        job.cancel().get(20, TimeUnit.SECONDS);
        await(() -> job.getJobStatus().get() == JobStatus.CANCELED);

        assertThat(table.count(LIST)).isEqualTo(-1);
    }

    @Test
    void aSupersededJobFailsAndIsNotRestarted() throws Exception {
        JobClient job = start("200ms");
        await(() -> table.count(LIST) > 0);
        try (SinkHarness newer = SinkHarness.start(sink(8, SinkTable.settings()))) {
            newer.checkpoint(1, SinkViews.row(LIST, 0, 1));
            newer.awaitIdle();
        }

        assertThatThrownBy(() -> job.getJobExecutionResult().get(60, TimeUnit.SECONDS))
                .rootCause()
                .isInstanceOf(TargetException.class)
                .hasMessageContaining("submission 8 has taken over from this one, 7");
        assertThat(table.count(LIST)).isZero();
    }

    @SuppressWarnings("deprecation")
    private JobClient start(String interval) throws Exception {
        Configuration configuration = new Configuration();
        configuration.setString("pipeline.generic-types", "false");
        configuration.setString("execution.checkpointing.interval", interval);
        configuration.setString("restart-strategy.type", "fixed-delay");
        configuration.setString("restart-strategy.fixed-delay.attempts", "1000");
        configuration.setString("restart-strategy.fixed-delay.delay", "10ms");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(1);
        env.addSource(new Idle(), CodecType.of(GroupKey.class))
                .transform("rows", CodecType.of(Row.class), new BarrierRows())
                .keyBy(Row::group, CodecType.of(GroupKey.class))
                .transform(
                        "sink",
                        CodecType.of(DeadLetter.class),
                        sink(7, SinkTable.settings(proxy.endpoint())))
                .sinkTo(new DiscardingSink<>());
        JobClient job = env.executeAsync("row sink");
        await(() -> job.getJobStatus().get() == JobStatus.RUNNING);
        await(() -> Idle.running);
        return job;
    }

    private RowSink sink(long submission, TargetSettings settings) {
        return new RowSink(
                SinkViews.view(table.name()),
                SinkViews.KEY,
                submission,
                settings,
                WriteLimits.DEFAULTS,
                null);
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    /** Runs until it is told not to. */
    @SuppressWarnings("deprecation")
    private static final class Idle implements SourceFunction<GroupKey> {
        private static final long serialVersionUID = 1L;
        private static volatile boolean running;

        @Override
        public void run(SourceContext<GroupKey> context) {
            running = true;
            while (running) {
                LockSupport.parkNanos(10_000_000);
            }
        }

        @Override
        public void cancel() {
            running = false;
        }
    }

    /** A row before each barrier, as the aggregate stage makes them. */
    private static final class BarrierRows extends AbstractStreamOperator<Row>
            implements OneInputStreamOperator<GroupKey, Row> {
        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(StreamRecord<GroupKey> element) {
            throw new IllegalStateException("the source is idle");
        }

        @Override
        public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
            super.prepareSnapshotPreBarrier(checkpoint);
            output.collect(new StreamRecord<>(SinkViews.row(LIST, checkpoint, checkpoint)));
        }
    }
}
