package dev.tally.sink;

import dev.tally.change.ItemDiff;
import dev.tally.change.ItemDiff.Kind;
import dev.tally.change.ItemVersion;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import dev.tally.view.FeedSpec;
import dev.tally.view.FeedSpec.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Feeds of the tasks of to-do lists, and diffs for them. */
final class Feeds {

    static final KeySchema TASK_ID = KeySchema.of(new KeySchema.Attribute("TaskId", Type.S));
    static final String TABLE = "todoListTask";

    private static final long TIME = 1_795_201_200_000L;

    private Feeds() {}

    static FeedSpec feed(String stream) {
        return feed(stream, false);
    }

    static FeedSpec feed(String stream, boolean includeSnapshot) {
        return new FeedSpec(
                "task-changes",
                "tasks",
                null,
                stream,
                null,
                null,
                Format.DYNAMODB_JSON,
                includeSnapshot);
    }

    static Item task(String id, Value title) {
        return Item.of(Map.of("TaskId", Value.text(id), "Title", title));
    }

    static ItemDiff insert(int n, Item image) {
        return diff(Kind.INSERT, n, null, image);
    }

    static ItemDiff diff(Kind kind, int n, Item before, Item after) {
        ItemKey key = ItemKey.of(TASK_ID, before == null ? after : before);
        ItemVersion version = kind == Kind.READ ? null : ItemVersion.of(1, Integer.toString(n));
        return new ItemDiff(kind, key, before, after, version, TIME + n, "e" + n, false);
    }

    static List<ItemDiff> inserts(int count) {
        List<ItemDiff> diffs = new ArrayList<>();
        for (int n = 1; n <= count; n++) {
            diffs.add(insert(n, task("t" + n, Value.text("task " + n))));
        }
        return diffs;
    }
}
