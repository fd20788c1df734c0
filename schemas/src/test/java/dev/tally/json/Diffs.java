package dev.tally.json;

import dev.tally.change.ItemDiff;
import dev.tally.change.ItemDiff.Kind;
import dev.tally.change.ItemVersion;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import dev.tally.view.FeedSpec.Format;
import java.util.Map;

/** Diffs of the tasks of a to-do list, and the feed that writes them. */
final class Diffs {

    static final KeySchema TASK_ID = KeySchema.of(new KeySchema.Attribute("TaskId", Type.S));
    static final long TIME = 1_795_201_200_000L;

    private static final ItemVersion VERSION = ItemVersion.of(1, "100000000000000000042");

    private Diffs() {}

    static FeedJson feed(Format format) {
        return new FeedJson("task-changes", "todoListTask", TASK_ID, format);
    }

    static Item task(String list, int effort) {
        return Item.of(
                Map.of(
                        "TaskId", Value.text("t1"),
                        "ListId", Value.text(list),
                        "Effort", Value.number(effort)));
    }

    static ItemDiff diff(Kind kind, Item before, Item after) {
        ItemKey key = ItemKey.of(TASK_ID, before == null ? after : before);
        return new ItemDiff(kind, key, before, after, VERSION, TIME, "e1", false);
    }

    static ItemDiff read(Item image) {
        ItemKey key = ItemKey.of(TASK_ID, image);
        return new ItemDiff(Kind.READ, key, null, image, null, TIME, "scan-e1", false);
    }

    static ItemDiff removalWithoutImage() {
        ItemKey key = ItemKey.of(TASK_ID, task("home", 1));
        return new ItemDiff(Kind.REMOVE, key, null, null, VERSION, 0, "e2", true);
    }
}
