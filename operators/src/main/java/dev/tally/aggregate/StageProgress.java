package dev.tally.aggregate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How far a subtask of the group stage is, view by view: one that is being built is held while
 * others live. Checkpointed as {@link StageMark}s, whole in every subtask (union list state), so
 * that after a rescale each key group knows how far it was; a view's phase is that of its key group
 * least far, and unknown means held.
 */
final class StageProgress {

    private final long submission;
    private final int firstKeyGroup;
    private final int lastKeyGroup;
    private final Map<String, ViewProgress> views = new LinkedHashMap<>();

    /** The newest generation that came as a stamp or as a watermark, in any submission. */
    private long heard;

    /** Whether this submission goes on after a failure. */
    private boolean resumed;

    /**
     * @param lastKeyGroup inclusive
     */
    StageProgress(long submission, int firstKeyGroup, int lastKeyGroup, Collection<String> names) {
        this.submission = submission;
        this.firstKeyGroup = firstKeyGroup;
        this.lastKeyGroup = lastKeyGroup;
        for (String view : names) {
            views.put(view, new ViewProgress(view, submission, firstKeyGroup, lastKeyGroup));
        }
    }

    /**
     * Goes on from the marks of all subtasks; once, before anything else.
     *
     * @param added views that state has no groups of: ready with the next generation, not with one
     *     that was heard of before
     */
    void restore(Iterable<StageMark> marks, Set<String> added) {
        for (StageMark mark : marks) {
            heard = Math.max(heard, mark.heard());
            resumed |= mark.submission() == submission;
        }
        for (Map.Entry<String, ViewProgress> view : views.entrySet()) {
            if (added.contains(view.getKey())) {
                view.getValue().startAfter(heard);
            } else {
                view.getValue().restore(marks);
            }
        }
    }

    List<StageMark> marks() {
        List<StageMark> marks = new ArrayList<>();
        for (ViewProgress view : views.values()) {
            marks.addAll(view.marks(heard));
        }
        return marks;
    }

    /** {@link Outlet#renews}: only eager views send rows that state knows nothing of. */
    boolean renews(ViewRules view) {
        return resumed && view.eager();
    }

    /** That of the view least far. */
    Phase phase() {
        Phase least = Phase.LIVE;
        for (ViewProgress view : views.values()) {
            least = view.phase().compareTo(least) < 0 ? view.phase() : least;
        }
        return least;
    }

    /** Null if there is no such view. */
    ViewProgress of(String view) {
        return views.get(view);
    }

    Set<String> in(Phase phase) {
        Set<String> in = new LinkedHashSet<>();
        for (Map.Entry<String, ViewProgress> view : views.entrySet()) {
            if (view.getValue().phase() == phase) {
                in.add(view.getKey());
            }
        }
        return in;
    }

    boolean owns(int keyGroup) {
        return firstKeyGroup <= keyGroup && keyGroup <= lastKeyGroup;
    }

    /**
     * A contribution to the view has come.
     *
     * @return whether it takes the view back to HOLD
     */
    boolean stamp(ViewProgress view, long generation) {
        heard = Math.max(heard, generation);
        return view.stamp(generation);
    }

    /**
     * A generation is ready.
     *
     * @return the views that it takes to RECONCILE
     */
    Set<String> watermark(long generation) {
        heard = Math.max(heard, generation);
        Set<String> moved = new LinkedHashSet<>();
        for (Map.Entry<String, ViewProgress> view : views.entrySet()) {
            if (view.getValue().watermark(generation)) {
                moved.add(view.getKey());
            }
        }
        return moved;
    }

    /**
     * Whether every row of the generation is out: of all views but those that are to be built by a
     * later one. A view that is held again since counts as not out.
     */
    boolean isThrough(long generation) {
        for (ViewProgress view : views.values()) {
            if (view.reaches(generation) && view.phase() != Phase.LIVE) {
                return false;
            }
        }
        return true;
    }

    void barrier(long checkpoint) {
        for (ViewProgress view : views.values()) {
            view.barrier(checkpoint);
        }
    }

    void completed(long checkpoint) {
        for (ViewProgress view : views.values()) {
            view.completed(checkpoint);
        }
    }
}
