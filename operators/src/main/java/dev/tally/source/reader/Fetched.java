package dev.tally.source.reader;

import dev.tally.source.client.ChangePage;

/** A page of a shard that waits to be emitted. */
final class Fetched {

    private final ChangePage page;
    private final long begunAt;

    /**
     * @param begunAt service milliseconds before which it was not asked for
     */
    Fetched(ChangePage page, long begunAt) {
        this.page = page;
        this.begunAt = begunAt;
    }

    ChangePage page() {
        return page;
    }

    long begunAt() {
        return begunAt;
    }
}
