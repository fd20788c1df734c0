package dev.tally.source.reader;

import dev.tally.source.SourceOptions;
import dev.tally.source.client.Change;
import dev.tally.source.client.ChangePage;

/**
 * What a page of a shard says of when to ask again: a full page, or one whose last record is not
 * fresh, is followed at once; any other one after the idle wait, which doubles from empty page to
 * empty page. Task thread only.
 */
final class Pace {

    /** A last record younger than this (service milliseconds) means that we are in step. */
    private static final long FRESH_MS = 5_000;

    private final SourceOptions options;
    private long idleWait;
    private boolean behind;

    Pace(SourceOptions options) {
        this.options = options;
    }

    /** Milliseconds to wait after a page. */
    long after(ChangePage page) {
        int count = page.changes().size();
        if (count == 0) {
            behind = false;
            long max = options.idlePollMax().toMillis();
            long next = idleWait == 0 ? options.idlePollMin().toMillis() : 2 * idleWait;
            idleWait = Math.min(max, next);
            return idleWait;
        }
        idleWait = 0;
        boolean full = count >= options.recordsPerPage();
        behind = full || newest(page) < page.serviceTime() - FRESH_MS;
        return behind ? 0 : options.idlePollMin().toMillis();
    }

    /** Whether the last page was one that is followed at once. */
    boolean behind() {
        return behind;
    }

    /**
     * Whether a page had nothing more to give: it is empty, or short and with a last record that
     * may be as young as the call. One that was asked for ahead does not count.
     *
     * @param begunAt service milliseconds before which it was not asked for, or {@link
     *     PageCall#AHEAD}
     */
    boolean isQuiet(ChangePage page, long begunAt) {
        int count = page.changes().size();
        return begunAt != PageCall.AHEAD
                && (count == 0 || (count < options.recordsPerPage() && newest(page) >= begunAt));
    }

    /** The latest that the last record of a page can have been created. */
    private long newest(ChangePage page) {
        Change last = page.changes().get(page.changes().size() - 1);
        return last.time() + options.timePrecision().toMillis();
    }
}
