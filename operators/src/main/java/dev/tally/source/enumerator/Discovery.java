package dev.tally.source.enumerator;

import dev.tally.source.SourceOptions;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.Shard;
import dev.tally.source.client.ShardPage;
import dev.tally.source.client.TableClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Lists the shards of a stream, page by page, at a bounded rate.
 *
 * <p>A listing is asked for ({@link #request}) or comes with its interval; between two there is at
 * least {@link SourceOptions#LISTING_SPACING}, between two pages one tick. A page that fails is
 * asked for again with growing waits; a listing is complete or it is none.
 *
 * <p>Coordinator thread only; answers come back through the executor.
 */
final class Discovery {

    private final TableClient client;
    private final Executor coordinator;
    private final EnumeratorMetrics metrics;
    private final long intervalMs;
    private final LongSupplier serviceTime;
    private final LongConsumer sawServiceTime;
    private final Consumer<Listing> listed;
    private final Consumer<ClientException> failed;

    private String streamArn;
    private List<Shard> shards;
    private String afterShardId;
    private long begunAt;
    private boolean calling;

    /** Counts the streams: an answer about an earlier one is not heard. */
    private int era;

    private final Retries retries = new Retries();
    private long nextCallAt;
    private long nextListingAt;
    private long spacedUntil = Long.MIN_VALUE;

    /**
     * @param serviceTime latest service milliseconds seen anywhere
     * @param failed takes what repeating does not cure
     */
    Discovery(
            TableClient client,
            Executor coordinator,
            EnumeratorMetrics metrics,
            long intervalMs,
            LongSupplier serviceTime,
            LongConsumer sawServiceTime,
            Consumer<Listing> listed,
            Consumer<ClientException> failed) {
        this.client = client;
        this.coordinator = coordinator;
        this.metrics = metrics;
        this.intervalMs = intervalMs;
        this.serviceTime = serviceTime;
        this.sawServiceTime = sawServiceTime;
        this.listed = listed;
        this.failed = failed;
    }

    /** Lists this stream from now on. */
    void begin(String arn, long now) {
        stop();
        streamArn = arn;
        nextListingAt = now;
        nextCallAt = now;
        retries.succeeded();
        tick(now);
    }

    /** Lists nothing until it begins again. */
    void stop() {
        streamArn = null;
        shards = null;
        era++;
    }

    /** Wants a listing soon; one that is under way does not count. */
    void request(long now) {
        nextListingAt = Math.min(nextListingAt, Math.max(now, spacedUntil));
        tick(now);
    }

    /**
     * @param now relative milliseconds
     */
    void tick(long now) {
        if (streamArn == null || calling || now < nextCallAt) {
            return;
        }
        if (shards == null) {
            if (now < nextListingAt) {
                return;
            }
            shards = new ArrayList<>();
            afterShardId = null;
            begunAt = serviceTime.getAsLong();
            spacedUntil = now + SourceOptions.LISTING_SPACING.toMillis();
            nextListingAt = now + intervalMs;
        }
        calling = true;
        int asked = era;
        client.describeStream(streamArn, afterShardId)
                .whenComplete(
                        (page, e) -> coordinator.execute(() -> answered(asked, page, e, now)));
    }

    private void answered(int asked, ShardPage page, Throwable error, long askedAt) {
        calling = false;
        if (asked != era) {
            return;
        }
        if (error != null) {
            failed(ClientException.of(error), askedAt);
            return;
        }
        retries.succeeded();
        sawServiceTime.accept(page.serviceTime());
        shards.addAll(page.shards());
        afterShardId = page.lastShardId();
        if (afterShardId == null) {
            Listing listing = new Listing(shards, page.streamEnabled(), begunAt);
            shards = null;
            listed.accept(listing);
        }
    }

    private void failed(ClientException error, long askedAt) {
        long wait = retries.again(error);
        if (wait == Retries.NEVER) {
            failed.accept(error);
            return;
        }
        metrics.retried();
        nextCallAt = askedAt + wait;
    }
}
