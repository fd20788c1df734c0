package dev.tally.source.enumerator;

import dev.tally.source.client.ClientException;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableDescription;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Describes the table at the start and whenever that is asked for, repeating what repeating cures.
 * Coordinator thread only.
 */
final class Inspection {

    private final TableClient client;
    private final Executor coordinator;
    private final EnumeratorMetrics metrics;
    private final Consumer<TableDescription> described;
    private final Consumer<ClientException> failed;
    private boolean calling;
    private boolean done;
    private final Retries retries = new Retries();
    private long callAt = Long.MIN_VALUE;

    /**
     * @param failed takes what repeating does not cure
     */
    Inspection(
            TableClient client,
            Executor coordinator,
            EnumeratorMetrics metrics,
            Consumer<TableDescription> described,
            Consumer<ClientException> failed) {
        this.client = client;
        this.coordinator = coordinator;
        this.metrics = metrics;
        this.described = described;
        this.failed = failed;
    }

    /**
     * Describes it once more.
     *
     * @param at relative milliseconds
     */
    void again(long at) {
        done = false;
        retries.succeeded();
        callAt = at;
    }

    /**
     * @param now relative milliseconds
     */
    void tick(long now) {
        if (calling || done || now < callAt) {
            return;
        }
        calling = true;
        client.describeTable()
                .whenComplete((answer, e) -> coordinator.execute(() -> answered(answer, e, now)));
    }

    private void answered(TableDescription answer, Throwable error, long askedAt) {
        calling = false;
        if (error == null) {
            done = true;
            described.accept(answer);
            return;
        }
        ClientException failure = ClientException.of(error);
        long wait = retries.again(failure);
        if (wait == Retries.NEVER) {
            done = true;
            failed.accept(failure);
            return;
        }
        metrics.retried();
        callAt = askedAt + wait;
    }
}
