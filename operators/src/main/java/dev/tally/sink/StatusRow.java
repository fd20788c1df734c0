package dev.tally.sink;

import dev.tally.view.Progress;
import dev.tally.view.ViewSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The attributes of a view's row in the status table, and the updates that write them.
 *
 * <ul>
 *   <li>by the source: {@code State}, {@code Percent}, {@code Generation} with its {@code Reason},
 *       {@code Gaps}, {@code Submission}, {@code Target}, {@code Checkpoint} and, if rows are
 *       exact, {@code CheckpointAsOf}, the time that belongs to it;
 *   <li>by each subtask of the row sink: {@code Subtasks}, {@code Pending<n>} groups and, once a
 *       generation's rows have all come by, that generation as {@code Ready<n>} and the last
 *       checkpoint written as {@code Written<n>};
 *   <li>by each subtask of the item stage, if there were any: {@code Swept<n>} items and {@code
 *       Drift<n>} records since it started;
 *   <li>by each subtask of the row sink that ends in order, its submission as {@code Ended<n>};
 *   <li>by whoever comes last: {@code ExactAsOf}; by all: {@code UpdatedAt}.
 * </ul>
 */
final class StatusRow {

    static final String SUBMISSION = "Submission";
    static final String EXACT_AS_OF = "ExactAsOf";

    private static final String STATE = "State";
    private static final String REASON = "Reason";
    private static final String GAPS = "Gaps";
    private static final String PERCENT = "Percent";
    private static final String GENERATION = "Generation";
    private static final String TARGET = "Target";
    private static final String CHECKPOINT = "Checkpoint";
    private static final String CHECKPOINT_AS_OF = "CheckpointAsOf";
    private static final String SUBTASKS = "Subtasks";
    private static final String PENDING = "Pending";
    private static final String READY = "Ready";
    private static final String WRITTEN = "Written";
    private static final String SWEPT = "Swept";
    private static final String DRIFT = "Drift";
    private static final String ENDED = "Ended";
    private static final String UPDATED_AT = "UpdatedAt";

    private StatusRow() {}

    static Update source(ViewSpec view, long submission, Progress.Report report, Instant updated) {
        boolean toTable = view.to().table() != null;
        Progress.State state = report.stateOf(view.name());
        Update update =
                new Update()
                        .set(STATE, state.name().toLowerCase(Locale.ROOT))
                        .set(REASON, report.reason())
                        .set(GAPS, report.gaps())
                        .set(PERCENT, report.percent())
                        .set(GENERATION, report.generationOf(view.name()))
                        .set(SUBMISSION, submission)
                        .set(TARGET, toTable ? view.to().table() : view.to().stream())
                        .set(CHECKPOINT, report.checkpoint())
                        .set(UPDATED_AT, updated.toString());
        if (state != Progress.State.READY || report.asOf() == 0) {
            return update.removeAll(List.of(CHECKPOINT_AS_OF));
        }
        // A stream has taken its rows when the checkpoint has completed; a table, when written.
        String asOf = Instant.ofEpochMilli(report.asOf()).toString();
        return update.set(toTable ? CHECKPOINT_AS_OF : EXACT_AS_OF, asOf);
    }

    static Update sink(
            int subtask, int subtasks, long ready, long written, long pending, Instant updated) {
        Update update =
                new Update()
                        .set(SUBTASKS, subtasks)
                        .set(PENDING + subtask, pending)
                        .set(UPDATED_AT, updated.toString());
        return ready == 0
                ? update
                : update.set(READY + subtask, ready).set(WRITTEN + subtask, written);
    }

    static Update repairs(int subtask, long swept, long drift) {
        return new Update().set(SWEPT + subtask, swept).set(DRIFT + subtask, drift);
    }

    /** A subtask of the row sink has ended in order: none of its writes is under way any more. */
    static Update ended(int subtask, long submission) {
        return new Update().set(ENDED + subtask, submission);
    }

    /** The submission of which no write is under way any more; 0 if that is not known. */
    static long retired(Map<String, AttributeValue> row) {
        long submission = number(row, SUBMISSION);
        long subtasks = number(row, SUBTASKS);
        boolean all = subtasks > 0;
        for (int i = 0; i < subtasks; i++) {
            all &= number(row, ENDED + i) == submission;
        }
        return all ? submission : 0;
    }

    /** Names of what the subtasks of an earlier submission have left behind. */
    static List<String> staleAfter(Map<String, AttributeValue> before, long submission) {
        List<String> stale = new ArrayList<>();
        if (number(before, SUBMISSION) == submission) {
            return stale;
        }
        for (String name : before.keySet()) {
            if (name.matches("(Pending|Ready|Written|Swept|Drift|Ended)\\d+|Subtasks")) {
                stale.add(name);
            }
        }
        return stale;
    }

    /** The update that moves {@code ExactAsOf}; null if it is too early, or done. */
    static Update moveAsOf(Map<String, AttributeValue> row, long submission) {
        AttributeValue candidate = row.get(CHECKPOINT_AS_OF);
        long subtasks = number(row, SUBTASKS);
        if (candidate == null || candidate.equals(row.get(EXACT_AS_OF)) || subtasks == 0) {
            return null;
        }
        for (int i = 0; i < subtasks; i++) {
            boolean done =
                    number(row, WRITTEN + i) >= number(row, CHECKPOINT)
                            && number(row, READY + i) >= number(row, GENERATION)
                            && row.containsKey(WRITTEN + i);
            if (!done) {
                return null;
            }
        }
        return new Update()
                .set(EXACT_AS_OF, candidate.s())
                .onlyIf("#s = :s AND #c = :c", submission)
                .with("#c", CHECKPOINT_AS_OF, ":c", candidate);
    }

    /** 0 if the row has no such number. */
    static long number(Map<String, AttributeValue> row, String name) {
        AttributeValue value = row.get(name);
        return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
    }

    /** One UpdateItem in the making. */
    static final class Update {
        private final List<String> sets = new ArrayList<>();
        private final List<String> removes = new ArrayList<>();
        private final Map<String, String> names = new HashMap<>();
        private final Map<String, AttributeValue> values = new HashMap<>();
        private String condition;

        Update set(String name, String text) {
            return set(name, AttributeValues.text(text));
        }

        Update set(String name, long number) {
            return set(name, AttributeValues.number(number));
        }

        private Update set(String name, AttributeValue value) {
            String n = "#a" + names.size();
            String v = ":v" + values.size();
            names.put(n, name);
            values.put(v, value);
            sets.add(n + " = " + v);
            return this;
        }

        Update removeAll(List<String> attributes) {
            for (String name : attributes) {
                String n = "#a" + names.size();
                names.put(n, name);
                removes.add(n);
            }
            return this;
        }

        /**
         * @param condition over {@code #s}, the stored submission, and {@code :s}, the given one
         */
        Update onlyIf(String condition, long submission) {
            this.condition = condition;
            return with("#s", SUBMISSION, ":s", AttributeValues.number(submission));
        }

        Update with(String name, String attribute, String valueName, AttributeValue value) {
            names.put(name, attribute);
            values.put(valueName, value);
            return this;
        }

        UpdateItemRequest request(
                String table, Map<String, AttributeValue> key, ReturnValue returned) {
            String expression = sets.isEmpty() ? "" : "SET " + String.join(", ", sets);
            expression += removes.isEmpty() ? "" : " REMOVE " + String.join(", ", removes);
            return UpdateItemRequest.builder()
                    .tableName(table)
                    .key(key)
                    .updateExpression(expression)
                    .conditionExpression(condition)
                    .expressionAttributeNames(names)
                    .expressionAttributeValues(values)
                    .returnValues(returned)
                    .returnValuesOnConditionCheckFailure(
                            ReturnValuesOnConditionCheckFailure.ALL_OLD)
                    .build();
        }
    }
}
