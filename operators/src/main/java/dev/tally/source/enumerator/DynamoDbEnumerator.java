package dev.tally.source.enumerator;

import dev.tally.source.SourceOptions;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableClients;
import dev.tally.source.client.TableDescription;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.ReaderReport;
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

    private final SplitEnumeratorContext<TableSplit> context;
    private final TableSpec table;
    private final TableClients clients;
    private final SourceOptions options;
    private final long submission;
    private final Clock clock;
    private final TableChecks checks;
    private final CheckpointReports reports;
    private final EnumeratorMetrics metrics;
    private final Patience patience;
    private final GapWatch gaps;

    private TableClient client;
    private Inspection inspection;
    private Discovery discovery;

    /** Null until described: readers wait for it. */
    private TableDescription description;

    /** Puts the listings of the pin together; null when pinned. */
    private PinListing pinning;

    /** Null until pinned. */
    private Generation generation;

    /** Latest service milliseconds that anybody has seen. */
    private long serviceTime;

    /** Subtasks whose present attempt has said what it has. */
    private final Set<Integer> reported = new TreeSet<>();

    /** Whether all subtasks have reported once: only then it is known who has what. */
    private boolean allReported;

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
        this.gaps = new GapWatch(context, checks.name(), patience, metrics);
        if (restored != null && restored.pin() != null) {
            generation = Generation.restored(restored);
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
        inspection =
                new Inspection(
                        client,
                        context::runInCoordinatorThread,
                        metrics,
                        this::described,
                        this::callRefused);
        discovery =
                new Discovery(
                        client,
                        context::runInCoordinatorThread,
                        metrics,
                        options.discoveryInterval().toMillis(),
                        () -> serviceTime,
                        this::saw,
                        this::listed,
                        this::callRefused);
        context.callAsync(() -> Boolean.TRUE, (ticked, e) -> tick(), 0, TICK_MS);
    }

    private void saw(long time) {
        serviceTime = Math.max(serviceTime, time);
    }

    private void tick() {
        long now = clock.relativeTimeMillis();
        inspection.tick(now);
        if (generation != null && patience.wantsListing(generation.graph(), now)) {
            discovery.request(now);
        }
        discovery.tick(now);
    }

    private void described(TableDescription answer) {
        checks.requireUsable(answer, generation == null);
        if (answer.replicas() > 0) {
            LOG.warn(
                    "table={} has {} replicas: of a global table one reader of the stream is"
                            + " advised",
                    checks.name(),
                    answer.replicas());
        }
        if (generation != null) {
            checks.requireSame(answer, generation.pin(), serviceTime);
        }
        saw(answer.serviceTime());
        description = answer;
        if (generation == null) {
            pinning = new PinListing();
        } else {
            generation.submitted(submission, serviceTime);
            LOG.info("table={} goes on with {}", checks.name(), generation);
            beginReaders();
        }
        discovery.begin(answer.streamArn(), clock.relativeTimeMillis());
    }

    /** A call has failed in a way that repeating does not cure. */
    private void callRefused(ClientException error) {
        boolean reading = begun();
        throw checks.refused(error, reading ? generation.graph().readUpTo() : 0);
    }

    private void listed(Listing listing) {
        metrics.listed();
        gaps.streamIs(listing.streamEnabled());
        if (pinning != null) {
            if (pinning.complete(listing)) {
                pinned();
            } else {
                discovery.request(clock.relativeTimeMillis());
            }
            return;
        }
        gaps.judge(generation, listing, serviceTime, clock.relativeTimeMillis());
        generation.readiness().listed(listing.begunAt());
        moveOn();
    }

    private void pinned() {
        boolean scan = table.start() == TableSpec.Start.SNAPSHOT;
        int segments =
                SnapshotPlan.segments(
                        options.segments(), description.sizeBytes(), context.currentParallelism());
        generation =
                Generation.pinned(
                        table.start(),
                        description,
                        pinning.shards(),
                        scan ? segments : 0,
                        submission);
        pinning = null;
        LOG.info("table={} is pinned: {}", checks.name(), generation);
        beginReaders();
        moveOn();
    }

    private void beginReaders() {
        for (int subtask : context.registeredReaders().keySet()) {
            context.sendEventToSourceReader(subtask, begin());
        }
    }

    private ReaderOrder begin() {
        return ReaderOrder.begin(description.key(), checks.oldImages(description), serviceTime);
    }

    /** Whether the table is known to be right and pinned. */
    private boolean begun() {
        return description != null && generation != null;
    }

    @Override
    public void addReader(int subtask) {
        if (!begun()) {
            return;
        }
        context.sendEventToSourceReader(subtask, begin());
        if (generation.readiness().announced()) {
            context.sendEventToSourceReader(subtask, announcement());
        }
    }

    private ReaderOrder announcement() {
        return ReaderOrder.announce(generation.pin().generation());
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
        List<String> certain = new ArrayList<>();
        for (TableSplit split : report.splits()) {
            if (generation == null) {
                throw new IllegalStateException(
                        "subtask " + subtask + " has " + split + " although nothing is pinned");
            }
            if (generation.reported(split, subtask)) {
                certain.add(split.splitId());
            } else if (split.finished()) {
                patience.endReached();
            }
        }
        if (!certain.isEmpty()) {
            context.sendEventToSourceReader(subtask, ReaderOrder.forget(certain));
        }
        moveOn();
    }

    /** Draws all conclusions from what has become known. */
    private void moveOn() {
        if (!begun()) {
            return;
        }
        if (!allReported && reported.size() == context.currentParallelism()) {
            allReported = true;
            generation.requireAllClaimed(checks.name());
        }
        if (allReported) {
            assign();
            observeReadiness();
        }
        if (allReported) {
            gaps.requireMoreToRead(generation);
        }
        long now = clock.relativeTimeMillis();
        if (patience.wantsListing(generation.graph(), now)
                || generation.readiness().wantsListing(serviceTime)) {
            discovery.request(now);
        }
        updateMetrics();
    }

    private void assign() {
        if (generation.plan().waiting() || !generation.graph().readable().isEmpty()) {
            new Assignment(context, generation, reported, options.segmentsPerReader()).assign();
        }
    }

    private void observeReadiness() {
        Readiness readiness = generation.readiness();
        if (readiness.settledAt() == 0 && generation.plan().allFinished()) {
            readiness.settle(serviceTime);
            LOG.info("table={} scan is done at {}", checks.name(), serviceTime);
        }
        boolean settled = readiness.settledAt() > 0;
        readiness.observe(
                settled && generation.graph().allPast(readiness.settledAt(), patience.excused()));
    }

    @Override
    public void addSplitsBack(List<TableSplit> splits, int subtask) {
        reported.remove(subtask);
        if (generation != null) {
            generation.reset(subtask, splits);
        }
    }

    @Override
    public EnumeratorState snapshotState(long checkpoint) {
        if (generation == null) {
            return EnumeratorState.unpinned(submission);
        }
        long asOf = allReported ? generation.graph().readUpTo() : 0;
        reports.checkpointBegins(generation.report(checkpoint, asOf));
        return generation.checkpointBegins(checkpoint, serviceTime);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        if (generation == null) {
            return;
        }
        Set<Integer> registered = context.registeredReaders().keySet();
        CertainEnds ends = generation.checkpointCompleted(checkpoint);
        ends.bySubtask()
                .forEach(
                        (subtask, ids) -> {
                            if (registered.contains(subtask)) {
                                context.sendEventToSourceReader(subtask, ReaderOrder.forget(ids));
                            }
                        });
        if (generation.readiness().checkpointCompleted(checkpoint)) {
            LOG.info("table={} is ready: {}", checks.name(), generation);
            for (int subtask : registered) {
                context.sendEventToSourceReader(subtask, announcement());
            }
        }
        reports.checkpointCompleted(checkpoint);
        updateMetrics();
    }

    private void updateMetrics() {
        metrics.update(
                generation.graph().open(),
                generation.plan().percent(),
                generation.readiness().announced());
    }

    @Override
    public void close() {
        reports.close();
        if (client != null) {
            client.close();
        }
    }
}
