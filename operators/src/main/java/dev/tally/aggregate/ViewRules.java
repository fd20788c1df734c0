package dev.tally.aggregate;

import dev.tally.aggregate.GroupState.Emitted;
import dev.tally.aggregate.measure.Measure;
import dev.tally.aggregate.measure.ValuePages;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Target;
import dev.tally.view.TargetRow;
import dev.tally.view.ViewSpec;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** What the group stage asks of a view's spec, per record: looked up once. */
final class ViewRules {

    private final ViewSpec spec;
    private final long retired;
    private final boolean eager;
    private final boolean ordered;

    /** For each measure that is a maximum the minimum of the same inputs; -1 if there is none. */
    private final int[] minimums;

    /**
     * @param retired the newest submission of which no write to the view's target is under way any
     *     more; 0 if that is not known
     */
    ViewRules(ViewSpec spec, long retired) {
        this.spec = spec;
        this.retired = retired;
        this.eager = spec.to().freshness() == Target.Freshness.EAGER;
        this.ordered = spec.measures().stream().anyMatch(measure -> isOrdered(measure.kind()));
        this.minimums = spec.measures().stream().mapToInt(this::minimumBeside).toArray();
    }

    private int minimumBeside(MeasureSpec measure) {
        if (measure.kind() != MeasureSpec.Kind.MAX) {
            return -1;
        }
        List<MeasureSpec> specs = spec.measures();
        for (int i = 0; i < specs.size(); i++) {
            if (specs.get(i).kind() == MeasureSpec.Kind.MIN && specs.get(i).hasInputsOf(measure)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isOrdered(MeasureSpec.Kind kind) {
        return isExtreme(kind) || kind == MeasureSpec.Kind.COUNT_DISTINCT;
    }

    private static boolean isExtreme(MeasureSpec.Kind kind) {
        return kind == MeasureSpec.Kind.MIN || kind == MeasureSpec.Kind.MAX;
    }

    String name() {
        return spec.name();
    }

    ViewSpec spec() {
        return spec;
    }

    /**
     * Whether a right row of the target may stay as it is: no write of another submission can reach
     * it with a newer guard.
     */
    boolean mayStay(TargetRow row, long submission) {
        return row.submission() == submission
                || (row.submission() > 0 && row.submission() <= retired);
    }

    /** Whether writes of earlier submissions to its target may be under way still. */
    boolean mayMeetLateWrites(long submission) {
        return hasTable() && retired < submission - 1;
    }

    /** Whether the row is of a submission whose writes may be under way still. */
    boolean isOfAnother(TargetRow row, long submission) {
        return row.guarded() && row.submission() < submission && !mayStay(row, submission);
    }

    /** Whether rows go out between barriers too. */
    boolean eager() {
        return eager;
    }

    /** Whether some measure keeps values outside of the group. */
    boolean ordered() {
        return ordered;
    }

    boolean hasTable() {
        return spec.to().table() != null;
    }

    boolean deletesEmpty() {
        return spec.to().emptyGroup() == Target.EmptyGroup.DELETE;
    }

    boolean adopts() {
        return spec.to().existingRows() == Target.ExistingRows.ADOPT;
    }

    /** Attributes of the row's key, in the order of a group's values. */
    List<String> keyAttributes() {
        if (spec.to().key() != null) {
            return List.copyOf(spec.to().key().keySet());
        }
        return spec.groupBy().stream()
                .map(grouping -> grouping.path().toString())
                .collect(Collectors.toList());
    }

    /**
     * Whether a row says this result. A tombstone has no measures, like the row of a group whose
     * results are all absent.
     */
    boolean shows(TargetRow row, Emitted result) {
        if (row.tombstone() && (result.empty() || deletesEmpty())) {
            return result.empty();
        }
        boolean mustGo = deletesEmpty() && result.empty();
        return !mustGo && result.equals(new Emitted(row.measures(), result.empty()));
    }

    /** One for each of the spec, without inputs. */
    Measure[] fresh(IntFunction<ValuePages> pages) {
        List<MeasureSpec> specs = spec.measures();
        Measure[] measures = new Measure[specs.size()];
        for (int i = 0; i < measures.length; i++) {
            if (minimums[i] < 0) {
                measures[i] = Measure.of(spec.name(), specs.get(i), pages.apply(i));
            }
        }
        for (int i = 0; i < measures.length; i++) {
            if (minimums[i] >= 0) {
                Measure minimum = measures[minimums[i]];
                measures[i] =
                        Measure.sharedMaximum(spec.name(), specs.get(i), pages.apply(i), minimum);
            }
        }
        return measures;
    }
}
