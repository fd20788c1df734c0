package dev.tally.source.simulated;

import dev.tally.source.client.Change;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ClientException.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * A shard: records in order of their sequence numbers, trimmed from the front by age.
 *
 * <p>Places are counted from the shard's first record ever, so that a place stays what it is when
 * records before it are trimmed.
 */
final class SimulatedShard {

    private final String id;
    private final String parentId;
    private final long createdAt;
    private final long closesAt;
    private final List<Entry> entries = new ArrayList<>();
    private long trimmed;
    private BigInteger lastTrimmed;
    private boolean closed;
    private long closedAt;

    SimulatedShard(String id, String parentId, long createdAt, long closesAt) {
        this.id = id;
        this.parentId = parentId;
        this.createdAt = createdAt;
        this.closesAt = closesAt;
    }

    String id() {
        return id;
    }

    String parentId() {
        return parentId;
    }

    long createdAt() {
        return createdAt;
    }

    /** When it rolls over by itself. */
    long closesAt() {
        return closesAt;
    }

    boolean closed() {
        return closed;
    }

    void close(long now) {
        closed = true;
        closedAt = now;
    }

    void append(Change change, long now) {
        entries.add(new Entry(change, new BigInteger(change.sequenceNumber()), now));
    }

    /** Forgets records written before the horizon. */
    void trim(long horizon) {
        int old = 0;
        while (old < entries.size() && entries.get(old).writtenAt < horizon) {
            lastTrimmed = entries.get(old).sequence;
            old++;
        }
        entries.subList(0, old).clear();
        trimmed += old;
    }

    /** Whether nothing of it is left to be read. */
    boolean gone(long horizon) {
        return closed && closedAt < horizon;
    }

    long oldestPlace() {
        return trimmed;
    }

    long endPlace() {
        return trimmed + entries.size();
    }

    /** The place after a record that the shard holds. */
    long placeAfter(String sequenceNumber, String doing) throws ClientException {
        BigInteger sequence = new BigInteger(sequenceNumber);
        if (lastTrimmed != null && sequence.compareTo(lastTrimmed) <= 0) {
            throw Faults.fault(Kind.TRIMMED, doing, "its sequence number is past the trim horizon");
        }
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).sequence.compareTo(sequence) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == entries.size() || !entries.get(low).sequence.equals(sequence)) {
            throw Faults.fault(Kind.REFUSED, doing, "its sequence number is not of this shard");
        }
        return trimmed + low + 1;
    }

    /** Records from a place on, up to a number of records and of bytes, but one at least. */
    List<Change> read(long place, int limit, int bytes, String doing) throws ClientException {
        if (place < trimmed) {
            throw Faults.fault(Kind.TRIMMED, doing, "the record at its iterator has been trimmed");
        }
        List<Change> page = new ArrayList<>();
        int size = 0;
        for (long at = place; at < endPlace() && page.size() < limit; at++) {
            Change change = entries.get((int) (at - trimmed)).change;
            size += size(change);
            if (size > bytes && !page.isEmpty()) {
                break;
            }
            page.add(change);
        }
        return page;
    }

    private static int size(Change change) {
        int size = change.keys().size();
        size += change.oldImage() == null ? 0 : change.oldImage().size();
        return size + (change.newImage() == null ? 0 : change.newImage().size());
    }

    private static final class Entry {
        private final Change change;
        private final BigInteger sequence;
        private final long writtenAt;

        Entry(Change change, BigInteger sequence, long writtenAt) {
            this.change = change;
            this.sequence = sequence;
            this.writtenAt = writtenAt;
        }
    }
}
