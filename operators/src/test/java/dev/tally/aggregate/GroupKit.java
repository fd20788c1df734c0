package dev.tally.aggregate;

import dev.tally.item.AttributePath;
import dev.tally.item.Value;
import dev.tally.view.Contribution;
import dev.tally.view.GroupKey;
import dev.tally.view.Grouping;
import dev.tally.view.MeasureSpec;
import dev.tally.view.MeasureSpec.Kind;
import dev.tally.view.Target;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.Target.ExistingRows;
import dev.tally.view.Target.Freshness;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.List;

/** Short notation for views, groups and contributions in tests. */
final class GroupKit {

    static final String VIEW = "task-count";
    static final String EAGER = "task-count-eager";

    /** Stamp of the first generation. */
    static final long FIRST = 1_000;

    private GroupKit() {}

    static MeasureSpec measure(Kind kind) {
        AttributePath path = kind == Kind.COUNT ? null : AttributePath.parse("Effort");
        return new MeasureSpec("M_" + kind, kind, path, null);
    }

    static ViewSpec view(
            String name,
            EmptyGroup empty,
            Freshness freshness,
            ExistingRows existing,
            Kind... kinds) {
        Target to =
                new Target(
                        "target-of-" + name,
                        null,
                        null,
                        null,
                        null,
                        0,
                        "_tally_" + name,
                        empty,
                        freshness,
                        existing);
        return view(name, to, kinds);
    }

    static ViewSpec view(String name, Target to, Kind... kinds) {
        List<MeasureSpec> measures = new ArrayList<>();
        for (Kind kind : kinds) {
            measures.add(measure(kind));
        }
        Grouping byList = new Grouping(AttributePath.parse("ListId"), false, null);
        return new ViewSpec(
                name, "tasks", null, List.of(byList), measures, to, ViewSpec.RemovedView.FAIL);
    }

    /** Count and max of each list, rows of committed checkpoints. */
    static ViewSpec committed() {
        return view(
                VIEW,
                EmptyGroup.ZERO,
                Freshness.COMMITTED,
                ExistingRows.REFUSE,
                Kind.COUNT,
                Kind.MAX);
    }

    /** Count of each list, rows between checkpoints too. */
    static ViewSpec eager() {
        return view(EAGER, EmptyGroup.ZERO, Freshness.EAGER, ExistingRows.REFUSE, Kind.COUNT);
    }

    static GroupKey group(String view, String list) {
        return GroupKey.of(view, List.of(Value.text(list)));
    }

    static Value number(long number) {
        return Value.number(number);
    }

    /** One task more in a list of {@link #committed}. */
    static Contribution add(String list, long effort) {
        return change(list, null, effort);
    }

    static Contribution retract(String list, long effort) {
        return change(list, effort, null);
    }

    static Contribution change(String list, Long before, Long after) {
        return new Contribution(
                group(VIEW, list), FIRST, 7, before == null ? null : inputs(before), inputs(after));
    }

    private static Value[] inputs(Long effort) {
        return effort == null ? null : new Value[] {Value.TRUE, number(effort)};
    }

    /** For {@link #eager}: so many tasks more (1) or fewer (-1), or only passed through (0). */
    static Contribution eager(String list, int by) {
        Value[] one = {Value.TRUE};
        return new Contribution(
                group(EAGER, list), FIRST, 7, by < 0 ? one : null, by > 0 ? one : null);
    }
}
