package dev.tally.bench.local;

import dev.tally.item.Item;
import dev.tally.item.Value;
import java.util.Objects;

/**
 * How people count without Flink: a function that is given batches of stream records and sends, for
 * each, {@code UpdateItem} with {@code ADD} to the rows of the groups that it changes.
 */
final class LambdaWay {

    private LambdaWay() {}

    /**
     * Calls for one change of a task to count tasks and sum their efforts by list.
     *
     * @param before null if there was no such task
     * @param after null if there is none any more
     */
    static int calls(Item before, Item after) {
        Value from = before == null ? null : before.get("ListId");
        Value to = after == null ? null : after.get("ListId");
        if (from == null || to == null) {
            return from == to ? 0 : 1;
        }
        if (!from.equals(to)) {
            return 2;
        }
        return Objects.equals(before.get("Effort"), after.get("Effort")) ? 0 : 1;
    }
}
