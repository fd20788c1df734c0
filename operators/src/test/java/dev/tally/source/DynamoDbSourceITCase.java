package dev.tally.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.change.ItemChange;
import dev.tally.codec.CodecType;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.client.Wanted;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTables;
import dev.tally.source.simulated.Workload;
import dev.tally.view.TableSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.test.util.MiniClusterWithClientResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The source inside a real Flink: what it emits arrives, ready comes through {@code
 * WatermarkStrategy.noWatermarks()} from all subtasks, also from those without a split, and a
 * failing task loses nothing.
 */
class DynamoDbSourceITCase {

    private static final MiniClusterWithClientResource CLUSTER =
            new MiniClusterWithClientResource(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .build());

    private static final Map<ItemKey, Item> IMAGES = new ConcurrentHashMap<>();
    private static final Queue<Long> WATERMARKS = new ConcurrentLinkedQueue<>();
    private static volatile int failAfter;

    @BeforeAll
    static void startCluster() throws Exception {
        CLUSTER.before();
    }

    @AfterAll
    static void stopCluster() {
        CLUSTER.after();
    }

    @Test
    void deliversScanAndStreamAndSaysReadyInBand() throws Exception {
        run(0);
    }

    @Test
    void losesNothingWhenTheTaskFails() throws Exception {
        run(150);
    }

    private void run(int failing) throws Exception {
        Keep.NEWEST.clear();
        IMAGES.clear();
        WATERMARKS.clear();
        failAfter = failing;
        SimulatedTable table =
                new SimulatedTable(
                        "todoListTask",
                        Workload.KEY,
                        ViewType.NEW_AND_OLD_IMAGES,
                        2,
                        7,
                        System::currentTimeMillis);
        Workload workload = new Workload(7, 400, 10);
        for (int i = 0; i < 300; i++) {
            workload.add().applyTo(table);
        }
        SimulatedTables tables = new SimulatedTables(getClass().getName());
        tables.serve(table, Faults.none());
        JobClient job = start(tables);
        try {
            for (int i = 0; i < 300; i++) {
                workload.next().applyTo(table);
                if (i % 100 == 99) {
                    table.rollOver();
                }
            }
            await(() -> !WATERMARKS.isEmpty());
            await(() -> sameAs(table));
            assertThat(WATERMARKS).doesNotContain(Long.MAX_VALUE);
            assertThat(Map.copyOf(IMAGES)).hasSize(table.items().size());
        } finally {
            job.cancel().get();
            tables.clear();
        }
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    private static boolean sameAs(SimulatedTable table) {
        KeySchema schema = table.key();
        for (Item item : table.items()) {
            if (!item.equals(IMAGES.get(ItemKey.of(schema, item)))) {
                return false;
            }
        }
        return IMAGES.size() == table.items().size();
    }

    private static JobClient start(SimulatedTables tables) throws Exception {
        Configuration configuration = new Configuration();
        configuration.setString("pipeline.generic-types", "false");
        configuration.setString("execution.checkpointing.interval", "200ms");
        configuration.setString("restart-strategy.type", "fixed-delay");
        configuration.setString("restart-strategy.fixed-delay.attempts", "1");
        configuration.setString("restart-strategy.fixed-delay.delay", "10ms");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(3);
        TableSpec spec =
                new TableSpec(
                        "tasks",
                        "todoListTask",
                        null,
                        null,
                        TableSpec.Start.SNAPSHOT,
                        TableSpec.OnGap.FAIL,
                        TableSpec.Reader.TALLY,
                        0);
        SourceOptions options = SourceOptions.defaults().withSegments(2).withPages(20, 20);
        env.fromSource(
                        new DynamoDbSource(spec, tables, options, Map.of(), Wanted.ALL, 1, null),
                        WatermarkStrategy.noWatermarks(),
                        "tasks")
                .keyBy(ItemChange::key, CodecType.of(ItemKey.class))
                .transform("keep", CodecType.of(ItemChange.class), new Keep())
                .setParallelism(1)
                .sinkTo(new DiscardingSink<>());
        return env.executeAsync();
    }

    /** Keeps the newest image of each item, as a scan of one generation and a stream allow. */
    private static final class Keep extends AbstractStreamOperator<ItemChange>
            implements OneInputStreamOperator<ItemChange, ItemChange> {

        private static final long serialVersionUID = 1L;
        private static final Map<ItemKey, ItemChange> NEWEST = new ConcurrentHashMap<>();

        private int seen;

        @Override
        public void processElement(StreamRecord<ItemChange> element) {
            ItemChange change = element.getValue();
            if (failAfter > 0 && ++seen == failAfter) {
                failAfter = 0;
                throw new IllegalStateException("a failure on purpose");
            }
            ItemChange newest = NEWEST.get(change.key());
            boolean behind =
                    newest != null
                            && !newest.scanned()
                            && (change.scanned()
                                    || change.version().compareTo(newest.version()) <= 0);
            if (!behind) {
                NEWEST.put(change.key(), change);
                if (change.after() == null) {
                    IMAGES.remove(change.key());
                } else {
                    IMAGES.put(change.key(), change.after());
                }
            }
        }

        @Override
        public void processWatermark(Watermark mark) {
            WATERMARKS.add(mark.getTimestamp());
        }
    }
}
