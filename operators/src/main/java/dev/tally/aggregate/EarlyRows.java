package dev.tally.aggregate;

import dev.tally.aggregate.GroupState.Emitted;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Rows that wait for the next barrier on the heap, of groups that were written back before it; the
 * state of such a group says that its row is out. Empty at every barrier, so never part of a
 * checkpoint. For the task thread.
 */
final class EarlyRows {

    private final int max;
    private final Map<GroupKey, Due> rows = new LinkedHashMap<>();

    /** What a row will say; of a group whose results overflow, also the group. */
    private static final class Due {
        private final Emitted result;
        private final long time;
        private final Group overflowing;

        Due(Emitted result, long time, Group overflowing) {
            this.result = result;
            this.time = time;
            this.overflowing = overflowing;
        }
    }

    EarlyRows(int max) {
        this.max = max;
    }

    /**
     * Keeps the group's row, instead of an earlier one that it may have.
     *
     * @return false if there is no room for it
     */
    boolean put(Group group, Emitted result) {
        if (rows.size() >= max && !rows.containsKey(group.key())) {
            return false;
        }
        rows.put(group.key(), new Due(result, group.time(), group.overflows() ? group : null));
        return true;
    }

    boolean has(GroupKey key) {
        return rows.containsKey(key);
    }

    /** The group has a newer row. */
    void remove(GroupKey key) {
        rows.remove(key);
    }

    int size() {
        return rows.size();
    }

    /**
     * At a barrier: lets all rows out whose views may.
     *
     * @param keepBack is told of the others
     * @return how many these are
     */
    long commit(long checkpoint, Outlet outlet, Consumer<GroupKey> keepBack) {
        long kept = 0;
        for (Map.Entry<GroupKey, Due> entry : rows.entrySet()) {
            GroupKey key = entry.getKey();
            Due due = entry.getValue();
            if (!outlet.letsOut(key.view())) {
                keepBack.accept(key);
                kept++;
                continue;
            }
            Emitted result = due.result;
            Row row = new Row(key, result.measures(), result.empty(), checkpoint, 0, due.time);
            outlet.emit(row, due.overflowing);
        }
        rows.clear();
        return kept;
    }
}
