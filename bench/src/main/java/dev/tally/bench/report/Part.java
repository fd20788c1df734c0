package dev.tally.bench.report;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Runs that belong together: in each round one after the other, in one table.
 *
 * @param baseline the run that a run is compared with
 * @param baselineName of what they are, above the ratios
 * @param plot name of the plot that shows a run
 * @param bar a run's place in it
 */
public record Part(
        String name,
        List<Run> runs,
        UnaryOperator<Run> baseline,
        String baselineName,
        Function<Run, String> plot,
        Function<Run, String> bar) {}
