package dev.tally.source.reader;

import dev.tally.source.client.ChangePage;
import dev.tally.source.client.TableClient;
import java.util.concurrent.CompletableFuture;

/**
 * A GetRecords call and, if it may, the one that follows it, which is made as soon as the answer
 * has named its iterator: while the service looks for the next records, those of this page are read
 * out of their bytes. Made and asked on the task thread; the client tells on a thread of its own.
 */
final class PageCall {

    /** Nobody knows when it was asked for: its page proves nothing of what was there then. */
    static final long AHEAD = 0;

    private final TableClient client;
    private final String iterator;
    private final int limit;
    private final long begunAt;
    private final CompletableFuture<ChangePage> page;

    /** Null until the client has told it; guarded by this, as all below. */
    private String next;

    private boolean allowed;
    private boolean taken;
    private PageCall following;

    /**
     * @param begunAt service milliseconds before which it is not asked for, or {@link #AHEAD}
     */
    PageCall(TableClient client, String iterator, int limit, long begunAt) {
        this.client = client;
        this.iterator = iterator;
        this.limit = limit;
        this.begunAt = begunAt;
        this.page = client.getRecords(iterator, limit, this::named);
    }

    String iterator() {
        return iterator;
    }

    long begunAt() {
        return begunAt;
    }

    CompletableFuture<ChangePage> page() {
        return page;
    }

    /** Lets it make the call that follows. */
    synchronized void allow() {
        allowed = true;
        goOn();
    }

    private synchronized void named(String nextIterator) {
        next = nextIterator;
        goOn();
    }

    private void goOn() {
        if (allowed && !taken && next != null && following == null) {
            following = new PageCall(client, next, limit, AHEAD);
        }
    }

    /** Whether {@link #allow} was called. */
    synchronized boolean allowed() {
        return allowed;
    }

    /** The call that follows, or null: then none will be made. */
    synchronized PageCall takeFollowing() {
        taken = true;
        return following;
    }
}
