package dev.tally.job;

import dev.tally.aggregate.GroupStage;
import dev.tally.aggregate.StageOptions;
import dev.tally.change.DeadLetter;
import dev.tally.change.ItemChange;
import dev.tally.change.ItemDiff;
import dev.tally.codec.CodecType;
import dev.tally.diff.Diffs;
import dev.tally.diff.ItemStage;
import dev.tally.diff.ItemStageSpec;
import dev.tally.item.ItemKey;
import dev.tally.job.figures.NoRows;
import dev.tally.sink.CommittedRows;
import dev.tally.sink.ConnectorSettings;
import dev.tally.sink.DeadLetterLog;
import dev.tally.sink.DeadLetters;
import dev.tally.sink.DiffFeed;
import dev.tally.sink.FileFeed;
import dev.tally.sink.RowSink;
import dev.tally.sink.RowStream;
import dev.tally.sink.StatusTable;
import dev.tally.sink.WriteLimits;
import dev.tally.source.DynamoDbSource;
import dev.tally.source.apache.ApacheReader;
import dev.tally.source.client.TableClients;
import dev.tally.source.client.TableDescription;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.client.Wanted;
import dev.tally.view.Contribution;
import dev.tally.view.FeedSpec;
import dev.tally.view.GroupKey;
import dev.tally.view.Membership;
import dev.tally.view.Progress;
import dev.tally.view.Repairs;
import dev.tally.view.Row;
import dev.tally.view.TableSpec;
import dev.tally.view.Target;
import dev.tally.view.TargetRows;
import dev.tally.view.ViewSpec;
import dev.tally.view.Views;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The graph: per table a source, the item stage and the aggregate stage; per view a row sink, per
 * feed a feed; one sink of dead letters for all.
 *
 * <pre>
 *   source ─by item key─▶ items ─by group─▶ groups ─by group─▶ rows
 *                           └─▶ feeds
 * </pre>
 */
final class Pipeline {

    /**
     * Items are told to groups more often than eager rows are written: it costs little, and a
     * change should not wait for both intervals.
     */
    private static final int EAGER_SHARE = 10;

    private static final long EAGER_BUFFER_MILLIS = 5;

    private final StreamExecutionEnvironment env;
    private final PipelineConfig config;
    private final Preflight preflight;
    private final StatusTable status;
    private final long submission;
    private DataStream<DeadLetter> deadLetters;

    private Pipeline(
            StreamExecutionEnvironment env,
            PipelineConfig config,
            Preflight preflight,
            StatusTable status,
            long submission) {
        this.env = env;
        this.config = config;
        this.preflight = preflight;
        this.status = status;
        this.submission = submission;
    }

    /** Adds everything to the environment and takes the submission's number. */
    static void build(StreamExecutionEnvironment env, PipelineConfig config, Preflight preflight) {
        AccessKeys.refuse(env.getConfiguration());
        refuseUnaligned(env);
        flushForEager(env, config);
        StatusTable status = config.status();
        Pipeline pipeline = new Pipeline(env, config, preflight, status, status.takeSubmission());
        for (TableSpec table : config.views().tables()) {
            pipeline.table(table);
        }
        pipeline.deadLetters();
    }

    /**
     * Adds source, items and groups of one table, as {@link #build} does, and drops the rows: for
     * measurements, which leave targets and status alone.
     */
    static void buildWithoutRows(
            StreamExecutionEnvironment env,
            PipelineConfig config,
            Preflight preflight,
            TableSpec table,
            TableClients clients) {
        flushForEager(env, config);
        Pipeline pipeline = new Pipeline(env, config, preflight, null, 1);
        List<ViewSpec> views = pipeline.viewsOf(table);
        TableDescription description = preflight.source(table.logicalName());
        Map<String, String> covered = Covered.by(views, List.of(), newImagesOnly(description));
        Wanted wanted = preflight.wanted(table, views, List.of());
        DataStream<ItemChange> changes = pipeline.changes(table, clients, covered, wanted, null);
        pipeline.groups(
                        pipeline.items(changes, table, description, views, List.of()),
                        table,
                        views,
                        new NoRows())
                .sinkTo(new DiscardingSink<>())
                .uid(OperatorIds.noRows());
    }

    /** By default a record waits up to 100 ms for company at each of the three shuffles. */
    private static void flushForEager(StreamExecutionEnvironment env, PipelineConfig config) {
        if (config.views().views().stream()
                .noneMatch(view -> view.to().freshness() == Target.Freshness.EAGER)) {
            return;
        }
        if (config.isManaged()) {
            ManagedSettings.leaveOut(
                    ExecutionOptions.BUFFER_TIMEOUT,
                    "rows of eager views are up to 0.3 s older than elsewhere");
        } else {
            env.setBufferTimeout(EAGER_BUFFER_MILLIS);
        }
    }

    /** A lineage of shards that moves could be overtaken by its own channel state. */
    private static void refuseUnaligned(StreamExecutionEnvironment env) {
        if (env.getConfiguration().get(CheckpointingOptions.ENABLE_UNALIGNED)) {
            throw new UserError(
                    "cannot run with unaligned checkpoints: changes of one item could overtake each"
                            + " other. Set execution.checkpointing.unaligned.enabled: false.");
        }
    }

    private void table(TableSpec table) {
        List<ViewSpec> views = viewsOf(table);
        List<FeedSpec> feeds = new ArrayList<>(config.views().feeds());
        feeds.removeIf(feed -> !feed.table().equals(table.logicalName()));
        if (views.isEmpty() && feeds.isEmpty()) {
            return;
        }
        TableDescription description = preflight.source(table.logicalName());
        SingleOutputStreamOperator<Contribution> items =
                items(changes(table, description, views, feeds), table, description, views, feeds);
        for (FeedSpec feed : feeds) {
            feed(items.getSideOutput(ItemStage.DIFFS), feed, table, description);
        }
        SingleOutputStreamOperator<Row> groups =
                groups(items, table, views, preflight.targetRows(views));
        for (ViewSpec view : views) {
            rows(groups, view);
        }
    }

    private List<ViewSpec> viewsOf(TableSpec table) {
        List<ViewSpec> views = new ArrayList<>(config.views().views());
        views.removeIf(view -> !view.table().equals(table.logicalName()));
        return views;
    }

    private DataStream<ItemChange> changes(
            TableSpec table,
            TableDescription description,
            List<ViewSpec> views,
            List<FeedSpec> feeds) {
        if (table.reader() == TableSpec.Reader.APACHE) {
            return ApacheReader.read(
                    env,
                    table,
                    description.key(),
                    description.streamArn(),
                    config.clientSettings(),
                    1,
                    OperatorIds.apacheStream(table.logicalName()),
                    OperatorIds.apacheReady(table.logicalName()));
        }
        return changes(
                table,
                preflight.clients(),
                Covered.by(views, feeds, newImagesOnly(description)),
                preflight.wanted(table, views, feeds),
                status.progress(views, submission));
    }

    private static boolean newImagesOnly(TableDescription description) {
        return description.viewType() == ViewType.NEW_IMAGE;
    }

    private DataStream<ItemChange> changes(
            TableSpec table,
            TableClients clients,
            Map<String, String> covered,
            Wanted wanted,
            Progress progress) {
        String uid = OperatorIds.source(table.logicalName());
        DynamoDbSource source =
                new DynamoDbSource(
                        table,
                        clients,
                        config.sourceOptions(table),
                        covered,
                        wanted,
                        submission,
                        progress);
        return env.fromSource(
                        source,
                        WatermarkStrategy.noWatermarks(),
                        uid,
                        CodecType.of(ItemChange.class))
                .uid(uid);
    }

    private SingleOutputStreamOperator<Contribution> items(
            DataStream<ItemChange> changes,
            TableSpec table,
            TableDescription description,
            List<ViewSpec> views,
            List<FeedSpec> feeds) {
        List<Membership> memberships = new ArrayList<>();
        for (ViewSpec view : views) {
            memberships.add(preflight.membership(view));
        }
        String uid = OperatorIds.items(table.logicalName());
        ItemStageSpec spec =
                new ItemStageSpec(
                        table.logicalName(),
                        description.key(),
                        memberships,
                        diffs(feeds),
                        newImagesOnly(description),
                        config.get(PipelineOptions.EAGER_INTERVAL).dividedBy(EAGER_SHARE),
                        ItemStageSpec.BUNDLE_ITEMS,
                        ItemStageSpec.BUNDLE_BYTES);
        Repairs repairs = status == null ? null : status.repairs(views, submission);
        ItemStage stage = new ItemStage(spec, repairs, config.views().tables().size());
        SingleOutputStreamOperator<Contribution> items =
                changes.keyBy(ItemChange::key, CodecType.of(ItemKey.class))
                        .transform(uid, CodecType.of(Contribution.class), stage)
                        .uid(uid)
                        .name(uid);
        refused(items.getSideOutput(ItemStage.DEAD_LETTERS));
        return items;
    }

    private static Diffs diffs(List<FeedSpec> feeds) {
        if (feeds.stream().anyMatch(FeedSpec::includeSnapshot)) {
            return Diffs.RECORDS_AND_SNAPSHOT;
        }
        return feeds.isEmpty() ? Diffs.NONE : Diffs.RECORDS;
    }

    private SingleOutputStreamOperator<Row> groups(
            DataStream<Contribution> contributions,
            TableSpec table,
            List<ViewSpec> views,
            TargetRows target) {
        String uid = OperatorIds.groups(table.logicalName());
        GroupStage stage =
                new GroupStage(
                        table.logicalName(),
                        views,
                        submission,
                        target,
                        status == null ? Map.of() : status.retiredBefore(submission, views),
                        status == null ? 0 : config.lateWritesUntil(),
                        StageOptions.eagerEvery(config.get(PipelineOptions.EAGER_INTERVAL)));
        SingleOutputStreamOperator<Row> groups =
                contributions
                        .keyBy(Contribution::group, CodecType.of(GroupKey.class))
                        .transform(uid, CodecType.of(Row.class), stage)
                        .uid(uid)
                        .name(uid);
        refused(groups.getSideOutput(GroupStage.DEAD_LETTERS));
        return groups;
    }

    private void rows(DataStream<Row> groups, ViewSpec view) {
        String name = view.name();
        DataStream<Row> own =
                groups.filter(row -> row.group().view().equals(name))
                        .uid(OperatorIds.rowsOf(name))
                        .name(OperatorIds.rowsOf(name));
        if (view.to().stream() != null) {
            String committed = OperatorIds.committedRows(name);
            own.transform(committed, CodecType.of(Row.class), new CommittedRows(submission))
                    .uid(committed)
                    .name(committed)
                    .sinkTo(
                            new RowStream(
                                    view,
                                    submission,
                                    connector(view.to().region(), view.to().roleArn())))
                    .uid(OperatorIds.rowStream(name))
                    .name(OperatorIds.rowStream(name));
            return;
        }
        String uid = OperatorIds.rows(name);
        RowSink sink =
                new RowSink(
                        view,
                        preflight.targetKey(name),
                        submission,
                        config.targetSettings(view.to().region(), view.to().roleArn()),
                        WriteLimits.DEFAULTS,
                        status);
        refused(
                own.keyBy(Row::group, CodecType.of(GroupKey.class))
                        .transform(uid, CodecType.of(DeadLetter.class), sink)
                        .uid(uid)
                        .name(uid));
    }

    private void feed(
            DataStream<ItemDiff> diffs,
            FeedSpec feed,
            TableSpec table,
            TableDescription description) {
        String uid = OperatorIds.feed(feed.name());
        String directory = config.get(PipelineOptions.FEED_DIRECTORY);
        if (directory != null) {
            Path folder = Path.of(java.net.URI.create(directory));
            diffs.sinkTo(new FileFeed(feed, table.tableName(), description.key(), folder))
                    .uid(uid)
                    .name(uid);
            return;
        }
        diffs.sinkTo(
                        new DiffFeed(
                                feed,
                                table.tableName(),
                                description.key(),
                                connector(feed.region(), feed.roleArn())))
                .uid(uid)
                .name(uid);
    }

    private ConnectorSettings connector(String region, String roleArn) {
        return new ConnectorSettings(
                region == null ? config.get(PipelineOptions.REGION) : region,
                roleArn,
                config.get(PipelineOptions.KINESIS_ENDPOINT));
    }

    private void refused(DataStream<DeadLetter> letters) {
        deadLetters = deadLetters == null ? letters : deadLetters.union(letters);
    }

    private void deadLetters() {
        if (deadLetters == null) {
            return;
        }
        String table = config.get(PipelineOptions.DEAD_LETTERS_TABLE);
        String uid = OperatorIds.deadLetters();
        ConnectorSettings dynamoDb =
                new ConnectorSettings(
                        config.get(PipelineOptions.REGION),
                        null,
                        config.get(PipelineOptions.DYNAMODB_ENDPOINT));
        Views views = config.views();
        deadLetters
                .sinkTo(
                        table == null
                                ? new DeadLetterLog(views)
                                : new DeadLetters(table, views, dynamoDb))
                .uid(uid)
                .name(uid);
    }
}
