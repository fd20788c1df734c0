package dev.tally.source.simulated;

import dev.tally.source.client.ClientException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/**
 * What goes wrong between clients and the simulated table: chances, outages and counts of calls.
 *
 * <p>All clients of a table share one. The same seed and the same calls give the same faults. Safe
 * for all threads; deterministic only if one thread calls.
 */
public final class Faults {

    /** The calls of a client. */
    public enum Call {
        DESCRIBE_TABLE,
        DESCRIBE_STREAM,
        SCAN,
        SHARD_ITERATOR,
        GET_RECORDS
    }

    /** What may go wrong by chance. */
    public enum Fault {
        /** Any call is refused for its rate. */
        THROTTLED,
        /** GetRecords meets a third reader. */
        READER_LIMIT,
        /** An iterator expires before its time. */
        EXPIRED_ITERATOR,
        /** Any call fails as servers and networks do. */
        TRANSIENT,
        /** An answer of GetRecords names the next iterator, and its records are torn. */
        TORN_ANSWER,
        /** The next iterator stands before records that this page had already. */
        REPEATED_RECORDS,
        /** A page without records, not at the end. */
        EMPTY_PAGE,
        /** A page that ends early. */
        SHORT_PAGE,
        /** A listing lacks a shard, which may be the parent of one that it has. */
        SHARD_NOT_LISTED,
        /** A listing shows a closed shard as open. */
        CLOSED_LISTED_OPEN
    }

    private final Random random;
    private final Map<Fault, Double> chances = new EnumMap<>(Fault.class);
    private final Map<Call, Outage> outages = new EnumMap<>(Call.class);
    private final Map<Call, Integer> calls = new EnumMap<>(Call.class);
    private long listingDelay;
    private int shardsPerPage = 100;

    public Faults(long seed) {
        this.random = new Random(seed);
    }

    /** Nothing goes wrong, until told. */
    public static Faults none() {
        return new Faults(0);
    }

    /** A bad day: every fault with the same chance, listings late by up to a minute. */
    public static Faults all(long seed, double chance) {
        Faults faults = new Faults(seed).listingDelay(60_000).shardsPerPage(3);
        for (Fault fault : Fault.values()) {
            faults.with(fault, chance);
        }
        return faults;
    }

    /** Sets the chance of a fault in each call that can have it, from 0 to 1. */
    public synchronized Faults with(Fault fault, double chance) {
        chances.put(fault, chance);
        return this;
    }

    /** New shards show in listings up to this many milliseconds after they exist. */
    public synchronized Faults listingDelay(long milliseconds) {
        this.listingDelay = milliseconds;
        return this;
    }

    public synchronized Faults shardsPerPage(int shards) {
        this.shardsPerPage = shards;
        return this;
    }

    /** The next calls of a sort fail, as many as told. */
    public synchronized Faults failNext(Call call, ClientException.Kind kind, int times) {
        outages.put(call, new Outage(kind, times));
        return this;
    }

    /** All calls of a sort fail until {@link #heal()}. */
    public Faults failAll(Call call, ClientException.Kind kind) {
        return failNext(call, kind, Integer.MAX_VALUE);
    }

    /** Ends all outages and chances; counts stay. */
    public synchronized Faults heal() {
        outages.clear();
        chances.clear();
        listingDelay = 0;
        return this;
    }

    /** How many calls of a sort have reached the table, failed ones included. */
    public synchronized int calls(Call call) {
        return calls.getOrDefault(call, 0);
    }

    /** Counts a call, and fails it if its turn has come. */
    synchronized void admit(Call call, String doing) throws ClientException {
        calls.merge(call, 1, Integer::sum);
        Outage outage = outages.get(call);
        if (outage != null && outage.left > 0) {
            outage.left -= outage.left == Integer.MAX_VALUE ? 0 : 1;
            throw fault(outage.kind, doing, "simulated outage");
        }
        if (happens(Fault.TRANSIENT)) {
            throw fault(ClientException.Kind.TRANSIENT, doing, "simulated server error");
        }
        if (happens(Fault.THROTTLED)) {
            throw fault(ClientException.Kind.THROTTLED, doing, "simulated throttling");
        }
        if (call != Call.GET_RECORDS) {
            return;
        }
        if (happens(Fault.READER_LIMIT)) {
            throw fault(ClientException.Kind.READER_LIMIT, doing, "simulated third reader");
        }
        if (happens(Fault.EXPIRED_ITERATOR)) {
            throw fault(ClientException.Kind.EXPIRED_ITERATOR, doing, "simulated early expiry");
        }
    }

    synchronized boolean happens(Fault fault) {
        double chance = chances.getOrDefault(fault, 0.0);
        return chance > 0 && random.nextDouble() < chance;
    }

    /** A number from 1 to the limit if the fault happens, else the limit. */
    synchronized int cut(Fault fault, int limit) {
        return happens(fault) ? 1 + random.nextInt(limit) : limit;
    }

    synchronized int shardsPerPage() {
        return shardsPerPage;
    }

    /** When a shard shows in listings: the same for each listing, other for each shard. */
    synchronized long listedFrom(String shardId, long createdAt) {
        return listingDelay == 0
                ? createdAt
                : createdAt + Math.floorMod(shardId.hashCode(), listingDelay);
    }

    static ClientException fault(ClientException.Kind kind, String doing, String why) {
        return new ClientException(kind, "cannot " + doing + ": " + why + ".", null);
    }

    private static final class Outage {
        private final ClientException.Kind kind;
        private int left;

        Outage(ClientException.Kind kind, int left) {
            this.kind = kind;
            this.left = left;
        }
    }
}
