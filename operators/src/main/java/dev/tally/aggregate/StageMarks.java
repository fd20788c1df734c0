package dev.tally.aggregate;

import dev.tally.codec.CodecSerializer;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * Operator state of the group stage, whole in every subtask (union list state): {@code progress},
 * each subtask's {@link StageMark}s, and {@code views}, the definitions of all views that state has
 * groups of, written by the first subtask.
 */
final class StageMarks {

    private final ListState<StageMark> progress;
    private final ListState<ViewMark> views;

    /** Also of removed views; the same in all subtasks. */
    private final Map<String, String> definitions = new TreeMap<>();

    StageMarks(OperatorStateStore store) throws Exception {
        progress =
                store.getUnionListState(
                        new ListStateDescriptor<>(
                                "progress", new CodecSerializer<>(StageMark.class)));
        views =
                store.getUnionListState(
                        new ListStateDescriptor<>("views", new CodecSerializer<>(ViewMark.class)));
        for (ViewMark mark : views.get()) {
            definitions.put(mark.view(), mark.definition());
        }
    }

    /** Refuses views that are not what their groups were counted for. */
    void define(Collection<ViewRules> rules) {
        for (ViewRules view : rules) {
            String now = view.spec().definition();
            String before = definitions.put(view.spec().name(), now);
            if (before != null && !before.equals(now)) {
                throw new SuppressRestartsException(
                        new IllegalStateException(
                                "cannot restore the groups of view "
                                        + view.spec().name()
                                        + ": they were counted as \""
                                        + before
                                        + "\", the view is \""
                                        + now
                                        + "\" now. Give a view that changes a new name, or start"
                                        + " without the savepoint."));
            }
        }
    }

    Iterable<StageMark> progress() throws Exception {
        return progress.get();
    }

    void write(StageProgress now, boolean firstSubtask) throws Exception {
        progress.update(now.marks());
        views.clear();
        if (firstSubtask) {
            for (Map.Entry<String, String> view : definitions.entrySet()) {
                views.add(new ViewMark(view.getKey(), view.getValue()));
            }
        }
    }
}
