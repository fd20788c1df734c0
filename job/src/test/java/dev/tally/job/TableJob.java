package dev.tally.job;

import dev.tally.aggregate.GroupStage;
import dev.tally.aggregate.Recount;
import dev.tally.aggregate.StageOptions;
import dev.tally.change.ItemChange;
import dev.tally.codec.CodecType;
import dev.tally.diff.Diffs;
import dev.tally.diff.ItemStage;
import dev.tally.diff.ItemStageSpec;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.sink.DynamoDbTargetRows;
import dev.tally.sink.RowSink;
import dev.tally.sink.TargetSettings;
import dev.tally.sink.WriteLimits;
import dev.tally.source.DynamoDbSource;
import dev.tally.source.SourceOptions;
import dev.tally.source.client.LocalTables;
import dev.tally.source.client.TableClients;
import dev.tally.source.client.Wanted;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.Workload;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.Contribution;
import dev.tally.view.GroupKey;
import dev.tally.view.Member;
import dev.tally.view.Membership;
import dev.tally.view.Progress;
import dev.tally.view.Row;
import dev.tally.view.TableSpec;
import dev.tally.view.TargetRow;
import dev.tally.view.TargetRows;
import dev.tally.view.ViewSpec;
import dev.tally.view.file.ViewsFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The stages of the pipeline over a table, simulated or of DynamoDB Local, in a cluster of this
 * JVM, with rows in DynamoDB Local: one view of tasks with all measures. A task may be told to fail
 * once.
 */
final class TableJob {

    private static final KeySchema LIST_ID =
            KeySchema.of(new KeySchema.Attribute("ListId", Value.Type.S));

    /** Scanned items until a task fails, by target table; 0 or less: none fails. */
    private static final Map<String, AtomicInteger> FAILING = new ConcurrentHashMap<>();

    /** What the source of a table has reported last, by target table. */
    private static final Map<String, Progress.Report> REPORTS = new ConcurrentHashMap<>();

    private final String table;
    private final Supplier<? extends Collection<Item>> items;
    private final ViewSpec view;
    private final String target;
    private final TargetSettings settings;
    private final TargetRows rows;

    /**
     * @param target name of the table of rows, which is made
     */
    TableJob(SimulatedTable table, String target) throws Exception {
        this(table.name(), table::items, target);
    }

    /**
     * @param table whose key is that of {@link Workload}
     * @param items what is in it
     * @param target name of the table of rows, which is made
     */
    TableJob(String table, Supplier<? extends Collection<Item>> items, String target)
            throws Exception {
        LocalDynamoDb local = LocalDynamoDb.shared();
        System.setProperty("aws.accessKeyId", "local");
        System.setProperty("aws.secretAccessKey", "local");
        LocalTables.create(local.client(), target, LIST_ID, null);
        this.table = table;
        this.items = items;
        this.target = target;
        this.view = ViewsFile.parse("views.yaml", views(target), name -> null).views().get(0);
        this.settings =
                new TargetSettings(LocalDynamoDb.region().id(), null, local.endpoint().toString());
        this.rows =
                new DynamoDbTargetRows(Map.of(view.name(), LIST_ID), Map.of(view.name(), settings));
    }

    private static String views(String target) {
        return String.join(
                "\n",
                "tables: { tasks: { name: todoListTask } }",
                "views:",
                "  task-count:",
                "    table: tasks",
                "    group-by: [ListId]",
                "    measures:",
                MEASURES,
                "    to: { table: " + target + " }");
    }

    /** All six, over tasks of {@link Workload}. */
    static final String MEASURES =
            String.join(
                    "\n",
                    "      Tasks: count",
                    "      Open: { count: items, where: { Status: [open] } }",
                    "      Effort: { sum: Effort }",
                    "      Mean: { avg: Effort }",
                    "      Least: { min: Effort }",
                    "      Most: { max: Effort }",
                    "      Kinds: { count-distinct: Title }");

    /** A task fails once, when so many items have been scanned. */
    void failAfter(int scanned) {
        FAILING.put(target, new AtomicInteger(scanned));
    }

    boolean hasFailed() {
        return FAILING.get(target).get() <= 0;
    }

    /** Null if it has not reported yet. */
    Progress.Report report() {
        return REPORTS.get(target);
    }

    JobClient start(TableClients clients, boolean newImagesOnly, int segments) throws Exception {
        return start(clients, newImagesOnly, segments, Duration.ofSeconds(1));
    }

    JobClient start(
            TableClients clients, boolean newImagesOnly, int segments, Duration timePrecision)
            throws Exception {
        Configuration flink = new Configuration();
        flink.setString("pipeline.generic-types", "false");
        flink.setString("execution.checkpointing.interval", "1s");
        flink.setString("restart-strategy.type", "fixed-delay");
        flink.setString("restart-strategy.fixed-delay.attempts", "1");
        flink.setString("restart-strategy.fixed-delay.delay", "10ms");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironment(2, flink);
        TableSpec spec =
                new TableSpec(
                        "tasks",
                        table,
                        null,
                        null,
                        TableSpec.Start.SNAPSHOT,
                        TableSpec.OnGap.FAIL,
                        TableSpec.Reader.TALLY,
                        0);
        SourceOptions options =
                SourceOptions.defaults()
                        .withSegments(segments)
                        .withPages(200, 100)
                        .withTimePrecision(timePrecision);
        String key = target;
        DataStream<ItemChange> changes =
                env.fromSource(
                                new DynamoDbSource(
                                        spec,
                                        clients,
                                        options,
                                        Map.of(view.name(), view.definition()),
                                        Wanted.only(
                                                new Membership(view, LIST_ID).attributes(),
                                                Workload.KEY),
                                        1,
                                        new Reports(key)),
                                WatermarkStrategy.noWatermarks(),
                                "tasks",
                                CodecType.of(ItemChange.class))
                        .filter(change -> passes(change, key));
        groups(changes, newImagesOnly)
                .keyBy(Row::group, CodecType.of(GroupKey.class))
                .transform(
                        "rows",
                        CodecType.of(dev.tally.change.DeadLetter.class),
                        new RowSink(view, LIST_ID, 1, settings, WriteLimits.DEFAULTS, null))
                .sinkTo(new DiscardingSink<>());
        return env.executeAsync("a table to " + target);
    }

    private DataStream<Row> groups(DataStream<ItemChange> changes, boolean newImagesOnly) {
        ItemStageSpec items =
                new ItemStageSpec(
                        "tasks",
                        Workload.KEY,
                        List.of(new Membership(view, LIST_ID)),
                        Diffs.NONE,
                        newImagesOnly,
                        Duration.ofMillis(100),
                        1_000,
                        1 << 20);
        return changes.keyBy(ItemChange::key, CodecType.of(ItemKey.class))
                .transform("items", CodecType.of(Contribution.class), new ItemStage(items, null, 1))
                .keyBy(Contribution::group, CodecType.of(GroupKey.class))
                .transform(
                        "groups",
                        CodecType.of(Row.class),
                        new GroupStage(
                                "tasks",
                                List.of(view),
                                1,
                                rows,
                                Map.of(),
                                0,
                                StageOptions.DEFAULTS));
    }

    private static boolean passes(ItemChange change, String target) {
        AtomicInteger failing = FAILING.get(target);
        if (failing != null && change.scanned() && failing.decrementAndGet() == 0) {
            throw new IllegalStateException("a failure on purpose");
        }
        return true;
    }

    /** What the rows say, by group; without guards. */
    Map<GroupKey, List<Value>> rows() {
        Map<GroupKey, List<Value>> all = new HashMap<>();
        Item next = null;
        do {
            TargetRows.Page page = rows.read(view, next).join();
            for (TargetRow row : page.rows()) {
                all.put(row.group(), Arrays.asList(row.measures()));
            }
            next = page.next();
        } while (next != null);
        return all;
    }

    /** What they should say; of groups without items they may say that there is nothing. */
    Map<GroupKey, List<Value>> recount() {
        Recount recount = new Recount(view);
        Membership membership = new Membership(view, LIST_ID);
        for (Item item : items.get()) {
            for (Member member : membership.of(item, (problem, reason) -> {})) {
                recount.add(member);
            }
        }
        Map<GroupKey, List<Value>> all = new HashMap<>();
        recount.results().forEach((group, values) -> all.put(group, Arrays.asList(values)));
        rows().forEach((group, values) -> all.putIfAbsent(group, Arrays.asList(recount.nothing())));
        return all;
    }

    void close() {
        rows.close();
    }

    /** Remembers the last report. */
    private static final class Reports implements Progress {
        private static final long serialVersionUID = 1L;
        private final String target;

        Reports(String target) {
            this.target = target;
        }

        @Override
        public CompletableFuture<Boolean> report(Report report) {
            REPORTS.put(target, report);
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** Traffic that goes on with each request of a client, until it has made so many changes. */
    static final class Traffic {
        private final List<SimulatedTable> tables = new ArrayList<>();
        private final Workload workload;
        private int left;

        Traffic(Workload workload, int operations, SimulatedTable... tables) {
            this.workload = workload;
            this.left = operations;
            this.tables.addAll(List.of(tables));
        }

        synchronized void goOn(int operations) {
            for (int i = 0; i < operations && left > 0; i++, left--) {
                Workload.Operation operation = workload.next();
                tables.forEach(operation::applyTo);
                if (left % 5_000 == 0) {
                    tables.forEach(SimulatedTable::rollOver);
                }
                if (left % 7_000 == 0) {
                    tables.forEach(table -> table.split(0));
                }
            }
        }

        synchronized boolean ended() {
            return left == 0;
        }
    }
}
