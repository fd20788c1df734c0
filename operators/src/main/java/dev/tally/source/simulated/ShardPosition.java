package dev.tally.source.simulated;

import dev.tally.source.client.ClientException;
import dev.tally.source.client.ClientException.Kind;
import java.time.Duration;

/** A shard iterator; readers see its text and may use it again and again for 15 minutes. */
final class ShardPosition {

    static final Duration LIFE = Duration.ofMinutes(15);

    private final String arn;
    private final String shardId;
    private final long place;
    private final long takenAt;

    ShardPosition(String arn, String shardId, long place, long takenAt) {
        this.arn = arn;
        this.shardId = shardId;
        this.place = place;
        this.takenAt = takenAt;
    }

    static ShardPosition parse(String text) throws ClientException {
        String[] parts = text.split("\\|");
        if (parts.length != 4) {
            throw Faults.fault(Kind.REFUSED, "read records", "the iterator is malformed");
        }
        return new ShardPosition(
                parts[0], parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]));
    }

    String arn() {
        return arn;
    }

    String shardId() {
        return shardId;
    }

    long place() {
        return place;
    }

    ShardPosition at(long otherPlace, long now) {
        return new ShardPosition(arn, shardId, otherPlace, now);
    }

    void requireFresh(long now, String doing) throws ClientException {
        if (now - takenAt > LIFE.toMillis()) {
            throw Faults.fault(Kind.EXPIRED_ITERATOR, doing, "its iterator is past 15 minutes");
        }
    }

    @Override
    public String toString() {
        return arn + "|" + shardId + "|" + place + "|" + takenAt;
    }
}
