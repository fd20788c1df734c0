package dev.tally.source.simulated;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.source.client.Change;
import dev.tally.source.client.ChangePage;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ClientException.Kind;
import dev.tally.source.client.ScanPage;
import dev.tally.source.client.ShardPage;
import dev.tally.source.client.TableDescription;
import dev.tally.source.client.TableDescription.ViewType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * A whole DynamoDB table with its stream, in memory: for tests, demonstrations and measurements.
 *
 * <p>The same seed, clock and calls give the same behaviour; there are no threads and no real time.
 * It is safe for all threads, one call at a time. It keeps what DynamoDB promises and no more: each
 * change is in the stream once, in order per item; nothing is written for a write that changes
 * nothing; records go after 24 hours. Faults on the way are {@link Faults}'.
 */
public final class SimulatedTable {

    private String name;
    private final KeySchema key;
    private final LongSupplier clock;
    private final Random random;
    private final SimulatedItems items;
    private final TreeSet<Long> partitions = new TreeSet<>();
    private final List<SimulatedStream> streams = new ArrayList<>();
    private String tableId;
    private int replicas;
    private int maxSkew;
    private int incarnations;
    private long agedAt = Long.MIN_VALUE;

    /**
     * @param viewType null for a table whose stream is not enabled yet
     * @param partitions how many at first; shards are as many
     * @param clock milliseconds
     */
    public SimulatedTable(
            String name,
            KeySchema key,
            ViewType viewType,
            int partitions,
            long seed,
            LongSupplier clock) {
        this.name = name;
        this.key = key;
        this.clock = clock;
        this.random = new Random(seed);
        this.items = new SimulatedItems(key);
        this.tableId = newId();
        for (int i = 0; i < partitions; i++) {
            this.partitions.add(SimulatedItems.HASHES * i / partitions);
        }
        if (viewType != null) {
            enableStream(viewType);
        }
    }

    public synchronized String name() {
        return name;
    }

    public KeySchema key() {
        return key;
    }

    /** Returns the item that was there, or null. */
    public synchronized Item put(Item item) {
        return write(keysOf(item), item, false);
    }

    /** Sets and removes attributes of an item, which is made if it is not there. */
    public synchronized Item update(Item keys, Map<String, Value> set, Collection<String> removed) {
        Item before = items.get(keys);
        Item after = before == null ? keys : before;
        for (String attribute : removed) {
            after = after.without(attribute);
        }
        for (Map.Entry<String, Value> attribute : set.entrySet()) {
            after = after.with(attribute.getKey(), attribute.getValue());
        }
        if (!keysOf(after).equals(keys)) {
            throw new IllegalArgumentException("cannot update an item: its key must not change");
        }
        return write(keys, after, false);
    }

    /** Returns the item that was there, or null. */
    public synchronized Item delete(Item keys) {
        return write(keys, null, false);
    }

    /** Removes an item as DynamoDB does when it has expired. */
    public synchronized Item expire(Item keys) {
        return write(keys, null, true);
    }

    /** Null if there is none. */
    public synchronized Item get(Item keys) {
        return items.get(keys);
    }

    public synchronized List<Item> items() {
        return items.all();
    }

    private Item write(Item keys, Item after, boolean ttl) {
        age();
        Item before = items.get(keys);
        if (Objects.equals(before, after)) {
            return before;
        }
        items.set(keys, after);
        SimulatedStream stream = current();
        if (stream != null && stream.enabled()) {
            ViewType view = stream.viewType();
            boolean old = view == ViewType.NEW_AND_OLD_IMAGES || view == ViewType.OLD_IMAGE;
            boolean fresh = view == ViewType.NEW_AND_OLD_IMAGES || view == ViewType.NEW_IMAGE;
            Change change =
                    new Change(
                            stream.nextEventId(),
                            stream.nextSequenceNumber(),
                            keys,
                            old ? before : null,
                            fresh ? after : null,
                            after == null,
                            serviceTime(),
                            ttl);
            stream.append(items.hash(keys), change, clock.getAsLong());
        }
        return before;
    }

    private Item keysOf(Item item) {
        return ItemKey.of(key, item).toItem(key);
    }

    /** All open shards close and have one child each. */
    public synchronized void rollOver() {
        for (int i = 0; i < partitions.size(); i++) {
            rollOver(i);
        }
    }

    /** One partition's shard closes and has one child. */
    public synchronized void rollOver(int partition) {
        age();
        if (streaming()) {
            current().rollOver(start(partition), clock.getAsLong());
        }
    }

    /** A partition becomes two; its shard closes and has two children. */
    public synchronized void split(int partition) {
        age();
        long from = start(partition);
        Long next = partitions.higher(from);
        long middle = (from + (next == null ? SimulatedItems.HASHES : next)) / 2;
        partitions.add(middle);
        if (streaming()) {
            current().split(from, middle, clock.getAsLong());
        }
    }

    public synchronized int partitions() {
        return partitions.size();
    }

    private long start(int partition) {
        return List.copyOf(partitions).get(partition);
    }

    /** Closes all shards; what is written from now on is in no stream. */
    public synchronized void disableStream() {
        age();
        if (streaming()) {
            current().disable(clock.getAsLong());
        }
    }

    /** A new stream, with another ARN; the one before must have been disabled. */
    public synchronized void enableStream(ViewType viewType) {
        if (streaming()) {
            throw new IllegalStateException("cannot enable the stream of " + name + ": it is on");
        }
        addStream(viewType);
    }

    private void addStream(ViewType viewType) {
        long now = clock.getAsLong();
        String arn = arn() + "/stream/" + ++incarnations + "-" + now;
        streams.add(new SimulatedStream(arn, viewType, partitions, random.nextLong(), now));
    }

    /** Deletes the table and makes it anew, empty, with another id and another stream. */
    public synchronized void recreate() {
        ViewType viewType = current() == null ? null : current().viewType();
        disableStream();
        items.clear();
        tableId = newId();
        if (viewType != null) {
            enableStream(viewType);
        }
    }

    /**
     * Becomes a table that was restored from a backup under another name: with another id, a stream
     * of its own and these items. The old one lives on, and its stream stays on; nobody writes to
     * it any more.
     */
    public synchronized void restoreBackup(String newName, Collection<Item> backup) {
        ViewType viewType = current().viewType();
        name = newName;
        tableId = newId();
        items.clear();
        backup.forEach(item -> items.set(keysOf(item), item));
        addStream(viewType);
    }

    /** Says that the table has replicas in other regions. */
    public synchronized void replicas(int count) {
        this.replicas = count;
    }

    /** Lets the clocks of the service differ from ours by up to this many milliseconds. */
    public synchronized void skewClocks(int milliseconds) {
        this.maxSkew = milliseconds;
    }

    /** Ids of the shards of the latest stream that can still be read. */
    public synchronized List<String> shardIds() {
        age();
        return current().shardIds();
    }

    private SimulatedStream current() {
        return streams.isEmpty() ? null : streams.get(streams.size() - 1);
    }

    /** Whether its stream is on. */
    public synchronized boolean streaming() {
        return current() != null && current().enabled();
    }

    private void age() {
        long now = clock.getAsLong();
        if (now != agedAt) {
            agedAt = now;
            streams.forEach(stream -> stream.age(now));
            streams.removeIf(stream -> stream != current() && stream.gone(now));
        }
    }

    private String arn() {
        return "arn:aws:dynamodb:eu-central-1:123456789012:table/" + name;
    }

    private String newId() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** Of one of the service's machines, cut to the second as in HTTP headers and in records. */
    private long serviceTime() {
        long skew = maxSkew == 0 ? 0 : random.nextInt(2 * maxSkew + 1) - maxSkew;
        return Math.floorDiv(clock.getAsLong() + skew, 1000L) * 1000;
    }

    synchronized TableDescription describe() {
        age();
        SimulatedStream stream = current();
        return new TableDescription(
                tableId,
                arn(),
                key,
                items.count(),
                items.sizeBytes(),
                stream == null ? null : stream.arn(),
                streaming(),
                stream == null ? null : stream.viewType(),
                replicas,
                serviceTime());
    }

    synchronized ScanPage scan(int segment, int total, Item after, int limit)
            throws ClientException {
        return items.scan(segment, total, after, limit, SimulatedStream.PAGE_BYTES, serviceTime());
    }

    synchronized ShardPage describeStream(String arn, String afterShardId, Faults faults)
            throws ClientException {
        return stream(arn, "list the shards of stream " + arn)
                .list(afterShardId, faults, clock.getAsLong(), serviceTime());
    }

    /** Where a reader starts in a shard; null for the oldest record that is left. */
    synchronized ShardPosition iterator(String arn, String shardId, String afterSequenceNumber)
            throws ClientException {
        String doing = "take an iterator of shard " + shardId;
        SimulatedShard shard = stream(arn, doing).shard(shardId, doing);
        long place =
                afterSequenceNumber == null
                        ? shard.oldestPlace()
                        : shard.placeAfter(afterSequenceNumber, doing);
        return new ShardPosition(arn, shardId, place, clock.getAsLong());
    }

    synchronized ChangePage read(ShardPosition iterator, int limit, Faults faults)
            throws ClientException {
        String doing = "read records of shard " + iterator.shardId();
        SimulatedShard shard = stream(iterator.arn(), doing).shard(iterator.shardId(), doing);
        iterator.requireFresh(clock.getAsLong(), doing);
        int most =
                faults.happens(Faults.Fault.EMPTY_PAGE)
                        ? 0
                        : faults.cut(Faults.Fault.SHORT_PAGE, limit);
        List<Change> page = shard.read(iterator.place(), most, SimulatedStream.PAGE_BYTES, doing);
        int step = faults.cut(Faults.Fault.REPEATED_RECORDS, page.size() + 1);
        long next = iterator.place() + Math.min(step, page.size());
        boolean ended = shard.closed() && next == shard.endPlace();
        return new ChangePage(
                page,
                ended ? null : iterator.at(next, clock.getAsLong()).toString(),
                serviceTime());
    }

    private SimulatedStream stream(String arn, String doing) throws ClientException {
        age();
        List<SimulatedStream> found =
                streams.stream().filter(s -> s.arn().equals(arn)).collect(Collectors.toList());
        if (found.isEmpty()) {
            throw Faults.fault(Kind.NOT_FOUND, doing, "there is no such stream (any more)");
        }
        return found.get(0);
    }
}
