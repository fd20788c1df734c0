package dev.tally.bench.engine;

import dev.tally.view.ViewSpec;
import dev.tally.view.file.ViewsFile;

/** The workload's view, as a user would write it. */
public final class TallyView {

    /** Measures of the basic form, which come first. */
    static final int BASIC = 3;

    private static final String BASIC_YAML =
            """
            tables:
              items: { name: items }
            views:
              totals:
                table: items
                group-by: [list]
                to: { table: totals }
                measures:
                  count: count
                  total: { sum: amount }
                  average: { avg: amount }
            """;

    private static final String MORE_YAML =
            """
                  least: { min: amount }
                  greatest: { max: amount }
                  customers: { count-distinct: customer }
            """;

    private TallyView() {}

    public static ViewSpec of(boolean full) throws Exception {
        String yaml = full ? BASIC_YAML + MORE_YAML : BASIC_YAML;
        return ViewsFile.parse("bench", yaml, name -> null).views().get(0);
    }
}
