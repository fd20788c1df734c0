package dev.tally.diff;

import dev.tally.view.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which items count for which view: those whose state is of the view's first generation or of a
 * later one. Before that an item's image is none for the view, so that a view can be added to a
 * state whose items were never counted for it, or are without an attribute that it reads; the
 * generation that is then read brings every item past that point.
 *
 * <p>Decided once, when a task starts, from what all subtasks have said: the same in all of them. A
 * view that is new begins right above the newest generation that any of them had heard of; whatever
 * the number of the next one, no item is of a generation between.
 */
final class Coverage {

    private final Map<String, ViewMark> views = new TreeMap<>();
    private final HeldImages images;
    private final long newestFirst;

    private Coverage(Map<String, ViewMark> views, HeldImages images) {
        this.views.putAll(views);
        this.images = images;
        long newest = 0;
        for (ViewMark view : views.values()) {
            newest = Math.max(newest, view.first());
        }
        this.newestFirst = newest;
    }

    /** Of a start without state: all items count. */
    static Coverage fresh(ItemStageSpec spec) {
        Map<String, ViewMark> views = new TreeMap<>();
        for (Membership view : spec.views()) {
            views.put(view.view().name(), new ViewMark(view.view().definition(), 0));
        }
        return new Coverage(views, HeldImages.always(spec.kept()));
    }

    /**
     * Goes on from the marks of all subtasks.
     *
     * @throws IllegalStateException if they cannot tell where a new view begins
     */
    static Coverage restored(Iterable<StageMark> marks, ItemStageSpec spec) {
        StageMark any = null;
        long ready = Long.MAX_VALUE;
        long newest = StageMark.UNKNOWN;
        for (StageMark mark : marks) {
            any = mark;
            ready = Math.min(ready, mark.ready());
            newest = Math.max(newest, Math.max(mark.open(), mark.base()));
        }
        if (any == null) {
            return fresh(spec);
        }
        Map<String, ViewMark> views = new TreeMap<>();
        List<String> added = new ArrayList<>();
        for (Membership view : spec.views()) {
            String name = view.view().name();
            String definition = view.view().definition();
            ViewMark known = any.view(name);
            boolean goesOn =
                    known != null
                            && known.isOf(definition)
                            && any.images().now().covers(attributes(view));
            if (!goesOn) {
                added.add("view " + name);
            }
            views.put(name, new ViewMark(definition, goesOn ? known.first() : newest + 1));
        }
        if (!any.images().now().covers(spec.kept())) {
            added.add("all attributes of the items");
        }
        if (newest == StageMark.UNTOLD && !added.isEmpty()) {
            throw new IllegalStateException(
                    "cannot restore the items of table "
                            + spec.table()
                            + " with "
                            + String.join(", ", added)
                            + ": the savepoint is of an earlier release and was taken while the"
                            + " table was read for the first time. Start without it, or take one"
                            + " when the views are ready.");
        }
        return new Coverage(views, any.images().then(spec.kept(), ready, newest));
    }

    private static KeptAttributes attributes(Membership view) {
        return KeptAttributes.named(new TreeSet<>(view.attributes()));
    }

    /** The first generation whose items count for the view. */
    long first(String view) {
        return views.get(view).first();
    }

    /** Items of this generation and later ones count for all views. */
    long newestFirst() {
        return newestFirst;
    }

    HeldImages images() {
        return images;
    }

    StageMark mark(Generations generations) {
        return new StageMark(
                generations.swept(), generations.open(), generations.base(), views, images);
    }
}
