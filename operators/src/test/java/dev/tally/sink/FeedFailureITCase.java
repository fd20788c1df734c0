package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tally.change.ItemDiff;
import dev.tally.codec.CodecType;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.json.FeedEntry;
import dev.tally.testing.LocalKinesis;
import dev.tally.view.FeedSpec.Format;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.kinesis.model.Record;

/** A feed is at least once: after failures nothing is missing, and repeats are recognisable. */
class FeedFailureITCase {

    @RegisterExtension static final MiniClusterExtension CLUSTER = new MiniClusterExtension();

    private static final int DIFFS = 3_000;

    @Test
    void nothingIsMissingAfterFailuresAndRepeatsAreTheSame() throws Exception {
        KinesisStream stream = KinesisStream.create("feed-failures", 2);
        StreamExecutionEnvironment env = SinkJobs.environment(5);
        env.enableCheckpointing(1000);
        GeneratorFunction<Long, ItemDiff> inserts = n -> Feeds.insert(n.intValue(), image(n));
        env.fromSource(
                        new DataGeneratorSource<>(
                                inserts,
                                DIFFS,
                                RateLimiterStrategy.perSecond(500),
                                CodecType.of(ItemDiff.class)),
                        WatermarkStrategy.noWatermarks(),
                        "diffs")
                .uid("diffs")
                .map(new FailAfterCheckpoints())
                .returns(CodecType.of(ItemDiff.class))
                .uid("failing")
                .sinkTo(
                        new DiffFeed(
                                Feeds.feed("feed-failures"),
                                Feeds.TABLE,
                                Feeds.TASK_ID,
                                SinkJobs.local(LocalKinesis.shared().endpoint())))
                .uid("feed");
        JobClient job = env.executeAsync("feed with failures");
        await().atMost(Duration.ofSeconds(90))
                .until(() -> job.getJobStatus().get().isGloballyTerminalState());
        job.getJobExecutionResult().get();

        Map<String, Item> images = new HashMap<>();
        int records = 0;
        for (Record record : stream.records()) {
            FeedEntry entry = read(record);
            Item first = images.putIfAbsent(entry.eventId(), entry.after());
            assertThat(entry.after()).isEqualTo(first == null ? entry.after() : first);
            records++;
        }
        for (long n = 0; n < DIFFS; n++) {
            assertThat(images.get("e" + n)).as("diff %s", n).isEqualTo(image(n));
        }
        assertThat(images).hasSize(DIFFS);
        assertThat(records).as("some are repeated").isGreaterThan(DIFFS);
    }

    private static FeedEntry read(Record record) throws IOException {
        return FeedEntry.read(record.data().asByteArray(), Format.DYNAMODB_JSON);
    }

    private static Item image(long n) {
        return Feeds.task("t" + n % 50, Value.number(n));
    }

    /** Fails once after the second checkpoint of each of the first two attempts. */
    private static final class FailAfterCheckpoints
            implements MapFunction<ItemDiff, ItemDiff>, CheckpointListener {

        private static final long serialVersionUID = 1L;

        /** Shared by all attempts, which run in this JVM one after another. */
        private static volatile int failures;

        /** Long enough after a checkpoint that the feed has sent some of what came since. */
        private static final long SENT_NANOS = Duration.ofMillis(500).toNanos();

        private transient int completed;

        /** When the first diff after the last checkpoint came by; 0 if none did. */
        private transient long since;

        @Override
        public ItemDiff map(ItemDiff diff) {
            long now = System.nanoTime();
            since = since == 0 ? now : since;
            if (failures < 2 && completed >= 2 && now - since > SENT_NANOS) {
                failures++;
                throw new IllegalStateException("failure " + failures);
            }
            return diff;
        }

        @Override
        public void notifyCheckpointComplete(long checkpoint) {
            completed++;
            since = 0;
        }
    }
}
