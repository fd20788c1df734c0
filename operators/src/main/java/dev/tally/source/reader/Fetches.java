package dev.tally.source.reader;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.source.SourceOptions;
import dev.tally.source.TableUnusableException;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.Unread;
import dev.tally.source.split.LostPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.clock.Clock;

/** What all readings of a reader share: the client and its limits. Task thread only. */
final class Fetches {

    private static final long BACKOFF_MIN_MS = 100;
    private static final long BACKOFF_MAX_MS = 10_000;

    private final String table;
    private final TableClient client;
    private final SourceOptions options;
    private final Clock clock;
    private final Random random;
    private final Inbox inbox;
    private final ReaderMetrics metrics;

    /** Latest service milliseconds of any answer: no call made from now on is earlier. */
    private long serviceTime;

    private KeySchema key;
    private boolean oldImages;

    /** Positions that were found lost and that nobody has been told of. */
    private List<LostPosition> lost = new ArrayList<>();

    private Consumer<Reading> answered = reading -> {};

    Fetches(
            String table,
            TableClient client,
            SourceOptions options,
            Clock clock,
            Random random,
            Inbox inbox,
            ReaderMetrics metrics) {
        this.table = table;
        this.client = client;
        this.options = options;
        this.clock = clock;
        this.random = random;
        this.inbox = inbox;
        this.metrics = metrics;
    }

    /** The table as errors call it. */
    String table() {
        return table;
    }

    TableClient client() {
        return client;
    }

    SourceOptions options() {
        return options;
    }

    ReaderMetrics metrics() {
        return metrics;
    }

    long now() {
        return clock.relativeTimeMillis();
    }

    long serviceTime() {
        return serviceTime;
    }

    void saw(long time) {
        serviceTime = Math.max(serviceTime, time);
        metrics.saw(time);
    }

    /** What the reader does with a reading after an answer to it. */
    void onAnswer(Consumer<Reading> listener) {
        answered = listener;
    }

    /** Hands the outcome of a reading's call to the task thread. */
    <T> void handOver(
            Reading reading, CompletableFuture<T> call, BiConsumer<T, Throwable> outcome) {
        call.whenComplete(
                (answer, e) ->
                        inbox.add(
                                () -> {
                                    outcome.accept(answer, e);
                                    answered.accept(reading);
                                }));
    }

    /** Grows with the failures in a row, with jitter so that readers do not fall in step. */
    long backoff(int failures) {
        long most = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS << Math.min(failures, 10));
        return most / 2 + (long) (random.nextDouble() * most / 2);
    }

    void table(KeySchema schema, boolean withOldImages) {
        key = schema;
        oldImages = withOldImages;
    }

    void lost(LostPosition position) {
        lost.add(position);
    }

    boolean anyLost() {
        return !lost.isEmpty();
    }

    List<LostPosition> takeLost() {
        List<LostPosition> taken = lost;
        lost = new ArrayList<>();
        return taken;
    }

    /** Whether the enumerator has said that reading may begin. */
    boolean begun() {
        return key != null;
    }

    KeySchema key() {
        return key;
    }

    /**
     * The key of a record or row. Other attributes that cannot be read are only counted; without
     * its key it belongs to no item, and going on would lose a change.
     *
     * @param split where it was read, for the message
     */
    ItemKey keyOf(Item item, Unread unread, String split) {
        if (unread.count() == 0) {
            return ItemKey.of(key, item);
        }
        metrics.unreadableAttributes.inc(unread.count());
        for (KeySchema.Attribute attribute : key.attributes()) {
            if (unread.has(attribute.name())) {
                metrics.unreadableRecords.inc();
                throw new SuppressRestartsException(
                        new TableUnusableException(
                                "cannot take the key of an item in "
                                        + split
                                        + " of table "
                                        + table
                                        + ": "
                                        + unread.sentence()
                                        + " Take a newer release, and report it."));
            }
        }
        return ItemKey.of(key, item);
    }

    boolean oldImages() {
        return oldImages;
    }
}
