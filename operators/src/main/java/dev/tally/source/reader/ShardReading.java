package dev.tally.source.reader;

import dev.tally.change.ItemChange;
import dev.tally.change.ItemVersion;
import dev.tally.item.ItemKey;
import dev.tally.source.SourceOptions;
import dev.tally.source.client.Change;
import dev.tally.source.client.ChangePage;
import dev.tally.source.client.ClientException;
import dev.tally.source.split.Fence;
import dev.tally.source.split.ShardSplit;
import java.util.ArrayDeque;
import org.apache.flink.api.connector.source.ReaderOutput;

/**
 * Reads a shard from after the last emitted record to its end.
 *
 * <p><b>Two positions.</b> What has been fetched runs ahead of what has been emitted; only the
 * latter is checkpointed and reported. An iterator is never more than a means: when it expires, the
 * next one starts after the last fetched sequence number.
 *
 * <p><b>Read up to.</b> GetRecords does not say whether there is more. So the shard counts as read
 * up to the time of its newest emitted record; or, where three pages in a row were quiet, up to the
 * moment before which the first of them was not yet asked for. Quiet is a page that is empty, or
 * short and with a last record that, as far as its cut time tells, may be as young as the call.
 *
 * <p><b>Pace.</b> As {@link Pace} says. While it is behind, the next page is asked for before this
 * one is read ({@link PageCall}); it is taken when this one has been.
 *
 * <p><b>Gaps.</b> A trimmed position or a shard that is gone has lost unread records, and reading
 * stops until the next fence, unless all of them were older than the fence of a generation that
 * scans after it: then reading starts again at the horizon, or waits for the enumerator to say from
 * the listings that the shard has expired. It starts there too if a trimmed position lost nothing
 * that was not read. What the horizon's first page says of the time decides, never an older answer.
 */
final class ShardReading extends Reading {

    private static final String FIRST_RECORDS =
            "its first records were not read within the stream's retention.";

    private final Fetches fetches;
    private final Permits permits;
    private ShardSplit start;
    private final String name;
    private final ReadFailures failures;
    private final ArrayDeque<Fetched> pages = new ArrayDeque<>();

    private String iterator;
    private String fetchedSequence;
    private boolean fetchedAll;
    private boolean calling;

    /** Whether the service does not know the shard any more, which lost nothing. */
    private boolean gone;

    /** Whether unread records are lost: reading stands still. */
    private boolean lost;

    /** Why the next page is to be the first one at the horizon; null if it is not to be. */
    private String horizon;

    private boolean discarded;

    private int emittedOfPage;
    private String sequence;
    private ItemVersion version;
    private boolean fencePassed;
    private long readUpTo;
    private boolean finished;

    private final QuietPages quietPages = new QuietPages();
    private final Pace pace;

    ShardReading(Fetches fetches, Permits permits, ShardSplit start) {
        this.fetches = fetches;
        this.permits = permits;
        this.start = start;
        this.name = "shard " + start.shardId();
        this.failures = new ReadFailures(fetches, name);
        this.pace = new Pace(fetches.options());
        this.fetchedSequence = start.sequenceNumber();
        this.sequence = start.sequenceNumber();
        this.version = sequence == null ? null : ItemVersion.of(start.incarnation(), sequence);
        this.fencePassed = start.fencePassed();
        this.readUpTo = start.readUpTo();
        this.finished = start.finished();
    }

    @Override
    boolean wantsCall() {
        boolean more = !fetchedAll && !finished && !gone && !lost && !discarded;
        return more && !calling && pages.size() < PAGES_AHEAD;
    }

    @Override
    void call() {
        if (iterator == null) {
            calling = true;
            if (fetchedSequence == null && horizon == null) {
                horizon = FIRST_RECORDS;
            }
            fetches.handOver(
                    this,
                    fetches.client()
                            .shardIterator(start.streamArn(), start.shardId(), fetchedSequence),
                    this::iteratorAnswered);
            return;
        }
        int limit = fetches.options().recordsPerPage();
        await(new PageCall(fetches.client(), iterator, limit, fetches.serviceTime()));
    }

    private void await(PageCall call) {
        calling = true;
        boolean goOn = pace.behind() && horizon == null && pages.size() < PAGES_AHEAD;
        if (goOn && failures.pace() == 0 && permits.takeSpare()) {
            call.allow();
        }
        fetches.handOver(this, call.page(), (page, error) -> answered(page, error, call));
    }

    /** A following call that is not wanted keeps its permit until it is answered. */
    private void answered(ChangePage page, Throwable error, PageCall call) {
        calling = false;
        boolean taken = takePage(page, error, call.begunAt());
        PageCall following = call.takeFollowing();
        if (following == null) {
            if (call.allowed()) {
                permits.release();
            }
        } else if (taken && following.iterator().equals(iterator)) {
            await(following);
        } else {
            fetches.handOver(this, following.page(), (late, failure) -> permits.release());
        }
    }

    private void iteratorAnswered(String answer, Throwable error) {
        calling = false;
        permits.release();
        if (discarded) {
            return;
        }
        if (error != null) {
            failed(ClientException.of(error));
            return;
        }
        failures.succeeded();
        iterator = answer;
        dueAt(fetches.now());
    }

    /** Whether reading goes straight on behind it. */
    private boolean takePage(ChangePage page, Throwable error, long begunAt) {
        if (discarded || error != null) {
            permits.release();
            if (!discarded) {
                failed(ClientException.of(error));
            }
            return false;
        }
        failures.succeeded();
        fetches.saw(page.serviceTime());
        if (horizon != null && !onlyOlderThanFence() && readUpTo > 0 && readUpTo < keptSince()) {
            permits.release();
            lose(horizon);
            return false;
        }
        horizon = null;
        int count = page.changes().size();
        if (count == 0) {
            permits.release();
        } else {
            fetchedSequence = page.changes().get(count - 1).sequenceNumber();
            permits.saw(Fetched.heapBytes(page.changes()));
        }
        pages.add(new Fetched(page, begunAt));
        iterator = page.nextIterator();
        fetchedAll = iterator == null;
        dueAt(fetches.now() + Math.max(failures.pace(), pace.after(page)));
        return true;
    }

    private void failed(ClientException error) {
        switch (error.kind()) {
            case EXPIRED_ITERATOR:
                fetches.metrics().expiredIterators.inc();
                iterator = null;
                dueAt(fetches.now() + failures.pace());
                return;
            case TRIMMED:
                if (!mayPassFence()) {
                    trimmed(error);
                }
                return;
            case NOT_FOUND:
                if (mayPassFence()) {
                    return;
                }
                if (!onlyOlderThanFence()) {
                    lose(error.getMessage());
                    return;
                }
                // Not its end: that is for the enumerator to say, which knows the listings.
                gone = true;
                return;
            default:
                dueAt(fetches.now() + failures.again(error));
        }
    }

    private void trimmed(ClientException error) {
        if (onlyOlderThanFence()) {
            fetches.metrics().trimmedBeforeFence.inc();
        } else if (readUpTo >= keptSince()) {
            fetches.metrics().trimmedAfterReading.inc();
        } else {
            lose(error.getMessage());
            return;
        }
        iterator = null;
        fetchedSequence = null;
        horizon = error.getMessage();
        dueAt(fetches.now() + failures.pace());
    }

    private void lose(String why) {
        lost = true;
        failures.lost(why, readUpTo);
    }

    /** Only what has been emitted tells whether the fence has been passed: then call again. */
    private boolean mayPassFence() {
        dueAt(fetches.now() + fetches.options().idlePollMin().toMillis());
        return !fencePassed && !pages.isEmpty();
    }

    /**
     * Whether every record that the service has dropped by now is older than the fence, and a scan
     * of all that is later.
     */
    private boolean onlyOlderThanFence() {
        return !fencePassed && start.fence().onlyOlderGone(fetches.serviceTime());
    }

    private long keptSince() {
        return fetches.serviceTime() - SourceOptions.RETENTION.toMillis();
    }

    /** A generation has begun: what was lost before is tried again under its fence. */
    void under(Fence fence) {
        fencePassed &= fence.generation() == start.fence().generation();
        start = start.under(fence);
        if (lost) {
            lost = false;
            iterator = null;
            dueAt(fetches.now());
        }
        moved();
    }

    int incarnation() {
        return start.incarnation();
    }

    @Override
    void discard() {
        discarded = true;
        for (Fetched fetched : pages) {
            if (!fetched.page().changes().isEmpty()) {
                permits.release();
            }
        }
        pages.clear();
    }

    /** It is out of the listings too: whether that ends it. An older time said that it may. */
    boolean expire() {
        if (!gone || finished || !pages.isEmpty()) {
            return false;
        }
        if (!onlyOlderThanFence()) {
            gone = false;
            lose("the stream has no such shard any more.");
            return false;
        }
        fetches.metrics().expiredBeforeFence.inc();
        finished = true;
        moved();
        return true;
    }

    @Override
    boolean hasPage() {
        return !pages.isEmpty();
    }

    @Override
    void emitNext(ReaderOutput<ItemChange> output) {
        Fetched fetched = pages.peek();
        int count = fetched.page().changes().size();
        if (emittedOfPage < count) {
            emit(fetched.page().changes().get(emittedOfPage++), output);
        }
        if (emittedOfPage == count) {
            conclude(fetched);
        }
    }

    /** Per record: no streams, no boxing. */
    private void emit(Change change, ReaderOutput<ItemChange> output) {
        ItemVersion next = ItemVersion.of(start.incarnation(), change.sequenceNumber());
        if (version != null && next.compareTo(version) <= 0) {
            fetches.metrics().duplicates.inc();
            return;
        }
        version = next;
        sequence = change.sequenceNumber();
        readUpTo = Math.max(readUpTo, change.time());
        fencePassed |= change.time() >= start.fence().time();
        moved();
        long generation = fencePassed ? start.fence().generation() : start.fence().before();
        if (generation == Fence.SKIP) {
            fetches.metrics().skippedBeforeFence.inc();
            return;
        }
        fetches.metrics().streamRecords.inc();
        output.collect(changeOf(change, next, generation).withBase(start.fence().base()));
    }

    private ItemChange changeOf(Change change, ItemVersion at, long generation) {
        ItemKey key = fetches.keyOf(change.keys(), change.unread(), name);
        ItemChange read = read(key, change, at, generation);
        String problem = change.unread().sentence();
        return problem == null ? read : read.withProblem(problem);
    }

    private ItemChange read(ItemKey key, Change change, ItemVersion at, long generation) {
        if (fetches.oldImages()) {
            return ItemChange.streamed(
                    key,
                    generation,
                    at,
                    change.oldImage(),
                    change.newImage(),
                    change.time(),
                    change.eventId(),
                    change.ttl());
        }
        return ItemChange.streamedNewOnly(
                key,
                generation,
                at,
                change.newImage(),
                change.time(),
                change.eventId(),
                change.ttl());
    }

    private void conclude(Fetched fetched) {
        pages.poll();
        emittedOfPage = 0;
        if (pace.isQuiet(fetched.page(), fetched.begunAt())) {
            long upTo = quietPages.quiet(fetched.begunAt());
            if (upTo > readUpTo) {
                readUpTo = upTo;
                moved();
            }
        } else {
            quietPages.broken();
        }
        if (!fetched.page().changes().isEmpty()) {
            permits.release();
        }
        if (fetched.page().nextIterator() == null) {
            finished = true;
            moved();
        }
    }

    @Override
    boolean finished() {
        return finished;
    }

    /** How far behind it is for the scan's purpose: what is older than the fence does not count. */
    long neededUpTo() {
        return fencePassed ? readUpTo : Math.max(readUpTo, start.fence().time());
    }

    long readUpTo() {
        return readUpTo;
    }

    @Override
    ShardSplit split() {
        return start.at(new ShardSplit.Position(sequence, fencePassed, readUpTo, finished));
    }
}
