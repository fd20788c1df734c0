package dev.tally.source.enumerator;

import dev.tally.source.GapException;
import dev.tally.source.ScanCost;
import dev.tally.source.SourceOptions;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableClients;
import dev.tally.source.client.TableDescription;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.TableSplit;
import dev.tally.view.TableSpec;
import java.util.Map;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.clock.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From generation to generation: describes the table, pins, and pins anew when changes were lost,
 * views are new, or somebody asks for it.
 *
 * <pre>
 *   describe ──first start──▶ pin ─────────────────────▶ reading ──gap──▶ describe ──▶ pin ─▶ ...
 *        │                    ▲ ▲                           ▲                 │
 *        ├──same table────────┼─┼───────────────────────────┘                 │ no stream
 *        ├──older, new views──┘ └────────────────┐                            ▼
 *        └──another stream──▶ drain the old one ─┴──◀── another stream ── wait for it
 * </pre>
 *
 * <p>While a gap is known reading goes on as far as it can, under the old fence. Coordinator thread
 * only.
 */
final class Course {

    private static final Logger LOG = LoggerFactory.getLogger(Course.class);
    private static final int LOOKS_PER_WARNING = 30;

    private final SplitEnumeratorContext<TableSplit> context;
    private final TableSpec table;
    private final SourceOptions options;
    private final Map<String, String> views;
    private final long submission;
    private final Clock clock;
    private final TableChecks checks;
    private final EnumeratorMetrics metrics;
    private final Patience patience;
    private final Readers readers;
    private final GapWatch gaps;
    private final Runnable moved;

    private TableClient client;
    private Inspection inspection;
    private Discovery discovery;

    /** The latest that was good to read by; null before. */
    private TableDescription description;

    /** Puts the listings of a pin together; null if none is under way. */
    private PinListing pinning;

    /** Null until pinned. */
    private Generation generation;

    /** Whether the restored state was compared with the table, or there was none. */
    private boolean resumed;

    /** Whether readers have been told to begin. */
    private boolean reading;

    /** Service milliseconds to which the stream of the state is read before another; 0 for none. */
    private long drainTo;

    private int streamLooks;

    /** Service milliseconds after which rows are of the present for this submission. */
    private long moment;

    /** Latest service milliseconds that anybody has seen. */
    private long serviceTime;

    /**
     * @param restored null for a fresh start
     * @param moved told when there may be something to conclude
     */
    Course(
            SplitEnumeratorContext<TableSplit> context,
            TableSpec table,
            SourceOptions options,
            Map<String, String> views,
            long submission,
            Clock clock,
            EnumeratorMetrics metrics,
            Patience patience,
            Readers readers,
            EnumeratorState restored,
            Runnable moved) {
        this.context = context;
        this.table = table;
        this.options = options;
        this.views = views;
        this.submission = submission;
        this.clock = clock;
        this.checks = new TableChecks(table);
        this.metrics = metrics;
        this.patience = patience;
        this.readers = readers;
        this.gaps = new GapWatch(readers, checks.name(), patience, metrics);
        this.moved = moved;
        if (restored != null && restored.pin() != null) {
            generation = Generation.restored(restored);
            generation.coverOnly(views);
            serviceTime = restored.observedAt();
        }
    }

    void start(TableClients clients) {
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
    }

    /** Null until the first one is pinned. */
    Generation generation() {
        return generation;
    }

    boolean reading() {
        return reading;
    }

    long serviceTime() {
        return serviceTime;
    }

    void saw(long time) {
        serviceTime = Math.max(serviceTime, time);
    }

    void tick() {
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
            resumed = true;
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
        moment = options.replay() ? serviceTime : Math.max(serviceTime, answer.serviceTime());
        saw(answer.serviceTime());
        generation.resumed(submission, moment);
        description = answer;
        if (gap != null) {
            lose(gap);
        }
        if (generation.gap() == null && !generation.lacks(views)) {
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
    void lose(Gap gap) {
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
            discovery.stop();
            if (reading) {
                discovery.begin(generation.pin().streamArn(), now());
            }
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
        } else if (gone && (generation == null ? pinning != null : resumed)) {
            if (generation != null && generation.gap() == null) {
                lose(Gap.of(error.getMessage(), generation.graph().readUpTo()));
            }
            pinning = null;
            discovery.stop();
            awaitStream();
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
            moved.run();
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
        moved.run();
    }

    private void beginReaders() {
        reading = true;
        readers.tellAll(begin());
    }

    /** What readers are told before they read anything. */
    ReaderOrder begin() {
        EnumeratorState.Pin pin = generation.pin();
        boolean old = knowsStream() ? checks.oldImages(description) : pin.oldImages();
        return ReaderOrder.begin(
                description.key(), old, serviceTime, pin.fence(), pin.incarnation());
    }

    /** Looks whether reading has come to an end, or to something that a listing tells. */
    void conclude() {
        if (drainTo > 0 && generation.readTo(drainTo, patience.excused())) {
            drained();
        }
        Gap end = pinning == null ? gaps.atTheEnd(generation.graph()) : null;
        if (end != null) {
            lose(end);
        }
    }

    /** Asks for a listing if something waits for one. */
    void listIfWanted() {
        long now = now();
        if (patience.wantsListing(generation.graph(), now)
                || generation.wantsListing(serviceTime)) {
            discovery.request(now);
        }
    }

    void close() {
        if (client != null) {
            client.close();
        }
    }
}
