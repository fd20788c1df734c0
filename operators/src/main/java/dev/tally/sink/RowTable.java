package dev.tally.sink;

import dev.tally.change.DeadLetter;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.sink.Outcome.Kind;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import dev.tally.view.Target;
import dev.tally.view.TargetRow;
import dev.tally.view.ViewSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The rows of one view's table, written one by one beside the job, or without one: what {@code
 * verify --repair} corrects and {@code dead-letters reapply} brings back. No write replaces a row
 * that a job has written since. Every call blocks; attempts of unknown outcome are repeated, which
 * changes nothing.
 */
public final class RowTable implements AutoCloseable {

    /** What became of a row. */
    public enum Result {
        /** It is as wanted. */
        WRITTEN,
        /** The job has written a newer one since; that one stays. */
        MOVED,
        /** It has values that Tally did not write, and stays as it is. */
        FOREIGN,
        /** The table does not take it. */
        REFUSED,
        /** There is no row, and there may have been a newer one that was deleted since. */
        ABSENT
    }

    /** Below every submission of a job, which count from 1: all that a job writes is newer. */
    private static final long NO_SUBMISSION = 0;

    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(15);
    private static final Attempts ATTEMPTS = new Attempts(10, Duration.ofMillis(50));

    private final ViewSpec view;
    private final KeySchema key;
    private final TargetTable table;
    private final DynamoDbAsyncClient client;

    public RowTable(ViewSpec view, KeySchema key, TargetSettings settings) {
        this.view = view;
        this.key = key;
        this.table = new TargetTable(view, key, NO_SUBMISSION);
        this.client = settings.forTable(view.to().table()).open(ATTEMPT_LIMIT, 1);
    }

    /**
     * Makes a row what a recount says. One that Tally wrote keeps its guard; one that is missing,
     * or is to be adopted, gets a guard below those of every job.
     *
     * @param seen the row as it was read; null if there was none
     * @param wanted results of the group; null if it has no items
     */
    public Result repair(GroupKey group, TargetRow seen, Value[] wanted) {
        boolean empty = wanted == null;
        Value[] measures = empty ? new Value[view.measures().size()] : wanted;
        Row row = new Row(group, measures, empty, 0, 0, 0);
        if (seen == null || !seen.guarded()) {
            return result(settled(table.put(row), error -> table.outcome(row, error)));
        }
        if (seen.guard() == null) {
            return Result.FOREIGN;
        }
        return result(settled(table.repair(row, seen.guard()), this::repaired));
    }

    private Outcome repaired(Throwable error) {
        if (error == null) {
            return Outcome.of(Kind.WRITTEN);
        }
        Throwable cause = ServiceErrors.cause(error);
        return cause instanceof ConditionalCheckFailedException
                ? Outcome.of(Kind.LATE)
                : ServiceErrors.outcome("repair a row of " + table, cause);
    }

    /**
     * Writes a row that was refused once more, as it was, under its own guard. Where rows are
     * deleted, only over another one of Tally's: without that, nothing would keep a group from
     * coming back whose tombstone is gone.
     *
     * @param letter what {@code TargetTable.refused} made of it
     */
    public Result again(DeadLetter letter) {
        Optional<Guard> guard = Guard.parse(letter.version() == null ? "" : letter.version());
        GroupKey group = group(letter);
        if (guard.isEmpty() || letter.item() == null || group == null) {
            return Result.REFUSED;
        }
        boolean deletes = view.to().emptyGroup() == Target.EmptyGroup.DELETE;
        if (deletes && !read(group).containsKey(view.to().guard())) {
            return Result.ABSENT;
        }
        Value[] measures = new Value[view.measures().size()];
        for (int i = 0; i < measures.length; i++) {
            measures[i] = letter.item().get(view.measures().get(i).name());
        }
        Guard at = guard.get();
        Row row = new Row(group, measures, false, at.checkpoint(), at.counter(), letter.time());
        TargetTable then = new TargetTable(view, key, at.submission());
        return result(settled(then.put(row), error -> then.outcome(row, error)));
    }

    /** Whether the row that a letter is about has all these measures now. */
    public boolean shows(DeadLetter letter, List<String> measures) {
        GroupKey group = group(letter);
        if (group == null) {
            return false;
        }
        return read(group).keySet().containsAll(measures);
    }

    private Map<String, AttributeValue> read(GroupKey group) {
        try {
            return client.getItem(table.read(group)).join().item();
        } catch (CompletionException e) {
            throw ServiceErrors.named("read a row of " + table, e);
        }
    }

    /** Null if the letter's keys are not those of this table. */
    private GroupKey group(DeadLetter letter) {
        List<Value> values = new ArrayList<>();
        for (KeySchema.Attribute attribute : key.attributes()) {
            Value value = letter.keys().get(attribute.name());
            if (value == null || !value.is(attribute.type())) {
                return null;
            }
            values.add(value);
        }
        return GroupKey.of(view.name(), values);
    }

    private Outcome settled(UpdateItemRequest request, Function<Throwable, Outcome> meaning) {
        for (int attempt = 1; ; attempt++) {
            Outcome outcome = attempt(request, meaning);
            if (!outcome.repeat()) {
                return outcome;
            }
            if (attempt == ATTEMPTS.most()) {
                throw new TargetException(
                        "cannot write to "
                                + table
                                + ": "
                                + attempt
                                + " attempts have failed, the last with "
                                + outcome
                                + ". Try again later; what was written stays.");
            }
            ATTEMPTS.pause("write to " + table, attempt);
        }
    }

    private Outcome attempt(UpdateItemRequest request, Function<Throwable, Outcome> meaning) {
        try {
            client.updateItem(request).join();
            return meaning.apply(null);
        } catch (CompletionException e) {
            return meaning.apply(e);
        }
    }

    private static Result result(Outcome outcome) {
        switch (outcome.kind()) {
            case WRITTEN:
            case DUPLICATE:
                return Result.WRITTEN;
            case LATE:
            case SUPERSEDED:
                return Result.MOVED;
            case FOREIGN:
                return Result.FOREIGN;
            case REFUSED:
                return Result.REFUSED;
            default:
                throw new TargetException(outcome.reason());
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
