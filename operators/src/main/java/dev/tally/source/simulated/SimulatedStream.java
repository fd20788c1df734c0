package dev.tally.source.simulated;

import dev.tally.source.client.Change;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ClientException.Kind;
import dev.tally.source.client.Shard;
import dev.tally.source.client.ShardPage;
import dev.tally.source.client.TableDescription.ViewType;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * One incarnation of a table's stream, from when it was enabled until its last record is gone.
 *
 * <p>Each partition of the table, named by the first hash of its range, writes to one open shard. A
 * shard closes about four hours after it was opened, and has one child then; when its partition
 * splits it has two. Shard ids mean nothing: they are not in the order of creation, and listings
 * are in the order of ids.
 */
final class SimulatedStream {

    static final Duration RETENTION = Duration.ofHours(24);
    static final Duration SHARD_LIFE = Duration.ofHours(4);
    static final int PAGE_BYTES = 1 << 20;

    private final String arn;
    private final ViewType viewType;
    private final Random random;
    private final TreeMap<Long, SimulatedShard> open = new TreeMap<>();
    private final TreeMap<String, SimulatedShard> shards = new TreeMap<>();
    private BigInteger sequence;
    private boolean enabled = true;
    private long disabledAt;

    SimulatedStream(String arn, ViewType viewType, Iterable<Long> partitions, long seed, long now) {
        this.arn = arn;
        this.viewType = viewType;
        this.random = new Random(seed);
        // Close below a power of ten, so that numbers soon get a digit more: text order is wrong.
        this.sequence =
                BigInteger.TEN.pow(21).subtract(BigInteger.valueOf(random.nextInt(100_000)));
        for (long partition : partitions) {
            openShard(partition, null, now);
        }
    }

    String arn() {
        return arn;
    }

    ViewType viewType() {
        return viewType;
    }

    boolean enabled() {
        return enabled;
    }

    String nextSequenceNumber() {
        sequence = sequence.add(BigInteger.valueOf(1 + random.nextInt(1000)));
        return sequence.toString();
    }

    String nextEventId() {
        return String.format("%016x%016x", random.nextLong(), random.nextLong());
    }

    void append(long hash, Change change, long now) {
        open.floorEntry(hash).getValue().append(change, now);
    }

    /** Time passes: shards roll over, records and shards fall out of the retention. */
    void age(long now) {
        for (Map.Entry<Long, SimulatedShard> partition : List.copyOf(open.entrySet())) {
            if (partition.getValue().closesAt() <= now) {
                rollOver(partition.getKey(), now);
            }
        }
        long horizon = now - RETENTION.toMillis();
        shards.values().removeIf(shard -> shard.gone(horizon));
        shards.values().forEach(shard -> shard.trim(horizon));
    }

    boolean gone(long now) {
        return !enabled && disabledAt < now - RETENTION.toMillis();
    }

    void rollOver(long partition, long now) {
        SimulatedShard parent = open.get(partition);
        parent.close(now);
        openShard(partition, parent.id(), now);
    }

    void split(long partition, long middle, long now) {
        SimulatedShard parent = open.get(partition);
        parent.close(now);
        openShard(partition, parent.id(), now);
        openShard(middle, parent.id(), now);
    }

    void disable(long now) {
        enabled = false;
        disabledAt = now;
        open.values().forEach(shard -> shard.close(now));
        open.clear();
    }

    private void openShard(long partition, String parentId, long now) {
        String id = String.format("shardId-%019d", random.nextLong() >>> 1);
        long life = SHARD_LIFE.toMillis() * (90 + random.nextInt(21)) / 100;
        SimulatedShard shard = new SimulatedShard(id, parentId, now, now + life);
        open.put(partition, shard);
        shards.put(id, shard);
    }

    ShardPage list(String afterShardId, Faults faults, long now, long serviceTime) {
        List<Shard> page = new ArrayList<>();
        int room = faults.shardsPerPage();
        Map<String, SimulatedShard> rest =
                afterShardId == null ? shards : shards.tailMap(afterShardId, false);
        String last = null;
        for (SimulatedShard shard : rest.values()) {
            if (room-- == 0) {
                return new ShardPage(page, last, enabled, serviceTime);
            }
            last = shard.id();
            boolean late = now < faults.listedFrom(shard.id(), shard.createdAt());
            if (!late && !faults.happens(Faults.Fault.SHARD_NOT_LISTED)) {
                boolean asOpen = shard.closed() && faults.happens(Faults.Fault.CLOSED_LISTED_OPEN);
                page.add(new Shard(shard.id(), shard.parentId(), shard.closed() && !asOpen));
            }
        }
        return new ShardPage(page, null, enabled, serviceTime);
    }

    SimulatedShard shard(String id, String doing) throws ClientException {
        SimulatedShard shard = shards.get(id);
        if (shard == null) {
            throw Faults.fault(Kind.NOT_FOUND, doing, "the stream has no such shard (any more)");
        }
        return shard;
    }

    /** Ids of all shards that can be read, parents not always before children. */
    List<String> shardIds() {
        return List.copyOf(shards.keySet());
    }
}
