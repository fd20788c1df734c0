package dev.tally.job.figures;

import dev.tally.item.Item;
import dev.tally.source.client.ChangePage;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ScanPage;
import dev.tally.source.client.ShardPage;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableClients;
import dev.tally.source.client.TableDescription;
import dev.tally.source.client.Wanted;
import dev.tally.view.TableSpec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Notes when the first GetRecords goes out, so that the start of a job does not count as reading.
 * Flink ships a copy to its tasks in this JVM, so what is noted is shared by way of a static.
 */
public final class ClockedClients implements TableClients {

    private static final long serialVersionUID = 1L;
    private static final AtomicLong FIRST_CALL = new AtomicLong();

    private final TableClients clients;

    public ClockedClients(TableClients clients) {
        this.clients = clients;
        FIRST_CALL.set(0);
    }

    /**
     * {@code System.nanoTime()} of the first call since the last instance was made; 0: none yet.
     */
    public static long firstCall() {
        return FIRST_CALL.get();
    }

    @Override
    public TableClient open(TableSpec table) throws ClientException {
        return open(table, Wanted.ALL);
    }

    @Override
    public TableClient open(TableSpec table, Wanted wanted) throws ClientException {
        return new Clocked(clients.open(table, wanted));
    }

    private static final class Clocked implements TableClient {

        private final TableClient client;

        private Clocked(TableClient client) {
            this.client = client;
        }

        @Override
        public CompletableFuture<TableDescription> describeTable() {
            return client.describeTable();
        }

        @Override
        public CompletableFuture<ShardPage> describeStream(String streamArn, String afterShardId) {
            return client.describeStream(streamArn, afterShardId);
        }

        @Override
        public CompletableFuture<ScanPage> scan(
                int segment, int totalSegments, Item after, int limit) {
            return client.scan(segment, totalSegments, after, limit);
        }

        @Override
        public CompletableFuture<String> shardIterator(
                String streamArn, String shardId, String afterSequenceNumber) {
            return client.shardIterator(streamArn, shardId, afterSequenceNumber);
        }

        @Override
        public CompletableFuture<ChangePage> getRecords(
                String iterator, int limit, Consumer<String> next) {
            FIRST_CALL.compareAndSet(0, System.nanoTime());
            return client.getRecords(iterator, limit, next);
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
