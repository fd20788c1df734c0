package dev.tally.source.enumerator;

import dev.tally.source.GapException;
import dev.tally.source.SourceOptions;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ClientException.Kind;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableClients;
import dev.tally.source.client.TableDescription;
import dev.tally.source.enumerator.EnumeratorState.Pin;
import dev.tally.source.enumerator.ShardGraph.Node;
import dev.tally.source.split.Fence;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.ReaderReport;
import dev.tally.source.split.SegmentSplit;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import dev.tally.view.Progress;
import dev.tally.view.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.clock.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what is read, by which reader, and when a generation is ready; one per table.
 *
 * <p>Life of a generation:
 *
 * <ol>
 *   <li><b>Inspect.</b> DescribeTable. A restored state must be about this very table and stream
 *       and not older than the stream's retention; only then are readers told to begin ({@link
 *       ReaderOrder#begin}), so that nothing is read on wrong grounds.
 *   <li><b>Pin</b> (fresh start). The service's time, table id, stream ARN and all shards, put
 *       together from listings until two agree. From here on the pin is in every checkpoint, and
 *       nothing is assigned before it.
 *   <li><b>Read.</b> Shards and segments are assigned at the same time. A shard is assigned when
 *       the end of its parent has been <em>reported</em>, and to the subtask that reported it: on
 *       another one its records could overtake the parent's on their way to the keyed stage. It
 *       moves only with a restore.
 *   <li><b>Ready.</b> {@link Readiness}. Announced to every reader, and to each that comes later.
 * </ol>
 *
 * <p><b>It outlives its readers.</b> When a region restarts, this object stays and only {@link
 * #addSplitsBack} is called, also with an empty list. What the subtask reported after the
 * checkpoint that it restarts from has not happened then ({@link Tenure}). Its new attempt reports
 * all it has, first thing. Reports are of emitted positions, never of fetched ones.
 *
 * <p><b>Ends.</b> A reader keeps a finished split in its state until this enumerator says that a
 * completed checkpoint of its own holds the end ({@link ReaderOrder#forget}). So whatever
 * checkpoint is restored, one of the two knows the end; and no notification of a checkpoint, late
 * or early, can drop it.
 *
 * <p><b>Threads.</b> Everything runs in the coordinator thread; answers of the client are handed to
 * it. <b>Checkpointed</b> is {@link EnumeratorState}: pin, segments, shards, T, submission; who
 * owns what is not, because readers say so. <b>Units</b>: service milliseconds for everything about
 * data, relative milliseconds of the clock for waits.
 */
public final class DynamoDbEnumerator implements SplitEnumerator<TableSplit, EnumeratorState> {

    private static final Logger LOG = LoggerFactory.getLogger(DynamoDbEnumerator.class);

    /** Pages of a listing are at least so far apart: DescribeStream allows ten calls a second. */
    static final long TICK_MS = 100;

    private static final int FIRST_INCARNATION = 1;

    private final SplitEnumeratorContext<TableSplit> context;
    private final TableSpec table;
    private final TableClients clients;
    private final SourceOptions options;
    private final long submission;
    private final Clock clock;
    private final TableChecks checks;
    private final CheckpointReports reports;
    private final EnumeratorMetrics metrics;

    private TableClient client;
    private Discovery discovery;

    /** Null until described: readers wait for it. */
    private TableDescription description;

    private boolean describing;
    private int describeFailures;
    private long describeAt = Long.MIN_VALUE;

    /** Puts the listings of the pin together; null when pinned. */
    private PinListing pinning;

    /** Null until pinned. */
    private Pin pin;

    private ShardGraph graph;
    private SnapshotPlan plan;
    private Readiness readiness;

    /** Submission that {@link Readiness#settledAt()} belongs to. */
    private long settledBy;

    /** Latest service milliseconds that anybody has seen. */
    private long serviceTime;

    /** Subtasks whose present attempt has said what it has. */
    private final Set<Integer> reported = new TreeSet<>();

    /** Whether all subtasks have reported once: only then it is known who has what. */
    private boolean allReported;

    private boolean streamEnabled = true;
    private final Patience patience;

    /**
     * @param progress null without a status table
     * @param restored null for a fresh start
     */
    public DynamoDbEnumerator(
            SplitEnumeratorContext<TableSplit> context,
            TableSpec table,
            TableClients clients,
            SourceOptions options,
            long submission,
            Progress progress,
            Clock clock,
            EnumeratorState restored) {
        this.context = context;
        this.table = table;
        this.clients = clients;
        this.options = options;
        this.submission = submission;
        this.clock = clock;
        this.checks = new TableChecks(table);
        this.reports = new CheckpointReports(progress, context, checks.name(), submission);
        this.patience = new Patience(options.discoveryInterval().toMillis());
        this.metrics = new EnumeratorMetrics(context.metricGroup());
        if (restored != null && restored.pin() != null) {
            pin = restored.pin();
            graph = ShardGraph.restored(restored.shards());
            plan = SnapshotPlan.restored(pin.itemCount(), restored.segments());
            readiness = new Readiness(restored.settledAt());
            settledBy = restored.submission();
            serviceTime = restored.observedAt();
        }
    }

    @Override
    public void start() {
        try {
            client = clients.open(table);
        } catch (ClientException e) {
            throw checks.refused(e, 0);
        }
        discovery =
                new Discovery(
                        client,
                        context::runInCoordinatorThread,
                        options.discoveryInterval().toMillis(),
                        () -> serviceTime,
                        this::saw,
                        this::listed,
                        this::listingRefused);
        context.callAsync(() -> Boolean.TRUE, (ticked, e) -> tick(), 0, TICK_MS);
    }

    private void saw(long time) {
        serviceTime = Math.max(serviceTime, time);
    }

    private void tick() {
        long now = clock.relativeTimeMillis();
        if (description == null) {
            describe(now);
            return;
        }
        if (graph != null && patience.wantsListing(graph, now)) {
            discovery.request(now);
        }
        discovery.tick(now);
    }

    private void describe(long now) {
        if (describing || now < describeAt) {
            return;
        }
        describing = true;
        client.describeTable()
                .whenComplete(
                        (answer, e) -> context.runInCoordinatorThread(() -> described(answer, e)));
    }

    private void described(TableDescription answer, Throwable error) {
        describing = false;
        if (error != null) {
            ClientException failure = ClientException.of(error);
            boolean curable =
                    failure.kind() == Kind.THROTTLED
                            || (failure.kind() == Kind.TRANSIENT
                                    && describeFailures < SourceOptions.RETRIES);
            if (!curable) {
                throw checks.refused(failure, 0);
            }
            describeFailures++;
            metrics.retried();
            describeAt =
                    clock.relativeTimeMillis()
                            + Math.min(10_000, 100L << Math.min(describeFailures, 10));
            return;
        }
        checks.requireUsable(answer, pin == null);
        if (answer.replicas() > 0) {
            LOG.warn(
                    "table={} has {} replicas: of global tables one reader of the stream is"
                            + " advised",
                    checks.name(),
                    answer.replicas());
        }
        if (pin != null) {
            checks.requireSame(answer, pin, serviceTime);
        }
        saw(answer.serviceTime());
        description = answer;
        if (pin == null) {
            pinning = new PinListing();
        } else {
            resume();
        }
        discovery.begin(answer.streamArn(), clock.relativeTimeMillis());
    }

    /** A restored state is good: reading goes on. */
    private void resume() {
        if (settledBy != submission) {
            settledBy = submission;
            if (readiness.settledAt() > 0) {
                readiness.settle(serviceTime);
            }
        }
        LOG.info(
                "table={} goes on with generation {}: {} shards, scan at {} percent",
                checks.name(),
                pin.generation(),
                graph.open(),
                plan.percent());
        beginReaders();
    }

    private void listed(Listing listing) {
        metrics.listed();
        if (listing.streamEnabled() != streamEnabled) {
            streamEnabled = listing.streamEnabled();
            LOG.warn("table={} stream is {}", checks.name(), streamEnabled ? "on" : "switched off");
        }
        if (pinning != null) {
            if (pinning.complete(listing)) {
                pinned();
            } else {
                discovery.request(clock.relativeTimeMillis());
            }
            return;
        }
        List<String> late = graph.listed(listing);
        if (!late.isEmpty()) {
            throw gap("shard " + late.get(0) + " was listed only after its child", pinTime());
        }
        readiness.listed(listing.begunAt());
        judgeListing();
        moveOn();
    }

    private void pinned() {
        Fence fence = fence(description.serviceTime());
        pin =
                new Pin(
                        description.tableId(),
                        description.streamArn(),
                        FIRST_INCARNATION,
                        description.itemCount(),
                        fence);
        long horizon = pin.generation() - SourceOptions.RETENTION.toMillis();
        graph = ShardGraph.pinned(pinning.shards(), horizon);
        pinning = null;
        boolean scan = table.start() == TableSpec.Start.SNAPSHOT;
        int segments =
                SnapshotPlan.segments(
                        options.segments(), description.sizeBytes(), context.currentParallelism());
        plan =
                scan
                        ? SnapshotPlan.of(pin.generation(), segments, pin.itemCount())
                        : SnapshotPlan.none();
        readiness = new Readiness(0);
        settledBy = submission;
        LOG.info(
                "table={} generation {} is pinned: {}, {} shards, {} segments",
                checks.name(),
                pin.generation(),
                fence,
                graph.open(),
                scan ? segments : 0);
        beginReaders();
        moveOn();
    }

    private Fence fence(long now) {
        switch (table.start()) {
            case TRIM_HORIZON:
                return new Fence(now, now, now);
            case LATEST:
                // Creation times are cut to the second.
                return new Fence(now - now % 1000, Fence.SKIP, now);
            default:
                return new Fence(now - SourceOptions.FENCE_OVERLAP.toMillis(), Fence.SKIP, now);
        }
    }

    private long pinTime() {
        return pin.generation();
    }

    /** Shards that cannot be read any more, or are waited for in vain. */
    private void judgeListing() {
        long now = clock.relativeTimeMillis();
        boolean nothingAfterFenceGone =
                serviceTime < pin.fence().time() + SourceOptions.RETENTION.toMillis();
        for (Node lost : graph.lost()) {
            if (!lost.fencePassed() && nothingAfterFenceGone) {
                LOG.info(
                        "table={} shard={} expired before the fence",
                        checks.name(),
                        lost.shardId());
                metrics.expiredBeforeFence();
                graph.expired(lost);
            } else {
                throw gap(
                        "shard " + lost.shardId() + " is no longer listed and was not read",
                        lost.readUpTo());
            }
        }
        String orphan = patience.lostPatience(graph, now);
        if (orphan != null) {
            throw gap("the parent of shard " + orphan + " is not listed", pinTime());
        }
    }

    private RuntimeException gap(String what, long since) {
        metrics.gap();
        LOG.error("table={} gap: {} since={}", checks.name(), what, since);
        return GapException.stop(checks.name(), what, since, null);
    }

    private void listingRefused(ClientException error) {
        throw checks.refused(error, graph == null ? 0 : graph.readUpTo());
    }

    private void beginReaders() {
        for (int subtask : context.registeredReaders().keySet()) {
            context.sendEventToSourceReader(subtask, begin());
        }
    }

    private ReaderOrder begin() {
        return ReaderOrder.begin(description.key(), checks.oldImages(description));
    }

    private boolean begun() {
        return description != null && pin != null;
    }

    @Override
    public void addReader(int subtask) {
        if (!begun()) {
            return;
        }
        context.sendEventToSourceReader(subtask, begin());
        if (readiness.announced()) {
            context.sendEventToSourceReader(subtask, ReaderOrder.announce(pin.generation()));
        }
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {
        // Readers do not ask: splits are assigned when their turn comes.
    }

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
        ReaderReport report = (ReaderReport) event;
        saw(report.serviceTime());
        if (report.first()) {
            reported.add(subtask);
        }
        List<String> known = new ArrayList<>();
        for (TableSplit split : report.splits()) {
            take(subtask, split, known);
        }
        if (!known.isEmpty()) {
            context.sendEventToSourceReader(subtask, ReaderOrder.forget(known));
        }
        moveOn();
    }

    /** Adds the split to the known ones if its end is already certain. */
    private void take(int subtask, TableSplit split, List<String> known) {
        if (graph == null) {
            throw new IllegalStateException(
                    "subtask " + subtask + " has " + split + " although nothing is pinned");
        }
        boolean certain;
        if (split instanceof SegmentSplit) {
            certain = plan.reported((SegmentSplit) split, subtask);
        } else {
            ShardSplit shard = (ShardSplit) split;
            certain = graph.reported(shard, subtask);
            if (shard.finished() && !certain) {
                patience.endReached();
            }
        }
        if (certain) {
            known.add(split.splitId());
        }
    }

    /** Draws all conclusions from what has become known. */
    private void moveOn() {
        if (!begun()) {
            return;
        }
        if (!allReported && reported.size() == context.currentParallelism()) {
            allReported = true;
            requireAllClaimed();
        }
        if (allReported) {
            new Assignment(context, graph, plan, reported, options.segmentsPerReader()).assign(pin);
        }
        long now = clock.relativeTimeMillis();
        if (allReported && readiness.settledAt() == 0 && plan.allFinished()) {
            readiness.settle(serviceTime);
            LOG.info("table={} scan is done at {}", checks.name(), serviceTime);
        }
        if (!streamEnabled && allReported && graph.allFinished()) {
            throw gap("its stream was switched off, and is read to its end", graph.readUpTo());
        }
        if (patience.wantsListing(graph, now) || readiness.wantsListing(serviceTime)) {
            discovery.request(now);
        }
        readiness.observe(
                allReported
                        && readiness.settledAt() > 0
                        && graph.allPast(readiness.settledAt(), patience.excused()));
        metrics.update(graph.open(), plan.percent(), readiness.announced());
    }

    private void requireAllClaimed() {
        List<String> unclaimed = graph.unclaimed();
        unclaimed.addAll(plan.unclaimed());
        if (!unclaimed.isEmpty()) {
            throw new IllegalStateException(
                    "cannot restore the source of table "
                            + checks.name()
                            + ": the state says that "
                            + unclaimed.get(0)
                            + " is being read, and no reader has it ("
                            + unclaimed.size()
                            + " such splits)");
        }
    }

    @Override
    public void addSplitsBack(List<TableSplit> splits, int subtask) {
        reported.remove(subtask);
        if (graph == null) {
            return;
        }
        List<ShardSplit> shards = new ArrayList<>();
        List<SegmentSplit> segments = new ArrayList<>();
        for (TableSplit split : splits) {
            if (split instanceof ShardSplit) {
                shards.add((ShardSplit) split);
            } else {
                segments.add((SegmentSplit) split);
            }
        }
        graph.reset(subtask, shards);
        plan.reset(subtask, segments);
        if (readiness.settledAt() > 0 && !plan.allFinished()) {
            readiness.unsettle();
        } else {
            readiness.doubt();
        }
    }

    @Override
    public EnumeratorState snapshotState(long checkpoint) {
        if (graph == null) {
            return EnumeratorState.unpinned(submission);
        }
        graph.checkpointBegins(checkpoint);
        plan.checkpointBegins(checkpoint);
        readiness.checkpointBegins(checkpoint);
        long asOf = allReported ? graph.readUpTo() : 0;
        reports.checkpointBegins(
                new Progress.Report(
                        progress(), plan.percent(), pin.generation(), checkpoint, asOf));
        return new EnumeratorState(
                pin, settledBy, readiness.settledAt(), serviceTime, plan.state(), graph.state());
    }

    private Progress.State progress() {
        if (readiness.announced()) {
            return Progress.State.READY;
        }
        return readiness.settledAt() == 0 ? Progress.State.BUILDING : Progress.State.HELD;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        if (graph == null) {
            return;
        }
        CertainEnds ends = new CertainEnds();
        graph.checkpointCompleted(checkpoint, pin.incarnation(), ends);
        plan.checkpointCompleted(checkpoint, ends);
        Set<Integer> registered = context.registeredReaders().keySet();
        ends.bySubtask()
                .forEach(
                        (subtask, ids) -> {
                            if (registered.contains(subtask)) {
                                context.sendEventToSourceReader(subtask, ReaderOrder.forget(ids));
                            }
                        });
        if (readiness.checkpointCompleted(checkpoint)) {
            LOG.info("table={} generation {} is ready", checks.name(), pin.generation());
            for (int subtask : registered) {
                context.sendEventToSourceReader(subtask, ReaderOrder.announce(pin.generation()));
            }
        }
        reports.checkpointCompleted(checkpoint);
        metrics.update(graph.open(), plan.percent(), readiness.announced());
    }

    @Override
    public void close() {
        reports.close();
        if (client != null) {
            client.close();
        }
    }
}
