package dev.tally.sink;

import dev.tally.item.AttributePath;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.view.GroupKey;
import dev.tally.view.Grouping;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Row;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import java.util.List;

/** The view of the sink's tests: per list the number of tasks, their effort and the last due. */
final class SinkViews {

    static final String NAME = "task-count";
    static final String GUARD = "_tally_task-count";
    static final KeySchema KEY = KeySchema.of(new KeySchema.Attribute("ListId", Value.Type.S));

    private SinkViews() {}

    static ViewSpec view(String table) {
        return view(table, 0, Target.EmptyGroup.ZERO, Target.ExistingRows.REFUSE);
    }

    static ViewSpec view(
            String table,
            double writeCapacity,
            Target.EmptyGroup emptyGroup,
            Target.ExistingRows existing) {
        Target to =
                new Target(
                        table,
                        null,
                        null,
                        null,
                        null,
                        writeCapacity,
                        GUARD,
                        emptyGroup,
                        Target.Freshness.COMMITTED,
                        existing);
        return new ViewSpec(
                NAME,
                "tasks",
                null,
                List.of(new Grouping(AttributePath.ofName("ListId"), false, null)),
                List.of(
                        new MeasureSpec("TaskCount", MeasureSpec.Kind.COUNT, null, null),
                        new MeasureSpec(
                                "Size.Total",
                                MeasureSpec.Kind.SUM,
                                AttributePath.ofName("Effort"),
                                null),
                        new MeasureSpec(
                                "Last", MeasureSpec.Kind.MAX, AttributePath.ofName("Due"), null)),
                to,
                ViewSpec.RemovedView.FAIL);
    }

    static GroupKey group(String list) {
        return GroupKey.of(NAME, List.of(Value.text(list)));
    }

    static Row row(String list, long count, long checkpoint) {
        return eager(list, count, checkpoint, 0);
    }

    static Row eager(String list, long count, long checkpoint, long counter) {
        Value[] measures = {
            Value.number(count), Value.number(10 * count), count == 1 ? null : Value.text("2026")
        };
        return new Row(group(list), measures, false, checkpoint, counter, 1_000 + checkpoint);
    }

    static Row empty(String list, long checkpoint) {
        Value[] measures = {Value.number(0), Value.number(0), null};
        return new Row(group(list), measures, true, checkpoint, 0, 1_000 + checkpoint);
    }
}
