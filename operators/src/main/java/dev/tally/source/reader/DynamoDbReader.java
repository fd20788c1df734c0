package dev.tally.source.reader;

import dev.tally.change.ItemChange;
import dev.tally.source.SourceOptions;
import dev.tally.source.client.TableClient;
import dev.tally.source.split.Fence;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.ReaderReport;
import dev.tally.source.split.SegmentSplit;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import dev.tally.view.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.util.clock.Clock;

/**
 * Reads the segments and shards that it was given, all at once, and emits their changes.
 *
 * <p><b>Threads.</b> Everything here runs in the task thread. Answers of the client and the alarm
 * come through {@link Inbox}; with nothing to do it is not available, so nothing spins.
 *
 * <p><b>Order of work.</b> Answers first; then the watermark of a ready generation, which therefore
 * follows every record emitted before it; then calls that are due; then one change. Shards go
 * before segments, but one change in {@value #SCAN_EVERY} is a scanned one when there are any, so
 * that a busy stream does not stop the scan. The scan makes no calls while a shard lags too far.
 *
 * <p><b>Memory.</b> {@link SourceOptions#pagesMax()} pages, a quarter of them for the scan, fetched
 * or on their way, or more where pages are smaller than they may be; those who wait for one stand
 * in line.
 *
 * <p><b>Checkpointed</b> are the splits as emitted. A finished split stays among them until the
 * enumerator says that a completed checkpoint of its own holds the end. The enumerator hears of
 * emitted positions at intervals, of an end at once, and of everything at the start of an attempt.
 *
 * <p>It never finishes: the end of input would send {@code Watermark.MAX_WATERMARK}.
 */
public final class DynamoDbReader implements SourceReader<ItemChange, TableSplit> {

    private static final int SCAN_EVERY = 8;
    private static final long YIELD_CHECK_MS = 1_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final SourceReaderContext context;
    private final SourceOptions options;
    private final Clock clock;
    private final Alarm alarm;
    private final TableClient client;
    private final Inbox inbox = new Inbox();
    private final ReaderMetrics metrics;
    private final Fetches fetches;
    private final TokenBucket capacity;
    private final Calls shardCalls;
    private final Calls segmentCalls;
    private final Turns shardTurns = new Turns();
    private final Turns segmentTurns = new Turns();

    /** All splits of this reader by id, finished ones included. */
    private final Map<String, Reading> readings = new TreeMap<>();

    private long emissions;

    /** Generation whose watermark is to be emitted; 0 for none. */
    private long ready;

    /** What all shards are under; null before the order to begin. */
    private Fence fence;

    private boolean started;

    /** Whether the last poll found nothing and has set the alarm for what comes. */
    private boolean idle;

    private boolean movedSinceReport;
    private boolean endSinceReport;
    private boolean fenceSinceReport;
    private long nextReportAt = Long.MIN_VALUE;

    /** Relative milliseconds of the earliest alarm under way. */
    private long armedFor = NEVER;

    /**
     * @param client closed with the reader
     */
    public DynamoDbReader(
            SourceReaderContext context,
            TableSpec table,
            TableClient client,
            SourceOptions options,
            Clock clock,
            Alarm alarm,
            Random random) {
        this.context = context;
        this.options = options;
        this.clock = clock;
        this.alarm = alarm;
        this.client = client;
        this.metrics =
                new ReaderMetrics(
                        context.metricGroup(), table.logicalName(), options.idlePollMax(), clock);
        String name = table.logicalName() + " (" + table.tableName() + ")";
        this.fetches = new Fetches(name, client, options, clock, random, inbox, metrics);
        this.fetches.onAnswer(this::settle);
        double units = table.scanReadCapacity() / Math.max(1, context.currentParallelism());
        this.capacity = new TokenBucket(units, clock.relativeTimeMillis());
        int scanPages = Math.max(1, options.pagesMax() / 4);
        this.segmentCalls = new Calls(scanPages);
        this.shardCalls = new Calls(options.pagesMax() - scanPages);
    }

    @Override
    public void start() {
        started = true;
        List<TableSplit> all = new ArrayList<>();
        for (Reading reading : readings.values()) {
            reading.takeMoved();
            all.add(reading.split());
        }
        context.sendSourceEventToCoordinator(
                new ReaderReport(true, fetches.serviceTime(), generation(), all, List.of()));
    }

    @Override
    public void addSplits(List<TableSplit> splits) {
        for (TableSplit split : splits) {
            Reading reading =
                    split instanceof ShardSplit
                            ? new ShardReading(fetches, shardCalls.permits(), (ShardSplit) split)
                            : new SegmentReading(
                                    fetches,
                                    segmentCalls.permits(),
                                    capacity,
                                    (SegmentSplit) split);
            readings.put(split.splitId(), reading);
            settle(reading);
        }
        measure();
        wake();
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        ReaderOrder order = (ReaderOrder) event;
        if (order.serviceTime() > 0) {
            fetches.saw(order.serviceTime());
        }
        if (order.key() != null) {
            fetches.table(order.key(), order.oldImages());
            begin(order.fence(), order.incarnation());
        }
        if (order.ready() > 0) {
            ready = order.ready();
        }
        for (String splitId : order.certain()) {
            Reading reading = readings.get(splitId);
            if (reading != null && reading.finished()) {
                readings.remove(splitId);
            }
        }
        order.discarded().forEach(this::discard);
        for (String splitId : order.gone()) {
            Reading reading = readings.get(splitId);
            if (reading instanceof ShardReading) {
                endSinceReport |= ((ShardReading) reading).expire();
            }
        }
        wake();
    }

    /** Puts everything under the fence before anything more is read, and says so. */
    private void begin(Fence next, int incarnation) {
        fence = next;
        if (ready < next.base()) {
            ready = 0;
        }
        for (Reading reading : List.copyOf(readings.values())) {
            if (reading instanceof ShardReading) {
                ShardReading shard = (ShardReading) reading;
                if (shard.incarnation() == incarnation) {
                    shard.under(next);
                    settle(shard);
                } else {
                    discard(shard.split().splitId());
                }
            } else if (((SegmentReading) reading).generation() == next.generation()) {
                settle(reading);
            } else {
                discard(reading.split().splitId());
            }
        }
        fenceSinceReport = true;
        report(clock.relativeTimeMillis());
    }

    private long generation() {
        return fence == null ? 0 : fence.generation();
    }

    private void discard(String splitId) {
        Reading reading = readings.remove(splitId);
        if (reading != null) {
            reading.discard();
        }
    }

    private void wake() {
        inbox.add(() -> {});
    }

    /** Puts a reading where it belongs after something about it has changed. */
    private void settle(Reading reading) {
        boolean shard = reading instanceof ShardReading;
        if (reading.hasPage()) {
            (shard ? shardTurns : segmentTurns).join(reading);
        }
        if (fetches.begun() && reading.wantsCall()) {
            (shard ? shardCalls : segmentCalls).join(reading);
        }
    }

    @Override
    public InputStatus pollNext(ReaderOutput<ItemChange> output) {
        inbox.drain();
        if (ready > 0) {
            output.emitWatermark(new Watermark(ready));
            ready = 0;
        }
        long now = clock.relativeTimeMillis();
        makeCalls(now);
        boolean emitted = emitNext(output);
        boolean urgent = endSinceReport || fetches.anyLost();
        if (urgent || (movedSinceReport && now >= nextReportAt)) {
            report(now);
        }
        idle = !emitted;
        if (emitted) {
            return InputStatus.MORE_AVAILABLE;
        }
        arm(now);
        return InputStatus.NOTHING_AVAILABLE;
    }

    private void makeCalls(long now) {
        shardCalls.lineUp(now);
        while (shardCalls.callNext()) {
            // each call takes a permit
        }
        segmentCalls.lineUp(now);
        while (segmentCalls.anyInLine() && scanMayGoOn(now) && segmentCalls.callNext()) {
            // each call takes a permit, and its cost once that is known
        }
    }

    private boolean scanMayGoOn(long now) {
        return capacity.availableAt(now) <= now && !streamLags();
    }

    private boolean streamLags() {
        long least = NEVER;
        for (Reading reading : readings.values()) {
            if (reading instanceof ShardReading && !reading.finished()) {
                least = Math.min(least, ((ShardReading) reading).neededUpTo());
            }
        }
        long bound = SourceOptions.SCAN_YIELDS_AT_LAG.toMillis();
        return least != NEVER && fetches.serviceTime() - least > bound;
    }

    private boolean emitNext(ReaderOutput<ItemChange> output) {
        boolean scanTurn = shardTurns.isEmpty() || ++emissions % SCAN_EVERY == 0;
        Turns turns = scanTurn && !segmentTurns.isEmpty() ? segmentTurns : shardTurns;
        Reading reading = turns.current();
        if (reading == null) {
            return false;
        }
        reading.emitNext(output);
        turns.emitted();
        movedSinceReport = true;
        if (reading.finished()) {
            endSinceReport = true;
            output.releaseOutputForSplit(reading.split().splitId());
        }
        settle(reading);
        return true;
    }

    private void report(long now) {
        List<TableSplit> moved = new ArrayList<>();
        for (Reading reading : readings.values()) {
            if (reading.takeMoved()) {
                moved.add(reading.split());
            }
        }
        measure();
        boolean news = fenceSinceReport || !moved.isEmpty() || fetches.anyLost();
        if (started && news) {
            context.sendSourceEventToCoordinator(
                    new ReaderReport(
                            false, fetches.serviceTime(), generation(), moved, fetches.takeLost()));
            fenceSinceReport = false;
        }
        movedSinceReport = false;
        endSinceReport = false;
        nextReportAt = now + options.reportInterval().toMillis();
    }

    private void measure() {
        long readUpTo = NEVER;
        int shards = 0;
        int segments = 0;
        for (Reading reading : readings.values()) {
            if (reading.finished()) {
                continue;
            }
            if (reading instanceof ShardReading) {
                readUpTo = Math.min(readUpTo, ((ShardReading) reading).readUpTo());
                shards++;
            } else {
                segments++;
            }
        }
        shardCalls.permits().users(shards);
        metrics.update(readUpTo == NEVER ? 0 : readUpTo, shards, segments);
    }

    /** Sees to it that the reader wakes when the next thing is due. */
    private void arm(long now) {
        long next = Math.min(shardCalls.nextDueAt(), segmentCalls.nextDueAt());
        if (movedSinceReport) {
            next = Math.min(next, nextReportAt);
        }
        if (segmentCalls.anyInLine()) {
            long capacityAt = capacity.availableAt(now);
            next = Math.min(next, capacityAt > now ? capacityAt : now + YIELD_CHECK_MS);
        }
        if (next == NEVER || next >= armedFor) {
            return;
        }
        armedFor = next;
        long rings = next;
        alarm.ring(Math.max(1, next - now), () -> inbox.add(() -> rang(rings)));
    }

    private void rang(long time) {
        if (armedFor == time) {
            armedFor = NEVER;
        }
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return idle ? inbox.available() : CompletableFuture.completedFuture(null);
    }

    @Override
    public List<TableSplit> snapshotState(long checkpoint) {
        List<TableSplit> splits = new ArrayList<>(readings.size());
        for (Reading reading : readings.values()) {
            splits.add(reading.split());
        }
        return splits;
    }

    @Override
    public void notifyNoMoreSplits() {
        // Never said by the enumerator, and not heard: a reader does not finish.
    }

    @Override
    public void close() {
        alarm.close();
        client.close();
    }
}
