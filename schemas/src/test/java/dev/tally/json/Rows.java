package dev.tally.json;

import dev.tally.item.AttributePath;
import dev.tally.item.Value;
import dev.tally.view.GroupKey;
import dev.tally.view.Grouping;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Row;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import java.util.List;
import java.util.Map;

/** Rows of a view that counts the tasks of each list, and averages their effort. */
final class Rows {

    private Rows() {}

    static ViewSpec byList() {
        return view(List.of(new Grouping(AttributePath.parse("ListId"), false, null)), null);
    }

    static ViewSpec whole() {
        return view(List.of(), null);
    }

    static ViewSpec mapped() {
        return view(
                List.of(new Grouping(AttributePath.parse("ListId"), false, null)),
                Map.of("PK", "LIST#{ListId}"));
    }

    static Row row(List<Value> keys, long checkpoint, long counter, Value count, Value mean) {
        Value[] measures = {count, mean};
        GroupKey group = GroupKey.of("task-count", keys);
        return new Row(group, measures, false, checkpoint, counter, Diffs.TIME);
    }

    private static ViewSpec view(List<Grouping> groupBy, Map<String, String> key) {
        Target to =
                new Target(
                        null,
                        "rows",
                        null,
                        null,
                        key,
                        0,
                        "_tally_task-count",
                        Target.EmptyGroup.ZERO,
                        Target.Freshness.COMMITTED,
                        Target.ExistingRows.REFUSE);
        List<MeasureSpec> measures =
                List.of(
                        new MeasureSpec("TaskCount", MeasureSpec.Kind.COUNT, null, null),
                        new MeasureSpec(
                                "Mean", MeasureSpec.Kind.AVG, AttributePath.parse("Effort"), null));
        return new ViewSpec(
                "task-count", "tasks", null, groupBy, measures, to, ViewSpec.RemovedView.FAIL);
    }
}
