package dev.tally.source.reader;

import dev.tally.change.ItemChange;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ScanPage;
import dev.tally.source.client.Unread;
import dev.tally.source.split.SegmentSplit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.ReaderOutput;

/** Reads a segment of the scan, from after the last emitted key. */
final class SegmentReading extends Reading {

    private final Fetches fetches;
    private final Permits permits;
    private final TokenBucket capacity;
    private final SegmentSplit start;
    private final String name;
    private final ReadFailures failures;
    private final ArrayDeque<ScanPage> pages = new ArrayDeque<>();

    /** Where the next page begins: ahead of what has been emitted. */
    private Item fetchedKey;

    private boolean fetchedAll;
    private boolean calling;
    private boolean discarded;

    /** How many items of the first page have been emitted. */
    private int emittedOfPage;

    /** The last item that was emitted, or key of the last page that was: the position. */
    private Item lastItem;

    private long emitted;
    private boolean finished;

    SegmentReading(Fetches fetches, Permits permits, TokenBucket capacity, SegmentSplit start) {
        this.fetches = fetches;
        this.permits = permits;
        this.capacity = capacity;
        this.start = start;
        this.name = "segment " + start.segment() + " of " + start.total();
        this.failures = new ReadFailures(fetches, name);
        this.fetchedKey = start.lastKey();
        this.lastItem = start.lastKey();
        this.emitted = start.emitted();
        this.finished = start.finished();
    }

    @Override
    boolean wantsCall() {
        boolean more = !fetchedAll && !finished && !discarded;
        return more && !calling && pages.size() < PAGES_AHEAD;
    }

    @Override
    void call() {
        calling = true;
        fetches.handOver(
                this,
                fetches.client()
                        .scan(
                                start.segment(),
                                start.total(),
                                fetchedKey,
                                fetches.options().itemsPerPage()),
                this::answered);
    }

    /** Of what generation it is. */
    long generation() {
        return start.generation();
    }

    private void answered(ScanPage page, Throwable error) {
        calling = false;
        if (discarded) {
            permits.release();
            return;
        }
        if (error != null) {
            permits.release();
            dueAt(fetches.now() + failures.again(ClientException.of(error)));
            return;
        }
        failures.succeeded();
        fetches.saw(page.serviceTime());
        capacity.spend(page.consumedCapacity(), fetches.now());
        pages.add(page);
        fetchedKey = page.lastKey();
        fetchedAll = fetchedKey == null;
        dueAt(fetches.now());
    }

    @Override
    boolean hasPage() {
        return !pages.isEmpty();
    }

    @Override
    void emitNext(ReaderOutput<ItemChange> output) {
        ScanPage page = pages.peek();
        if (emittedOfPage < page.items().size()) {
            Unread unread = page.unread(emittedOfPage);
            Item item = page.items().get(emittedOfPage++);
            lastItem = item;
            emitted++;
            moved();
            fetches.metrics().scannedItems.inc();
            ItemKey key = fetches.keyOf(item, unread, name);
            ItemChange change =
                    ItemChange.scanned(key, start.generation(), item, page.serviceTime())
                            .withBase(start.base());
            output.collect(unread.count() == 0 ? change : change.withProblem(unread.sentence()));
        }
        if (emittedOfPage == page.items().size()) {
            conclude(page);
        }
    }

    private void conclude(ScanPage page) {
        pages.poll();
        permits.release();
        emittedOfPage = 0;
        if (page.lastKey() == null) {
            finished = true;
        } else {
            lastItem = page.lastKey();
        }
        moved();
    }

    @Override
    void discard() {
        discarded = true;
        pages.forEach(page -> permits.release());
        pages.clear();
    }

    @Override
    boolean finished() {
        return finished;
    }

    @Override
    SegmentSplit split() {
        return start.at(lastKey(), emitted, finished);
    }

    private Item lastKey() {
        KeySchema schema = fetches.key();
        if (lastItem == null || schema == null) {
            return start.lastKey();
        }
        List<String> names = new ArrayList<>(2);
        schema.attributes().forEach(attribute -> names.add(attribute.name()));
        return lastItem.only(names);
    }
}
