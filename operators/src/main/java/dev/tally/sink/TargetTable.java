package dev.tally.sink;

import dev.tally.change.DeadLetter;
import dev.tally.codec.CodecSerializer;
import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.sink.Outcome.Kind;
import dev.tally.view.GroupKey;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Row;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * A view's rows in DynamoDB's terms: the requests that write them, and what the answers mean. No
 * calls, no state, no threads.
 *
 * <p>A row is written by UpdateItem of the view's own attributes, its measures and its guard;
 * whatever else stands on the item is never touched. The condition lets a row in only over no guard
 * or an older one, so attempts may be repeated, delayed and overtaken at will.
 */
final class TargetTable {

    private final ViewSpec view;
    private final Target target;
    private final KeySchema key;
    private final long submission;

    TargetTable(ViewSpec view, KeySchema key, long submission) {
        this.view = view;
        this.target = view.to();
        this.key = key;
        this.submission = submission;
    }

    Guard guard(Row row) {
        return Guard.of(submission, row.checkpoint(), row.counter(), row.time());
    }

    /** Whether the row leaves only key and guard behind. */
    boolean tombstone(Row row) {
        return row.empty() && target.emptyGroup() == Target.EmptyGroup.DELETE;
    }

    UpdateItemRequest put(Row row) {
        Map<String, String> names = new HashMap<>();
        Map<String, AttributeValue> values = new HashMap<>();
        names.put("#g", target.guard());
        values.put(":g", AttributeValues.text(guard(row).text()));
        values.put(":p", AttributeValues.text(guard(row).position()));
        String update = measures(row, "SET #g = :g", names, values);
        StringBuilder unused = new StringBuilder("attribute_not_exists(#g)");
        for (int i = 0; i < view.measures().size(); i++) {
            unused.append(" AND attribute_not_exists(#m").append(i).append(')');
        }
        boolean adopt = target.existingRows() == Target.ExistingRows.ADOPT;
        String free = adopt ? "attribute_not_exists(#g)" : "(" + unused + ")";
        return update(row.group(), update, free + " OR #g < :p", names, values);
    }

    /**
     * Corrects the measures of a row and leaves its guard: whatever the job writes later is newer,
     * and a row that has moved since is not touched.
     *
     * @param guard of the row when it was seen
     */
    UpdateItemRequest repair(Row row, String guard) {
        Map<String, String> names = new HashMap<>();
        Map<String, AttributeValue> values = new HashMap<>();
        names.put("#g", target.guard());
        values.put(":g", AttributeValues.text(guard));
        return update(row.group(), measures(row, "", names, values), "#g = :g", names, values);
    }

    private UpdateItemRequest update(
            GroupKey group,
            String update,
            String condition,
            Map<String, String> names,
            Map<String, AttributeValue> values) {
        return UpdateItemRequest.builder()
                .tableName(target.table())
                .key(keyOf(group))
                .updateExpression(update)
                .conditionExpression(condition)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }

    /** The update that makes the measures those of the row, behind what else is to be set. */
    private String measures(
            Row row, String first, Map<String, String> names, Map<String, AttributeValue> values) {
        StringBuilder set = new StringBuilder(first);
        StringBuilder remove = new StringBuilder();
        for (int i = 0; i < view.measures().size(); i++) {
            String name = "#m" + i;
            names.put(name, view.measures().get(i).name());
            Value result = result(row, i);
            if (result == null) {
                remove.append(remove.length() == 0 ? " REMOVE " : ", ").append(name);
            } else {
                set.append(set.length() == 0 ? "SET " : ", ").append(name).append(" = :m");
                set.append(i);
                values.put(":m" + i, AttributeValues.of(result));
            }
        }
        return set.append(remove).toString().trim();
    }

    /** What the row shows for a measure; null for nothing. */
    private Value result(Row row, int measure) {
        if (!row.empty()) {
            return row.measures()[measure];
        }
        if (tombstone(row)) {
            return null;
        }
        switch (view.measures().get(measure).kind()) {
            case COUNT:
            case SUM:
            case COUNT_DISTINCT:
                return Value.number(0);
            default:
                return null;
        }
    }

    /** The meaning of what came back for {@link #put}; {@code error} is null for an answer. */
    Outcome outcome(Row row, Throwable error) {
        if (error == null) {
            return Outcome.of(Kind.WRITTEN);
        }
        Throwable cause = ServiceErrors.cause(error);
        if (!(cause instanceof ConditionalCheckFailedException)) {
            return ServiceErrors.outcome("write a row to " + this, cause);
        }
        ConditionalCheckFailedException failed = (ConditionalCheckFailedException) cause;
        if (!failed.hasItem()) {
            // The condition holds for an item that is not there, so there was one: look again.
            return Outcome.because(Kind.UNKNOWN, "the item is gone since");
        }
        AttributeValue stored = failed.item().get(target.guard());
        if (stored == null) {
            return foreign();
        }
        Optional<Guard> guard = stored.s() == null ? Optional.empty() : Guard.parse(stored.s());
        return guard.map(there -> against(there, guard(row)))
                .orElseGet(
                        () ->
                                Outcome.because(
                                        Kind.REFUSED,
                                        "attribute "
                                                + target.guard()
                                                + " of the row is no guard but somebody else's"));
    }

    private Outcome against(Guard stored, Guard mine) {
        if (stored.submission() > submission) {
            return Outcome.because(
                    Kind.SUPERSEDED,
                    "cannot write to "
                            + this
                            + ": submission "
                            + stored.submission()
                            + " has taken over from this one, "
                            + submission
                            + ". This job stops; leave the newer one running, or give the two"
                            + " different targets.");
        }
        int order = stored.compareTo(mine);
        return Outcome.of(order == 0 ? Kind.DUPLICATE : order > 0 ? Kind.LATE : Kind.UNKNOWN);
    }

    private Outcome foreign() {
        return Outcome.because(
                Kind.FOREIGN,
                "cannot write to "
                        + this
                        + ": it holds rows with the view's measures "
                        + measureNames()
                        + " that Tally has not written. Take another table or other names, or set"
                        + " `existing-rows: adopt` to make them the view's.");
    }

    GetItemRequest read(GroupKey group) {
        return GetItemRequest.builder()
                .tableName(target.table())
                .key(keyOf(group))
                .consistentRead(true)
                .build();
    }

    boolean guardedBy(Map<String, AttributeValue> item, String guard) {
        AttributeValue stored = item.get(target.guard());
        return stored != null && guard.equals(stored.s());
    }

    /** Whether nothing but key and guard is on the item. */
    boolean bare(Map<String, AttributeValue> item) {
        Set<String> others = new HashSet<>(item.keySet());
        others.remove(target.guard());
        key.attributes().forEach(attribute -> others.remove(attribute.name()));
        return others.isEmpty();
    }

    /** Takes a tombstone away, if its guard is still the one given. */
    DeleteItemRequest remove(GroupKey group, String guard) {
        return DeleteItemRequest.builder()
                .tableName(target.table())
                .key(keyOf(group))
                .conditionExpression("#g = :g")
                .expressionAttributeNames(Map.of("#g", target.guard()))
                .expressionAttributeValues(Map.of(":g", AttributeValues.text(guard)))
                .build();
    }

    /** Takes only the guard away: other people's attributes stay, and so does the item. */
    UpdateItemRequest unguard(GroupKey group, String guard) {
        return UpdateItemRequest.builder()
                .tableName(target.table())
                .key(keyOf(group))
                .updateExpression("REMOVE #g")
                .conditionExpression("#g = :g")
                .expressionAttributeNames(Map.of("#g", target.guard()))
                .expressionAttributeValues(Map.of(":g", AttributeValues.text(guard)))
                .build();
    }

    DeadLetter refused(Row row, String reason) {
        String guard = guard(row).text();
        Item keys = Item.of(keyValues(row.group()));
        Map<String, Value> shown = new TreeMap<>(keys.attributes());
        for (int i = 0; i < view.measures().size(); i++) {
            Value result = result(row, i);
            if (result != null) {
                shown.put(view.measures().get(i).name(), result);
            }
        }
        byte[] group = CodecSerializer.toBytes(GroupKey.CODEC, row.group());
        return new DeadLetter(
                "row-" + UUID.nameUUIDFromBytes(group) + "-" + guard(row).position(),
                "view " + view.name(),
                reason,
                keys,
                guard,
                row.time(),
                Item.of(shown));
    }

    private Map<String, AttributeValue> keyOf(GroupKey group) {
        return AttributeValues.of(Item.of(keyValues(group)));
    }

    private Map<String, Value> keyValues(GroupKey group) {
        List<Value> values = group.values();
        Map<String, Value> attributes = new TreeMap<>();
        for (int i = 0; i < key.attributes().size(); i++) {
            attributes.put(key.attributes().get(i).name(), values.get(i));
        }
        return attributes;
    }

    private List<String> measureNames() {
        List<String> names = new ArrayList<>();
        for (MeasureSpec measure : view.measures()) {
            names.add(measure.name());
        }
        return names;
    }

    /** As messages name it. */
    @Override
    public String toString() {
        return "table " + target.table() + " (view " + view.name() + ")";
    }
}
