package dev.tally.source.simulated;

import dev.tally.item.Item;
import dev.tally.source.client.ChangePage;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ClientException.Kind;
import dev.tally.source.client.ScanPage;
import dev.tally.source.client.ShardPage;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableDescription;
import dev.tally.source.simulated.Faults.Call;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A client of the simulated table, through {@link Faults}.
 *
 * <p>Each call has two steps, both given to an executor: the request reaches the table, which reads
 * at that moment, and the answer reaches the caller. With {@code Runnable::run} calls complete at
 * once; with an {@link AnswerQueue} a simulation decides when each step happens.
 */
public final class SimulatedTableClient implements TableClient {

    private final SimulatedTable table;
    private final Faults faults;
    private final Executor network;
    private volatile boolean closed;

    public SimulatedTableClient(SimulatedTable table, Faults faults, Executor network) {
        this.table = table;
        this.faults = faults;
        this.network = network;
    }

    @Override
    public CompletableFuture<TableDescription> describeTable() {
        return call(Call.DESCRIBE_TABLE, "describe table " + table.name(), table::describe);
    }

    @Override
    public CompletableFuture<ShardPage> describeStream(String streamArn, String afterShardId) {
        return call(
                Call.DESCRIBE_STREAM,
                "list the shards of stream " + streamArn,
                () -> table.describeStream(streamArn, afterShardId, faults));
    }

    @Override
    public CompletableFuture<ScanPage> scan(int segment, int totalSegments, Item after, int limit) {
        return call(
                Call.SCAN,
                "scan table " + table.name(),
                () -> {
                    int most = faults.cut(Faults.Fault.SHORT_PAGE, limit);
                    return table.scan(segment, totalSegments, after, most);
                });
    }

    @Override
    public CompletableFuture<String> shardIterator(
            String streamArn, String shardId, String afterSequenceNumber) {
        return call(
                Call.SHARD_ITERATOR,
                "take an iterator of shard " + shardId,
                () -> table.iterator(streamArn, shardId, afterSequenceNumber).toString());
    }

    @Override
    public CompletableFuture<ChangePage> getRecords(
            String iterator, int limit, Consumer<String> next) {
        String doing = "read records of table " + table.name();
        return call(
                        Call.GET_RECORDS,
                        doing,
                        () -> table.read(ShardPosition.parse(iterator), limit, faults))
                .thenCompose(page -> arrived(page, doing, next));
    }

    /** The next iterator is known before the rest of the answer, which may be torn. */
    private CompletableFuture<ChangePage> arrived(
            ChangePage page, String doing, Consumer<String> next) {
        if (page.nextIterator() != null) {
            next.accept(page.nextIterator());
        }
        return faults.happens(Faults.Fault.TORN_ANSWER)
                ? CompletableFuture.failedFuture(
                        Faults.fault(Kind.TRANSIENT, doing, "the answer is torn"))
                : CompletableFuture.completedFuture(page);
    }

    @Override
    public void close() {
        closed = true;
    }

    private <T> CompletableFuture<T> call(Call call, String doing, Work<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        network.execute(() -> atTheTable(call, doing, work, answer));
        return answer;
    }

    private <T> void atTheTable(
            Call call, String doing, Work<T> work, CompletableFuture<T> answer) {
        try {
            if (closed) {
                throw Faults.fault(Kind.REFUSED, doing, "the client has been closed");
            }
            faults.admit(call, doing);
            T result = work.run();
            network.execute(() -> answer.complete(result));
        } catch (ClientException e) {
            network.execute(() -> answer.completeExceptionally(e));
        }
    }

    private interface Work<T> {
        T run() throws ClientException;
    }
}
