package dev.tally.source.enumerator;

import dev.tally.source.GapException;
import dev.tally.source.ScanCost;
import dev.tally.source.SourceOptions;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableClients;
import dev.tally.source.client.TableDescription;
import dev.tally.source.split.LostPosition;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.ReaderReport;
import dev.tally.source.split.TableSplit;
import dev.tally.view.Progress;
import dev.tally.view.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.clock.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what is read, by which reader, when the table is read anew, and when a generation is
 * ready; one per table.
 *
 * <p>Life of a generation:
 *
 * <ol>
 *   <li><b>Inspect.</b> DescribeTable. A restored state goes on if it is about this very table,
 *       stream and views and not older than the stream's retention; else it gets a new generation.
 *   <li><b>Pin.</b> The service's time, table id, stream ARN and all shards, put together from
 *       listings until two agree. From here on the pin is in every checkpoint. Readers are told to
 *       begin under its fence ({@link ReaderOrder#begin}): of a first generation, or after a
 *       restore, they have read nothing before that.
 *   <li><b>Read.</b> A shard is assigned when the end of its parent has been <em>reported</em>, and
 *       to the subtask that reported it: on another one its records could overtake the parent's on
 *       their way to the keyed stage. It moves only with a restore. Segments are assigned at the
 *       same time, of a later generation once all readers have its fence ({@link Readers}).
 *   <li><b>Ready.</b> {@link Readiness}. Announced to every reader, and to each that comes later.
 *   <li><b>Gap.</b> Readers and listings only report it. Either the job stops by name, or the table
 *       is described and pinned anew while reading goes on as far as it can; nothing is announced
 *       meanwhile. A stream that is off is read to its end, and then another one waited for.
 * </ol>
 *
 * <p><b>It outlives its readers.</b> When a region restarts, this object stays and only {@link
 * #addSplitsBack} is called, also with an empty list. What the subtask reported after the
 * checkpoint that it restarts from has not happened then ({@link Tenure}). Its new attempt reports
 * all it has, first thing. Reports are of emitted positions, never of fetched ones; what they have
 * of an earlier generation or stream is to be discarded.
 *
 * <p><b>Ends.</b> A reader keeps a finished split in its state until this enumerator says that a
 * completed checkpoint of its own holds the end ({@link ReaderOrder#forget}). So whatever
 * checkpoint is restored, one of the two knows the end; and no notification of a checkpoint, late
 * or early, can drop it.
 *
 * <p><b>Threads.</b> Everything runs in the coordinator thread; answers of the client are handed to
 * it. <b>Checkpointed</b> is {@link EnumeratorState}; who owns what is not, because readers say so.
 * <b>Units</b>: service milliseconds for everything about data, relative milliseconds of the clock
 * for waits.
 */
public final class DynamoDbEnumerator implements SplitEnumerator<TableSplit, EnumeratorState> {

    private static final Logger LOG = LoggerFactory.getLogger(DynamoDbEnumerator.class);

    /** Pages of a listing are at least so far apart: DescribeStream allows ten calls a second. */
    static final long TICK_MS = 100;

    private static final int LOOKS_PER_WARNING = 30;

    private final SplitEnumeratorContext<TableSplit> context;
    private final TableSpec table;
    private final TableClients clients;
    private final SourceOptions options;
    private final Map<String, String> views;
    private final long submission;
    private final Clock clock;
    private final TableChecks checks;
    private final CheckpointReports reports;
    private final EnumeratorMetrics metrics;
    private final Patience patience;
    private final GapWatch gaps;
    private final Readers readers;

    private TableClient client;
    private Inspection inspection;
    private Discovery discovery;

    /** The latest that was good to read by; null before. */
    private TableDescription description;

    /** Puts the listings of a pin together; null if none is under way. */
    private PinListing pinning;

    /** Null until pinned. */
    private Generation generation;

    /** Whether the restored state was compared with the table. */
    private boolean resumed;

    /** Whether readers have been told to begin. */
    private boolean reading;

    /** Whether every split that a restored state says is being read was found with a reader. */
    private boolean claimed;

    /** Service milliseconds to which the stream of the state is read before another; 0 for none. */
    private long drainTo;

    private int streamLooks;

    /** Service milliseconds after which rows are of the present for this submission. */
    private long moment;

    /** Latest service milliseconds that anybody has seen. */
    private long serviceTime;

    /**
     * @param views what each view that is fed counts, by its name
     * @param progress null without a status table
     * @param restored null for a fresh start
     */
    public DynamoDbEnumerator(
            SplitEnumeratorContext<TableSplit> context,
            TableSpec table,
            TableClients clients,
            SourceOptions options,
            Map<String, String> views,
            long submission,
            Progress progress,
            Clock clock,
            EnumeratorState restored) {
        this.context = context;
        this.table = table;
        this.clients = clients;
        this.options = options;
        this.views = views;
        this.submission = submission;
        this.clock = clock;
        this.checks = new TableChecks(table);
        this.reports = new CheckpointReports(progress, context, checks.name(), submission);
        this.patience = new Patience(options.discoveryInterval().toMillis());
        this.metrics = new EnumeratorMetrics(context.metricGroup());
        this.readers = new Readers(context);
        this.gaps = new GapWatch(readers, checks.name(), patience, metrics);
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
            throw checks.refused(e);
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
        long now = now();
        inspection.tick(now);
        if (reading && patience.wantsListing(generation.graph(), now)) {
            discovery.request(now);
        }
        discovery.tick(now);
    }

    private long now() {
        return clock.relativeTimeMillis();
    }

    private void described(TableDescription answer) {
        if (generation == null) {
            warnOfReplicas(answer);
            pin(answer);
        } else if (!resumed) {
            resumed = true;
            warnOfReplicas(answer);
            resume(answer);
        } else if (answer.streamEnabled() && !endedStream(answer)) {
            pin(answer);
        } else {
            awaitStream();
        }
    }

    private boolean endedStream(TableDescription answer) {
        return !gaps.streamEnabled() && TableChecks.same(answer, generation.pin());
    }

    private void warnOfReplicas(TableDescription answer) {
        if (answer.replicas() > 0) {
            LOG.warn(
                    "table={} has {} replicas: of a global table one reader of the stream is"
                            + " advised",
                    checks.name(),
                    answer.replicas());
        }
    }

    /** Goes on from state, or with a new generation if that is about something else by now. */
    private void resume(TableDescription answer) {
        Gap gap = checks.gap(answer, generation, views, serviceTime);
        if (gap == null && options.resnapshot() && generation.ofAnother(submission)) {
            checks.requireScan();
            gap = Gap.requested(serviceTime);
        }
        boolean lacks = generation.lacks(views);
        moment = options.replay() ? serviceTime : Math.max(serviceTime, answer.serviceTime());
        saw(answer.serviceTime());
        generation.resumed(submission, moment, views);
        description = answer;
        if (gap != null) {
            lose(gap);
        }
        if (generation.gap() == null && !lacks) {
            checks.requireUsable(answer, false);
            LOG.info("table={} goes on with {}", checks.name(), generation);
            beginReaders();
            discovery.begin(answer.streamArn(), now());
        } else if (answer.streamEnabled() && TableChecks.same(answer, generation.pin())) {
            pin(answer);
        } else {
            drainTo = serviceTime;
            discovery.begin(generation.pin().streamArn(), now());
        }
    }

    /** Changes are lost, or a reading is asked for: stops, or goes for a new generation. */
    private void lose(Gap gap) {
        boolean known = generation.gap() != null;
        if (gap.reason() == Reason.GAP) {
            if (!known) {
                metrics.gap();
                LOG.error("table={} gap: {} since={}", checks.name(), gap.what(), gap.since());
            }
            if (!checks.heals()) {
                throw GapException.stop(checks.name(), gap.what(), gap.since(), null);
            }
        }
        if (known) {
            drained();
            return;
        }
        generation.lose(gap);
        if (reading) {
            inspection.again(now());
        }
    }

    /** The stream of the state is read as far as it can be: on to the next one. */
    private void drained() {
        if (drainTo > 0) {
            drainTo = 0;
            inspection.again(now());
        }
    }

    private void awaitStream() {
        if (streamLooks++ % LOOKS_PER_WARNING == 0) {
            LOG.warn(
                    "table={} is stale, for there is no stream. Switch it on: {}",
                    checks.name(),
                    checks.enable());
        }
        if (pinning != null) {
            pinning = null;
            discovery.begin(generation.pin().streamArn(), now());
        }
        inspection.again(now() + SourceOptions.STREAM_LOOKS.toMillis());
    }

    private void pin(TableDescription answer) {
        checks.requireUsable(answer, generation == null);
        saw(answer.serviceTime());
        description = answer;
        pinning = new PinListing();
        discovery.begin(answer.streamArn(), now());
    }

    /** A call has failed in a way that repeating does not cure. */
    private void callRefused(ClientException error) {
        boolean gone = error.kind() == ClientException.Kind.NOT_FOUND;
        if (drainTo > 0) {
            LOG.info(
                    "table={} cannot drain its last stream: {}", checks.name(), error.getMessage());
            discovery.stop();
            drained();
        } else if (gone && reading) {
            discovery.stop();
            if (generation.gap() == null) {
                lose(Gap.of(error.getMessage(), generation.graph().readUpTo()));
            } else {
                awaitStream();
            }
        } else {
            throw checks.refused(error);
        }
    }

    private void listed(Listing listing) {
        metrics.listed();
        gaps.streamIs(listing.streamEnabled());
        if (drainTo > 0 && !reading) {
            beginReaders();
        }
        if (pinning == null || (generation != null && knowsStream())) {
            Gap gap = gaps.judge(generation, listing, serviceTime, now());
            generation.listed(listing.begunAt());
            if (gap != null) {
                lose(gap);
            }
        }
        if (pinning == null) {
            moveOn();
        } else if (generation != null && !listing.streamEnabled()) {
            awaitStream();
        } else if (pinning.complete(listing)) {
            pinned();
        } else {
            discovery.request(now());
        }
    }

    /** Whether what is described is what the generation is about. */
    private boolean knowsStream() {
        return TableChecks.same(description, generation.pin());
    }

    private void pinned() {
        boolean scan = table.start() == TableSpec.Start.SNAPSHOT;
        int segments =
                SnapshotPlan.segments(
                        options.segments(), description.sizeBytes(), context.currentParallelism());
        Pinned pinned =
                new Pinned(
                        description,
                        checks.oldImages(description),
                        pinning.shards(),
                        scan ? segments : 0,
                        views);
        generation =
                generation == null
                        ? Generation.first(table.start(), pinned, submission)
                        : generation.next(pinned, moment);
        pinning = null;
        streamLooks = 0;
        LOG.info("table={} is pinned: {}", checks.name(), generation);
        if (scan) {
            ScanCost cost = new ScanCost(description.sizeBytes(), table.scanReadCapacity());
            LOG.info("table={} is scanned: {}", checks.name(), cost);
        }
        beginReaders();
        moveOn();
    }

    private void beginReaders() {
        reading = true;
        readers.tellAll(begin());
    }

    private ReaderOrder begin() {
        EnumeratorState.Pin pin = generation.pin();
        boolean old = knowsStream() ? checks.oldImages(description) : pin.oldImages();
        return ReaderOrder.begin(
                description.key(), old, serviceTime, pin.fence(), pin.incarnation());
    }

    @Override
    public void addReader(int subtask) {
        if (!reading) {
            return;
        }
        readers.tell(subtask, begin());
        if (generation.announced() > 0) {
            readers.tell(subtask, ReaderOrder.announce(generation.announced()));
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
        readers.reported(subtask, report.first(), report.generation());
        List<String> certain = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        for (TableSplit split : report.splits()) {
            if (generation == null) {
                throw new IllegalStateException(
                        "subtask " + subtask + " has " + split + " although nothing is pinned");
            }
            if (!generation.owns(split)) {
                foreign.add(split.splitId());
            } else if (generation.reported(split, subtask)) {
                certain.add(split.splitId());
            } else if (split.finished()) {
                patience.endReached();
            }
        }
        if (!certain.isEmpty()) {
            readers.tell(subtask, ReaderOrder.forget(certain));
        }
        if (!foreign.isEmpty()) {
            readers.tell(subtask, ReaderOrder.discard(foreign));
        }
        for (LostPosition lost : report.lost()) {
            // Under an earlier fence it is tried again under this one, and reported again.
            if (report.generation() == generation.pin().generation()) {
                lose(Gap.of(lost.what(), lost.since()));
            }
        }
        moveOn();
    }

    /** Draws all conclusions from what has become known. */
    private void moveOn() {
        if (!reading) {
            return;
        }
        if (readers.allReported()) {
            if (!claimed) {
                claimed = true;
                generation.requireAllClaimed(checks.name());
            }
            assign();
            conclude();
        }
        long now = now();
        if (patience.wantsListing(generation.graph(), now)
                || generation.wantsListing(serviceTime)) {
            discovery.request(now);
        }
        metrics.update(generation);
    }

    private void assign() {
        if (generation.plan().waiting() || !generation.graph().readable().isEmpty()) {
            boolean scans = generation.first() || readers.allUnder(generation.pin().generation());
            new Assignment(
                            context,
                            generation,
                            readers.reported(),
                            scans,
                            options.segmentsPerReader())
                    .assign();
        }
    }

    private void conclude() {
        boolean scanning = !generation.scanDone();
        generation.observe(serviceTime, patience.excused());
        if (scanning && generation.scanDone()) {
            LOG.info("table={} scan is done at {}", checks.name(), serviceTime);
        }
        if (drainTo > 0 && generation.readTo(drainTo, patience.excused())) {
            drained();
        }
        Gap end = pinning == null ? gaps.atTheEnd(generation.graph()) : null;
        if (end != null) {
            lose(end);
        }
    }

    @Override
    public void addSplitsBack(List<TableSplit> splits, int subtask) {
        readers.restarts(subtask);
        if (generation != null) {
            generation.reset(subtask, splits);
        }
    }

    @Override
    public EnumeratorState snapshotState(long checkpoint) {
        if (generation == null) {
            return EnumeratorState.unpinned(submission);
        }
        long asOf = readers.allReported() ? generation.graph().readUpTo() : 0;
        reports.checkpointBegins(generation.report(checkpoint, asOf));
        return generation.checkpointBegins(checkpoint, serviceTime);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        if (generation == null) {
            return;
        }
        CertainEnds ends = generation.checkpointCompleted(checkpoint);
        ends.bySubtask().forEach((subtask, ids) -> readers.tell(subtask, ReaderOrder.forget(ids)));
        long ready = generation.announcedBy(checkpoint);
        if (ready > 0) {
            LOG.info("table={} generation {} is ready: {}", checks.name(), ready, generation);
            readers.tellAll(ReaderOrder.announce(ready));
        }
        reports.checkpointCompleted(checkpoint);
        metrics.update(generation);
    }

    @Override
    public void close() {
        reports.close();
        if (client != null) {
            client.close();
        }
    }
}
