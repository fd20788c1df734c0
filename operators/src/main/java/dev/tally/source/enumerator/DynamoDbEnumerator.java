package dev.tally.source.enumerator;

import dev.tally.source.SourceOptions;
import dev.tally.source.client.TableClients;
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

    private final SplitEnumeratorContext<TableSplit> context;
    private final TableClients clients;
    private final SourceOptions options;
    private final long submission;
    private final String name;
    private final CheckpointReports reports;
    private final EnumeratorMetrics metrics;
    private final Patience patience;
    private final Readers readers;
    private final Course course;

    /** Whether every split that a restored state says is being read was found with a reader. */
    private boolean claimed;

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
        this.clients = clients;
        this.options = options;
        this.submission = submission;
        this.name = new TableChecks(table).name();
        this.reports = new CheckpointReports(progress, context, name, submission);
        this.patience = new Patience(options.discoveryInterval().toMillis());
        this.metrics = new EnumeratorMetrics(context.metricGroup(), table.logicalName());
        this.readers = new Readers(context);
        this.course =
                new Course(
                        context,
                        table,
                        options,
                        views,
                        submission,
                        clock,
                        metrics,
                        patience,
                        readers,
                        restored,
                        this::moveOn);
    }

    @Override
    public void start() {
        course.start(clients);
        context.callAsync(() -> Boolean.TRUE, (ticked, e) -> course.tick(), 0, TICK_MS);
    }

    @Override
    public void addReader(int subtask) {
        if (!course.reading()) {
            return;
        }
        readers.tell(subtask, course.begin());
        long ready = course.generation().announced();
        if (ready > 0) {
            readers.tell(subtask, ReaderOrder.announce(ready));
        }
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {
        // Readers do not ask: splits are assigned when their turn comes.
    }

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
        ReaderReport report = (ReaderReport) event;
        course.saw(report.serviceTime());
        readers.reported(subtask, report.first(), report.generation());
        Generation generation = course.generation();
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
                course.lose(Gap.of(lost.what(), lost.since()));
            }
        }
        moveOn();
    }

    /** Draws all conclusions from what has become known. */
    private void moveOn() {
        if (!course.reading()) {
            return;
        }
        Generation generation = course.generation();
        if (readers.allReported()) {
            if (!claimed) {
                claimed = true;
                generation.requireAllClaimed(name);
            }
            assign(generation);
            observe(generation);
            course.conclude();
        }
        course.listIfWanted();
        metrics.update(generation);
    }

    private void assign(Generation generation) {
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

    private void observe(Generation generation) {
        boolean scanning = !generation.scanDone();
        generation.observe(course.serviceTime(), patience.excused());
        if (scanning && generation.scanDone()) {
            LOG.info("table={} scan is done at {}", name, course.serviceTime());
        }
    }

    @Override
    public void addSplitsBack(List<TableSplit> splits, int subtask) {
        readers.restarts(subtask);
        if (course.generation() != null) {
            course.generation().reset(subtask, splits);
        }
    }

    @Override
    public EnumeratorState snapshotState(long checkpoint) {
        Generation generation = course.generation();
        if (generation == null) {
            return EnumeratorState.unpinned(submission);
        }
        long asOf = readers.allReported() ? generation.graph().readUpTo() : 0;
        reports.checkpointBegins(generation.report(checkpoint, asOf));
        return generation.checkpointBegins(checkpoint, course.serviceTime());
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        Generation generation = course.generation();
        if (generation == null) {
            return;
        }
        CertainEnds ends = generation.checkpointCompleted(checkpoint);
        ends.bySubtask().forEach((subtask, ids) -> readers.tell(subtask, ReaderOrder.forget(ids)));
        long ready = generation.announcedBy(checkpoint);
        if (ready > 0) {
            LOG.info("table={} generation {} is ready: {}", name, ready, generation);
            readers.tellAll(ReaderOrder.announce(ready));
        }
        reports.checkpointCompleted(checkpoint);
        metrics.update(generation);
    }

    @Override
    public void close() {
        reports.close();
        course.close();
    }
}
