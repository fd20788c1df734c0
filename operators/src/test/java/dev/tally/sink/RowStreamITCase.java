package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tally.codec.CodecType;
import dev.tally.item.AttributePath;
import dev.tally.item.Value;
import dev.tally.testing.LocalKinesis;
import dev.tally.view.GroupKey;
import dev.tally.view.Grouping;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Row;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.kinesis.model.Record;

/** Rows of a view on a real Kinesis, in jobs with checkpoints. */
class RowStreamITCase {

    @RegisterExtension static final MiniClusterExtension CLUSTER = new MiniClusterExtension();

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VIEW = "task-count";

    @Test
    void rowsArriveCheckpointByCheckpoint() throws Exception {
        KinesisStream stream = KinesisStream.create("rows", 2);
        StreamExecutionEnvironment env = SinkJobs.environment(0);
        job(env, "rows", Long.MAX_VALUE);
        JobClient job = env.executeAsync("rows");
        try {
            await().atMost(PATIENCE).until(() -> counts(stream).size() >= 4);
        } finally {
            job.cancel().get();
        }
        for (Record record : stream.records()) {
            JsonNode row = JSON.readTree(record.data().asByteArray());
            assertThat(record.partitionKey()).isEqualTo("task-count|home");
            assertThat(row.at("/keys/ListId/S").asText()).isEqualTo("home");
            String checkpoint = row.at("/version").asText().split("-")[1];
            assertThat(row.at("/measures/TaskCount/N").asLong())
                    .isEqualTo(Long.parseLong(checkpoint));
        }
    }

    /** The count of each checkpoint that completed is on the stream, before and after. */
    @Test
    void noRowIsMissingAfterAFailure() throws Exception {
        KinesisStream stream = KinesisStream.create("rows-failing", 1);
        StreamExecutionEnvironment env = SinkJobs.environment(3);
        job(env, "rows-failing", 4);
        JobClient job = env.executeAsync("rows-failing");
        try {
            await().atMost(PATIENCE).until(() -> counts(stream).last() >= 8);
        } finally {
            job.cancel().get();
        }
        // Checkpoint 4 is taken and fails with the job; all others complete.
        assertThat(counts(stream)).contains(1L, 2L, 3L).doesNotContain(4L).contains(6L, 7L);
    }

    private static void job(StreamExecutionEnvironment env, String stream, long failAt) {
        env.enableCheckpointing(200);
        ConnectorSettings settings = SinkJobs.local(LocalKinesis.shared().endpoint());
        GeneratorFunction<Long, Long> ticks = n -> n;
        env.fromSource(
                        new DataGeneratorSource<>(
                                ticks,
                                Long.MAX_VALUE,
                                RateLimiterStrategy.perSecond(20),
                                Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "ticks")
                .uid("ticks")
                .transform("counts", CodecType.of(Row.class), new CheckpointCounts(failAt))
                .uid("counts")
                .transform("committed", CodecType.of(Row.class), new CommittedRows(7))
                .uid("committed")
                .sinkTo(new RowStream(view(stream), 7, settings))
                .uid("stream");
    }

    private static TreeSet<Long> counts(KinesisStream stream) throws IOException {
        TreeSet<Long> counts = new TreeSet<>(List.of(0L));
        for (Record record : stream.records()) {
            JsonNode row = JSON.readTree(record.data().asByteArray());
            counts.add(row.at("/measures/TaskCount/N").asLong());
        }
        return counts;
    }

    private static ViewSpec view(String stream) {
        Target to =
                new Target(
                        null,
                        stream,
                        null,
                        null,
                        null,
                        0,
                        "_tally_task-count",
                        Target.EmptyGroup.ZERO,
                        Target.Freshness.COMMITTED,
                        Target.ExistingRows.REFUSE);
        List<Grouping> groupBy = new ArrayList<>();
        groupBy.add(new Grouping(AttributePath.ofName("ListId"), false, null));
        List<MeasureSpec> measures =
                List.of(new MeasureSpec("TaskCount", MeasureSpec.Kind.COUNT, null, null));
        return new ViewSpec(VIEW, "tasks", null, groupBy, measures, to, ViewSpec.RemovedView.FAIL);
    }

    /** A group whose count is the number of the checkpoint; fails once, while one is taken. */
    private static final class CheckpointCounts extends AbstractStreamOperator<Row>
            implements OneInputStreamOperator<Long, Row> {

        private final long failAt;

        CheckpointCounts(long failAt) {
            this.failAt = failAt;
        }

        @Override
        public void processElement(StreamRecord<Long> tick) {}

        @Override
        public void prepareSnapshotPreBarrier(long checkpoint) {
            Value[] measures = {Value.number(checkpoint)};
            GroupKey group = GroupKey.of(VIEW, List.of(Value.text("home")));
            output.collect(new StreamRecord<>(new Row(group, measures, false, checkpoint, 0, 0)));
            if (checkpoint == failAt) {
                throw new IllegalStateException("this checkpoint fails");
            }
        }
    }
}
