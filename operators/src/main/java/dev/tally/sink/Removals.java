package dev.tally.sink;

import dev.tally.codec.CodecType;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.util.function.ThrowingRunnable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Takes tombstones away once no put of the row's past can arrive any more. What others keep on the
 * item stays, and then the item does; DynamoDB has no condition "nothing else on it", so the item
 * is read first, and an attribute that somebody else adds between that read and the removal, some
 * milliseconds, is lost.
 *
 * <p>A removal lives in keyed state with a timer; a row of the group cancels it. Each time the
 * timer fires, it is set again for a later attempt first: an attempt whose answer never comes needs
 * no other care. On the task thread, but for the calls.
 */
final class Removals implements Triggerable<GroupKey, VoidNamespace> {

    static final int IN_FLIGHT_MAX = 16;

    /** Name of the state: never rename. */
    static final String STATE = "removal";

    private static final String TIMERS = "removals";
    private static final long LATER_MILLIS = 60_000;

    private final RowSink sink;
    private final ValueState<Removal> state;
    private final InternalTimerService<VoidNamespace> timers;
    private final TargetTable target;
    private final DynamoDbAsyncClient client;
    private final TokenBucket rate;
    private final RowSinkMetrics counted;
    private final Random random;
    private final Consumer<ThrowingRunnable<Exception>> mail;

    private int inFlight;

    Removals(
            RowSink sink,
            TargetTable target,
            DynamoDbAsyncClient client,
            TokenBucket rate,
            RowSinkMetrics counted,
            Random random,
            Consumer<ThrowingRunnable<Exception>> mail) {
        this.sink = sink;
        this.state =
                sink.getRuntimeContext()
                        .getState(new ValueStateDescriptor<>(STATE, CodecType.of(Removal.class)));
        this.timers = sink.getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this);
        this.target = target;
        this.client = client;
        this.rate = rate;
        this.counted = counted;
        this.random = random;
        this.mail = mail;
    }

    /** The tombstone is written; it goes when {@code due} has passed. */
    void add(Row tombstone, long due) throws Exception {
        sink.setCurrentKey(tombstone.group());
        state.update(new Removal(target.guard(tombstone).text(), due));
        timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, due);
    }

    /** The group of the current key has a row again. */
    void cancel() {
        state.clear();
    }

    @Override
    public void onProcessingTime(InternalTimer<GroupKey, VoidNamespace> timer) throws Exception {
        Removal removal = state.value();
        long now = timers.currentProcessingTime();
        if (removal == null || removal.due() > now) {
            return;
        }
        long later = now + LATER_MILLIS + random.nextInt((int) LATER_MILLIS);
        timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, later);
        if (inFlight >= IN_FLIGHT_MAX || !rate.tryTake(now)) {
            counted.removalsLater.inc();
            return;
        }
        GroupKey group = timer.getKey();
        inFlight++;
        remove(group, removal)
                .whenComplete(
                        (revived, error) ->
                                mail.accept(() -> done(group, removal, revived, error)));
    }

    /** Completes with whether the row has come back meanwhile. */
    private CompletableFuture<Boolean> remove(GroupKey group, Removal removal) {
        return client.getItem(target.read(group))
                .thenCompose(
                        answer -> {
                            Map<String, AttributeValue> item = answer.item();
                            if (!answer.hasItem() || !target.guardedBy(item, removal.guard())) {
                                return CompletableFuture.completedFuture(answer.hasItem());
                            }
                            return target.bare(item)
                                    ? client.deleteItem(target.remove(group, removal.guard()))
                                            .thenApply(done -> false)
                                    : client.updateItem(target.unguard(group, removal.guard()))
                                            .thenApply(done -> false);
                        });
    }

    private void done(GroupKey group, Removal removal, Boolean revived, Throwable error)
            throws Exception {
        inFlight--;
        boolean guardChanged =
                error != null
                        && ServiceErrors.cause(error) instanceof ConditionalCheckFailedException;
        if (error != null && !guardChanged) {
            counted.removalsLater.inc();
            return;
        }
        (guardChanged || revived ? counted.revived : counted.removed).inc();
        sink.setCurrentKey(group);
        if (removal.equals(state.value())) {
            state.clear();
        }
    }

    /** There are no event-time timers. */
    @Override
    public void onEventTime(InternalTimer<GroupKey, VoidNamespace> timer) {
        throw new IllegalStateException("a removal has fired by event time: " + timer.getKey());
    }
}
