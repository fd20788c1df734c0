package dev.tally.job;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.view.TargetRow;
import dev.tally.view.TargetRows;
import dev.tally.view.ViewSpec;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rows of one view as its readers see them, on the terminal. */
final class LiveCounts {

    private static final int ROWS_MAX = 48;
    private static final int COLUMNS = 6;

    private final ViewSpec view;
    private final TargetRows target;
    private final PrintStream out;

    LiveCounts(ViewSpec view, TargetRows target, PrintStream out) {
        this.view = view;
        this.target = target;
        this.out = out;
    }

    /** Reads the target and prints the first measure of its first rows, in the order of keys. */
    void print(String head) {
        Map<String, Value> counts = read();
        String measure = view.measures().get(0).name();
        out.println(head + view.name() + ", " + measure + " of " + counts.size() + " groups:");
        List<String> cells = new ArrayList<>();
        for (Map.Entry<String, Value> count : counts.entrySet()) {
            if (cells.size() < ROWS_MAX) {
                cells.add(String.format("%s %4s", count.getKey(), Labels.of(count.getValue())));
            }
        }
        for (int i = 0; i < cells.size(); i += COLUMNS) {
            int end = Math.min(i + COLUMNS, cells.size());
            out.println("    " + String.join("   ", cells.subList(i, end)));
        }
    }

    private Map<String, Value> read() {
        Map<String, Value> counts = new TreeMap<>();
        Item next = null;
        do {
            TargetRows.Page page = target.read(view, next).join();
            for (TargetRow row : page.rows()) {
                if (!row.tombstone()) {
                    counts.put(Labels.of(row.group()), row.measures()[0]);
                }
            }
            next = page.next();
        } while (next != null && counts.size() <= 10 * ROWS_MAX);
        return counts;
    }
}
