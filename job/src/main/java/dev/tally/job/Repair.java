package dev.tally.job;

import dev.tally.sink.RowTable;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes rows that lastingly differ what the recount says. Nothing that a job has written since is
 * touched, and rows that Tally did not write only if the view adopts them.
 */
final class Repair {

    private final Preflight preflight;
    private final PrintStream out;

    Repair(Preflight preflight, PrintStream out) {
        this.preflight = preflight;
        this.out = out;
    }

    void repair(Settling settling) throws InterruptedException {
        List<Difference> differences = settling.lasting();
        if (differences.isEmpty()) {
            return;
        }
        ViewSpec view = settling.view();
        int[] counts = new int[RowTable.Result.values().length];
        try (RowTable rows = preflight.rowTable(view)) {
            for (Difference difference : differences) {
                RowTable.Result result = repair(rows, view, difference);
                counts[result.ordinal()]++;
                if (result == RowTable.Result.FOREIGN || result == RowTable.Result.REFUSED) {
                    out.println("  group " + Labels.of(difference.group()) + " " + because(result));
                }
            }
        }
        out.println(
                "view "
                        + view.name()
                        + ": "
                        + counts[RowTable.Result.WRITTEN.ordinal()]
                        + " repaired, "
                        + counts[RowTable.Result.MOVED.ordinal()]
                        + " written by the job meanwhile, "
                        + counts[RowTable.Result.FOREIGN.ordinal()]
                        + " not written by Tally, "
                        + counts[RowTable.Result.REFUSED.ordinal()]
                        + " refused by the table");
    }

    private static RowTable.Result repair(RowTable rows, ViewSpec view, Difference difference)
            throws InterruptedException {
        boolean adopts = view.to().existingRows() == Target.ExistingRows.ADOPT;
        if (difference.foreign() && !adopts) {
            return RowTable.Result.FOREIGN;
        }
        if (view.to().writeCapacity() > 0) {
            TimeUnit.MICROSECONDS.sleep((long) (1e6 / view.to().writeCapacity()));
        }
        return rows.repair(difference.group(), difference.row(), difference.wanted());
    }

    private static String because(RowTable.Result result) {
        return result == RowTable.Result.FOREIGN
                ? "has a row that Tally did not write; it is left. Remove it, or set"
                        + " `existing-rows: adopt`"
                : "is refused by the table: the item may be too large";
    }
}
