package dev.tally.diff;

import dev.tally.change.ItemChange;
import dev.tally.change.ItemVersion;
import dev.tally.item.AttributePath;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.view.GroupKey;
import dev.tally.view.Grouping;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Membership;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import java.util.List;
import java.util.Map;

/** A table of tasks and a view that counts them per list, in few words. */
final class Tasks {

    static final KeySchema KEY = KeySchema.of(new KeySchema.Attribute("TaskId", Value.Type.S));

    private Tasks() {}

    static ItemKey key(String task) {
        return ItemKey.of(List.of(Value.text(task)));
    }

    /** Null for a list of null: no such task. */
    static Item task(String task, String list) {
        return list == null ? null : task(task, list, "a title");
    }

    static Item task(String task, String list, String title) {
        return Item.of(
                Map.of(
                        "TaskId", Value.text(task),
                        "ListId", Value.text(list),
                        "Title", Value.text(title)));
    }

    /** What the state keeps of a task for {@link #countPerList}. */
    static Item kept(String list) {
        return Item.of(Map.of("ListId", Value.text(list)));
    }

    static ItemVersion version(long sequence) {
        return ItemVersion.of(1, Long.toString(sequence));
    }

    static ItemChange scanned(String task, long generation, String list) {
        return ItemChange.scanned(key(task), generation, task(task, list), generation + 5);
    }

    static ItemChange moved(
            String task, long generation, long sequence, String before, String after) {
        return ItemChange.streamed(
                key(task),
                generation,
                version(sequence),
                task(task, before),
                task(task, after),
                1000 + sequence,
                "event-" + sequence,
                false);
    }

    static ItemChange movedNewOnly(String task, long generation, long sequence, String after) {
        return ItemChange.streamedNewOnly(
                key(task),
                generation,
                version(sequence),
                task(task, after),
                1000 + sequence,
                "event-" + sequence,
                false);
    }

    static Membership countPerList(String view, Target.Freshness freshness) {
        return view(
                view,
                freshness,
                List.of(new MeasureSpec("Tasks", MeasureSpec.Kind.COUNT, null, null)));
    }

    static Membership view(String name, Target.Freshness freshness, List<MeasureSpec> measures) {
        Target target =
                new Target(
                        "counts",
                        null,
                        null,
                        null,
                        null,
                        0,
                        "_tally_" + name,
                        Target.EmptyGroup.ZERO,
                        freshness,
                        Target.ExistingRows.REFUSE);
        ViewSpec spec =
                new ViewSpec(
                        name,
                        "tasks",
                        null,
                        List.of(new Grouping(AttributePath.ofName("ListId"), false, null)),
                        measures,
                        target,
                        ViewSpec.RemovedView.FAIL);
        return new Membership(spec, KeySchema.of(new KeySchema.Attribute("ListId", Value.Type.S)));
    }

    static GroupKey group(String view, String list) {
        return GroupKey.of(view, List.of(Value.text(list)));
    }
}
