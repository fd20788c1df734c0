package dev.tally.aggregate;

import dev.tally.codec.CodecSerializer;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;

/**
 * Operator state of the group stage, whole in every subtask (union list state): {@code progress},
 * each subtask's {@link StageMark}s, and {@code views}, a {@link ViewMark} of each view that state
 * has groups of, written by the first subtask. Tells what has become of the views since.
 */
final class StageMarks {

    private final ListState<StageMark> progress;
    private final ListState<ViewMark> views;
    private final List<ViewMark> now = new ArrayList<>();
    private final Set<String> added = new TreeSet<>();
    private final Set<String> forgotten = new TreeSet<>();

    StageMarks(OperatorStateStore store) throws Exception {
        progress =
                store.getUnionListState(
                        new ListStateDescriptor<>(
                                "progress", new CodecSerializer<>(StageMark.class)));
        views =
                store.getUnionListState(
                        new ListStateDescriptor<>("views", new CodecSerializer<>(ViewMark.class)));
    }

    /**
     * Compares the views with those that state has groups of.
     *
     * @throws IllegalStateException if a view is gone that may not go, or has changed where the
     *     state does not know how far each view is
     */
    void define(Collection<ViewRules> rules) throws Exception {
        Map<String, ViewMark> before = new TreeMap<>();
        for (ViewMark mark : views.get()) {
            before.put(mark.view(), mark);
        }
        for (ViewRules view : rules) {
            ViewMark mark = ViewMark.of(view.spec());
            ViewMark known = before.remove(mark.view());
            now.add(mark);
            if (known != null && known.definition().equals(mark.definition())) {
                continue;
            }
            added.add(mark.view());
            if (known != null) {
                refuseOfVersion1(known, mark);
                forgotten.add(mark.view());
            }
        }
        for (ViewMark removed : before.values()) {
            refuseRemoval(removed);
            forgotten.add(removed.view());
        }
    }

    private void refuseOfVersion1(ViewMark known, ViewMark now) throws Exception {
        for (StageMark mark : progress.get()) {
            if (!mark.isOfOneView()) {
                throw new IllegalStateException(
                        "cannot restore the groups of view "
                                + now.view()
                                + ": they were counted as \""
                                + known.definition()
                                + "\", the view is \""
                                + now.definition()
                                + "\" now, and the savepoint is of an earlier release. Start once"
                                + " with the view as it was and stop with a savepoint, or start"
                                + " without the savepoint.");
            }
        }
    }

    private static void refuseRemoval(ViewMark removed) {
        if (removed.removedView() == ViewSpec.RemovedView.FAIL) {
            throw new IllegalStateException(
                    "cannot go on without view "
                            + removed.view()
                            + ": the savepoint has its groups, and its removed-view is fail. Put it"
                            + " back; to remove it, start once with removed-view: keep (or"
                            + " delete-rows) in it, stop with a savepoint and take it out then.");
        }
    }

    /** Views that state has no groups of, under their present definition. */
    Set<String> added() {
        return added;
    }

    /** Views whose groups in state are of no use: removed, or counted under another definition. */
    Set<String> forgotten() {
        return forgotten;
    }

    Iterable<StageMark> progress() throws Exception {
        return progress.get();
    }

    void write(StageProgress progressNow, boolean firstSubtask) throws Exception {
        progress.update(progressNow.marks());
        views.update(firstSubtask ? now : List.of());
    }
}
