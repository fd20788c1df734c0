package dev.tally.bench.local;

import dev.tally.change.ItemChange;
import dev.tally.codec.CodecType;
import dev.tally.job.figures.ClockedClients;
import dev.tally.source.DynamoDbSource;
import dev.tally.source.SourceOptions;
import dev.tally.source.client.ChangePage;
import dev.tally.source.client.Shard;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableClients;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.client.Wanted;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTables;
import dev.tally.source.simulated.Workload;
import dev.tally.view.TableSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The source alone, on a simulated table of many shards whose calls take a time, against what these
 * calls allow: of each shard one call after the other, of all shards at once.
 */
final class SlowShards {

    private static final int SHARDS = 64;
    private static final int CALL_MILLIS = 20;
    private static final int RECORDS_PER_PAGE = 50;
    private static final double TIMES = 1.2;

    /** The median counts: the first time with so many slots compilers are at work. */
    private static final int TIMES_READ = 3;

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final TableSpec SPEC =
            new TableSpec(
                    "tasks",
                    Tasks.TABLE,
                    null,
                    null,
                    TableSpec.Start.TRIM_HORIZON,
                    TableSpec.OnGap.FAIL,
                    TableSpec.Reader.TALLY,
                    0);

    /** In the JVM of the job; of the job that runs now. */
    private static final LongAdder EMITTED = new LongAdder();

    private SlowShards() {}

    /**
     * @param pages of each shard, about
     */
    static Line measure(int slots, int pages) throws Exception {
        int records = SHARDS * pages * RECORDS_PER_PAGE;
        SimulatedTable table = filled(records);
        SimulatedTables tables = new SimulatedTables("bench-slow-shards");
        tables.serve(table, Faults.none());
        int longest = longest(tables.open(SPEC));
        ScheduledExecutorService network = Executors.newScheduledThreadPool(2);
        try {
            // A call is two steps: to the table, and back.
            tables.serve(
                    table,
                    Faults.none(),
                    step -> network.schedule(step, CALL_MILLIS / 2, TimeUnit.MILLISECONDS));
            long[] nanos = new long[TIMES_READ];
            for (int i = 0; i < nanos.length; i++) {
                nanos[i] = read(new ClockedClients(tables), slots, records);
            }
            Arrays.sort(nanos);
            double seconds = nanos[nanos.length / 2] / 1e9;
            double allowed = longest * CALL_MILLIS / 1e3;
            return new Line(
                    String.format(
                            Locale.ROOT,
                            "source, %d shards, %d ms a call, %d slots: %,d records in pages of %d",
                            SHARDS,
                            CALL_MILLIS,
                            slots,
                            records,
                            RECORDS_PER_PAGE),
                    String.format(
                            Locale.ROOT,
                            "%.2f s (%.2f to %.2f), %.2f times the %.2f s of the longest shard's %d"
                                    + " calls",
                            seconds,
                            nanos[0] / 1e9,
                            nanos[nanos.length - 1] / 1e9,
                            seconds / allowed,
                            allowed,
                            longest),
                    "≤ " + TIMES + " times",
                    seconds / allowed <= TIMES);
        } finally {
            network.shutdownNow();
            tables.clear();
        }
    }

    private static SimulatedTable filled(int records) {
        SimulatedTable table =
                new SimulatedTable(
                        SPEC.tableName(),
                        Workload.KEY,
                        ViewType.NEW_AND_OLD_IMAGES,
                        SHARDS,
                        3,
                        System::currentTimeMillis);
        // Twice as many places as tasks, else it takes ever longer to find a free one.
        Workload workload = new Workload(3, 2 * records, 1_000);
        for (int i = 0; i < records; i++) {
            table.put(workload.add().after());
        }
        return table;
    }

    /** Pages of the longest shard. */
    private static int longest(TableClient client) throws Exception {
        String stream = client.describeTable().get().streamArn();
        int longest = 0;
        for (Shard shard : client.describeStream(stream, null).get().shards()) {
            String iterator = client.shardIterator(stream, shard.shardId(), null).get();
            int pages = 0;
            ChangePage page = client.getRecords(iterator, RECORDS_PER_PAGE).get();
            while (!page.changes().isEmpty()) {
                pages++;
                page = client.getRecords(page.nextIterator(), RECORDS_PER_PAGE).get();
            }
            longest = Math.max(longest, pages);
        }
        return longest;
    }

    /** From the first GetRecords until the last record is out, in nanoseconds. */
    private static long read(TableClients clients, int slots, int records) throws Exception {
        Configuration flink = new Configuration();
        flink.setString("pipeline.object-reuse", "true");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironment(slots, flink);
        SourceOptions options = SourceOptions.defaults().withPages(RECORDS_PER_PAGE, 1_000);
        EMITTED.reset();
        env.fromSource(
                        new DynamoDbSource(SPEC, clients, options, Map.of(), Wanted.ALL, 1, null),
                        WatermarkStrategy.noWatermarks(),
                        "tasks",
                        CodecType.of(ItemChange.class))
                .filter(SlowShards::count)
                .sinkTo(new DiscardingSink<>());
        JobClient job = env.executeAsync("slow shards");
        try {
            long limit = System.nanoTime() + LIMIT.toNanos();
            while (EMITTED.sum() < records) {
                TimeUnit.MILLISECONDS.sleep(1);
                if (System.nanoTime() > limit) {
                    throw new IllegalStateException(
                            "only " + EMITTED.sum() + " records are read after " + LIMIT);
                }
            }
            return System.nanoTime() - ClockedClients.firstCall();
        } finally {
            job.cancel().get();
        }
    }

    private static boolean count(ItemChange change) {
        EMITTED.increment();
        return true;
    }
}
