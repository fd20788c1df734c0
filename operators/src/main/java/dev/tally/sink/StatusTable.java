package dev.tally.sink;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.view.Progress;
import dev.tally.view.Repairs;
import dev.tally.view.ViewSpec;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * The table that says how far each view is and how sure, one row a view, and that numbers the
 * submissions.
 *
 * <p>A row is written by the table's source ({@link Progress}) and by each subtask of the view's
 * row sink, at every checkpoint, under the condition that no newer submission has taken the row.
 * {@code ExactAsOf} moves when every subtask has written the checkpoint that the source's time
 * belongs to; whoever reports last moves it.
 *
 * <p>Serializable; the client opens at first use. Safe for all threads.
 */
public final class StatusTable implements Serializable, AutoCloseable {

    private static final long serialVersionUID = 1L;

    /** Its key. */
    public static final String VIEW = "View";

    /** Of the table. */
    public static final KeySchema KEY = KeySchema.of(new KeySchema.Attribute(VIEW, Value.Type.S));

    /** The row that counts submissions; no view has such a name. */
    static final String SUBMISSIONS = "(submissions)";

    private static final Logger LOG = LoggerFactory.getLogger(StatusTable.class);
    private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(5);
    private static final int CONCURRENCY = 8;
    private static final int TAKES_MAX = 5;

    private final String table;
    private final TargetSettings settings;
    private final Clock clock;
    private transient DynamoDbAsyncClient client;

    /**
     * @param clock for {@code UpdatedAt} and the first number; serializable, as {@code
     *     Clock.systemUTC()} is
     */
    public StatusTable(String table, TargetSettings settings, Clock clock) {
        this.table = table;
        this.settings = settings;
        this.clock = clock;
    }

    public String table() {
        return table;
    }

    /**
     * Takes the next submission number; blocks. Creates the counter if need be, never the table.
     *
     * <p>A new counter begins with the second in which it is made: so a savepoint or rows from the
     * time of another status table always have a lower number, never the same one.
     *
     * @throws TargetException if it cannot, with what to do
     */
    public long takeSubmission() {
        UpdateItemRequest request =
                UpdateItemRequest.builder()
                        .tableName(table)
                        .key(keyOf(SUBMISSIONS))
                        .updateExpression("SET #s = if_not_exists(#s, :begin) + :one")
                        .expressionAttributeNames(Map.of("#s", StatusRow.SUBMISSION))
                        .expressionAttributeValues(
                                Map.of(
                                        ":begin",
                                        AttributeValues.number(clock.instant().getEpochSecond()),
                                        ":one",
                                        AttributeValues.number(1)))
                        .returnValues(ReturnValue.UPDATED_NEW)
                        .build();
        String action = "take a submission number from the status table " + table;
        for (int attempt = 1; ; attempt++) {
            try {
                UpdateItemResponse answer = client().updateItem(request).join();
                return Long.parseLong(answer.attributes().get(StatusRow.SUBMISSION).n());
            } catch (CompletionException e) {
                // A number taken by an attempt of unknown outcome is skipped: they need only grow.
                boolean repeat = ServiceErrors.outcome(action, e).repeat();
                if (!repeat || attempt == TAKES_MAX) {
                    throw ServiceErrors.named(action, e);
                }
                LOG.warn("table={}: {}, trying again", table, ServiceErrors.code(e));
            }
        }
    }

    /** The row of a view as it is; empty if there is none. Blocks. */
    public Item read(String view) {
        return AttributeValues.toItem(row(view));
    }

    private Map<String, AttributeValue> row(String view) {
        try {
            return client().getItem(
                            get -> get.tableName(table).key(keyOf(view)).consistentRead(true))
                    .join()
                    .item();
        } catch (CompletionException e) {
            throw ServiceErrors.named("read the status table " + table, e);
        }
    }

    /** For the source of the table that all the views are of. */
    public Progress progress(List<ViewSpec> views, long submission) {
        return new StatusProgress(this, views, submission);
    }

    /**
     * Writes the source's part of a view's row.
     *
     * @param first whether this is the submission's first report: it takes the row over
     * @return whether no newer submission has it
     */
    CompletableFuture<Boolean> report(
            ViewSpec view, long submission, Progress.Report report, boolean first) {
        StatusRow.Update update =
                StatusRow.source(view, submission, report, clock.instant())
                        .onlyIf("attribute_not_exists(#s) OR #s <= :s", submission);
        if (!first) {
            return write(view.name(), submission, update);
        }
        return client().updateItem(update.request(table, keyOf(view.name()), ReturnValue.ALL_OLD))
                .thenCompose(
                        answer -> {
                            List<String> stale =
                                    StatusRow.staleAfter(answer.attributes(), submission);
                            StatusRow.Update clean =
                                    new StatusRow.Update()
                                            .removeAll(stale)
                                            .onlyIf("#s = :s", submission);
                            return stale.isEmpty()
                                    ? CompletableFuture.completedFuture(true)
                                    : write(view.name(), submission, clean);
                        })
                .exceptionally(error -> newest(view.name(), submission, error));
    }

    /**
     * Writes the part of one subtask of the view's row sink, once the source has taken the row.
     *
     * @param ready the generation whose rows have all come by, 0 for none yet
     * @param written the newest checkpoint of which every row is in the target
     * @param pending groups whose row is still to be written
     * @return whether no newer submission has the row
     */
    CompletableFuture<Boolean> wrote(
            String view,
            long submission,
            int subtask,
            int subtasks,
            long ready,
            long written,
            long pending) {
        StatusRow.Update update =
                StatusRow.sink(subtask, subtasks, ready, written, pending, clock.instant())
                        .onlyIf("#s = :s", submission);
        return write(view, submission, update);
    }

    /** For the item stage of the table that all the views are of. */
    public Repairs repairs(List<ViewSpec> views, long submission) {
        return new StatusRepairs(this, views, submission);
    }

    /**
     * @return whether no newer submission has the row
     */
    CompletableFuture<Boolean> repaired(
            String view, long submission, int subtask, long swept, long drift) {
        return write(
                view,
                submission,
                StatusRow.repairs(subtask, swept, drift).onlyIf("#s = :s", submission));
    }

    /** A subtask of the view's row sink has ended in order. */
    CompletableFuture<Boolean> ended(String view, long submission, int subtask) {
        return write(
                view,
                submission,
                StatusRow.ended(subtask, submission).onlyIf("#s = :s", submission));
    }

    /**
     * By view the submission before the given one, if it wrote the view and has ended in order:
     * whatever the target holds by it, or by one before, nothing of those is under way any more.
     * Blocks.
     */
    public Map<String, Long> retiredBefore(long submission, List<ViewSpec> views) {
        Map<String, Long> retired = new TreeMap<>();
        for (ViewSpec view : views) {
            if (StatusRow.retired(row(view.name())) == submission - 1) {
                retired.put(view.name(), submission - 1);
            }
        }
        return retired;
    }

    private CompletableFuture<Boolean> write(
            String view, long submission, StatusRow.Update update) {
        return client().updateItem(update.request(table, keyOf(view), ReturnValue.ALL_NEW))
                .thenApply(
                        answer -> {
                            moveAsOf(view, submission, answer.attributes());
                            return true;
                        })
                .exceptionally(error -> newest(view, submission, error));
    }

    /** Nothing waits for it: if it fails, the next checkpoint's report does it. */
    private void moveAsOf(String view, long submission, Map<String, AttributeValue> row) {
        StatusRow.Update move = StatusRow.moveAsOf(row, submission);
        if (move != null) {
            client().updateItem(move.request(table, keyOf(view), ReturnValue.NONE))
                    .whenComplete(
                            (answer, error) -> {
                                if (error != null) {
                                    newest(view, submission, error);
                                }
                            });
        }
    }

    /** Whether an error leaves this submission the newest; only a failed condition can deny it. */
    private boolean newest(String view, long submission, Throwable error) {
        Throwable cause = ServiceErrors.cause(error);
        if (cause instanceof ConditionalCheckFailedException) {
            Map<String, AttributeValue> row = ((ConditionalCheckFailedException) cause).item();
            return StatusRow.number(row, StatusRow.SUBMISSION) <= submission;
        }
        LOG.warn(
                "table={} view={}: cannot write the status, the next checkpoint will: {}",
                table,
                view,
                ServiceErrors.code(error));
        return true;
    }

    private static Map<String, AttributeValue> keyOf(String view) {
        return Map.of(VIEW, AttributeValues.text(view));
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    private synchronized DynamoDbAsyncClient client() {
        if (client == null) {
            client = settings.forTable(table).open(ATTEMPT_LIMIT, CONCURRENCY);
        }
        return client;
    }
}
