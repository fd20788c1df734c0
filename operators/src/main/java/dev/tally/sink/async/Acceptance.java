package dev.tally.sink.async;

import java.util.HashMap;
import java.util.Map;

/**
 * Whether a destination accepts what is sent to it, from the sizes of requests and of their
 * failures.
 *
 * <p>A request of which all entries failed and one of which some failed look alike to an observer
 * who learns only how many failed: it is taken for a refusal if some request of just that size was
 * under way. That errs on the side of a refusal only while nothing else was ever accepted.
 *
 * <p>Safe for all threads: requests are made by the task and answered on the client's threads.
 */
final class Acceptance {

    /** How the time since the last verdict looks. */
    enum Verdict {
        /** Something was accepted, or nothing was refused. */
        FINE,
        /** Nothing was ever accepted, although something was sent. */
        NEVER,
        /** Entries were refused and none accepted, but some were before. */
        STALLED
    }

    /** Size of a request to the number of those under way. */
    private final Map<Integer, Integer> underWay = new HashMap<>();

    private boolean everAccepted;
    private boolean everSubmitted;
    private boolean acceptedSince;
    private boolean refusedSince;
    private long refused;

    synchronized void submitted(int size) {
        if (size > 0) {
            everSubmitted = true;
            underWay.merge(size, 1, Integer::sum);
        }
    }

    /** All entries of a request were accepted. */
    synchronized void accepted(int size) {
        remove(size);
        everAccepted = true;
        acceptedSince = true;
    }

    /** So many entries of some request failed. */
    synchronized void failed(int count) {
        if (count == 0 || !remove(count)) {
            everAccepted = true;
            acceptedSince = true;
        }
        refused += count;
        refusedSince = refusedSince || count > 0;
    }

    private boolean remove(int size) {
        Integer requests = underWay.get(size);
        if (requests == null) {
            return false;
        }
        if (requests == 1) {
            underWay.remove(size);
        } else {
            underWay.put(size, requests - 1);
        }
        return true;
    }

    /** Whether anything was ever accepted. */
    synchronized boolean any() {
        return everAccepted;
    }

    /** Entries refused so far; each repeat counts. */
    synchronized long refused() {
        return refused;
    }

    /** Begins the next period. */
    synchronized Verdict verdict() {
        boolean stalled = refusedSince && !acceptedSince;
        acceptedSince = false;
        refusedSince = false;
        if (everSubmitted && !everAccepted) {
            return Verdict.NEVER;
        }
        return stalled ? Verdict.STALLED : Verdict.FINE;
    }
}
