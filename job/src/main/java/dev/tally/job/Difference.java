package dev.tally.job;

import dev.tally.item.Value;
import dev.tally.view.GroupKey;
import dev.tally.view.TargetRow;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A row that is not what a recount says, as one reading saw both. */
final class Difference {

    private final GroupKey group;
    private final TargetRow row;
    private final Value[] wanted;

    /**
     * @param row null if there is none
     * @param wanted what the recount says; null if it has no items in the group
     */
    Difference(GroupKey group, TargetRow row, Value[] wanted) {
        this.group = group;
        this.row = row;
        this.wanted = wanted;
    }

    GroupKey group() {
        return group;
    }

    /** Null if there is none. */
    TargetRow row() {
        return row;
    }

    /** Null if the recount has no items in the group. */
    Value[] wanted() {
        return wanted;
    }

    /** Whether Tally did not write the row: it has the view's measures and no guard. */
    boolean foreign() {
        return row != null && row.guard() == null;
    }

    /** Whether another reading saw the same: same row under the same guard, same recount. */
    boolean sameAs(Difference other) {
        return Arrays.equals(wanted, other.wanted) && sameRow(row, other.row);
    }

    private static boolean sameRow(TargetRow a, TargetRow b) {
        if (a == null || b == null) {
            return a == b;
        }
        return Objects.equals(a.guard(), b.guard()) && Arrays.equals(a.measures(), b.measures());
    }

    /** What the person at the terminal is told behind the group's name. */
    String text(ViewSpec view) {
        if (row == null) {
            return "has no row; the recount says " + shown(view, wanted);
        }
        if (wanted == null) {
            return "has a row with "
                    + shown(view, row.measures())
                    + "; the recount has no items in it";
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < wanted.length; i++) {
            if (!Objects.equals(row.measures()[i], wanted[i])) {
                parts.add(
                        view.measures().get(i).name()
                                + " is "
                                + Labels.of(row.measures()[i])
                                + ", the recount says "
                                + Labels.of(wanted[i]));
            }
        }
        return String.join("; ", parts);
    }

    private static String shown(ViewSpec view, Value[] measures) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < measures.length; i++) {
            if (measures[i] != null) {
                parts.add(view.measures().get(i).name() + " " + Labels.of(measures[i]));
            }
        }
        return String.join(", ", parts);
    }
}
