package dev.tally.bench.report;

import dev.tally.bench.run.Figures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What the rounds of a part have brought so far. */
public final class Results {

    private final List<Double> loads = new ArrayList<>();

    /** By run, for each round its figures, or why there are none. */
    private final Map<Run, List<Outcome>> outcomes = new HashMap<>();

    /** Either of both is null. */
    private record Outcome(Figures figures, String failure) {}

    /**
     * Least, middle and greatest.
     *
     * @param median of an even number of figures what is between the two in the middle
     */
    public record Band(double min, double median, double max) {}

    /**
     * @param load the machine's load average before the round
     */
    public void begin(double load) {
        loads.add(load);
    }

    public void add(Run run, Figures figures) {
        outcomes.computeIfAbsent(run, r -> new ArrayList<>()).add(new Outcome(figures, null));
    }

    public void failed(Run run, String why) {
        outcomes.computeIfAbsent(run, r -> new ArrayList<>()).add(new Outcome(null, why));
    }

    public List<Double> loads() {
        return loads;
    }

    public boolean has(Run run) {
        return outcomes.containsKey(run);
    }

    /** Those of the rounds that did not fail. */
    public List<Figures> figures(Run run) {
        List<Figures> figures = new ArrayList<>();
        for (Outcome outcome : outcomes.getOrDefault(run, List.of())) {
            if (outcome.figures != null) {
                figures.add(outcome.figures);
            }
        }
        return figures;
    }

    public List<String> failures(Run run) {
        List<String> failures = new ArrayList<>();
        for (Outcome outcome : outcomes.getOrDefault(run, List.of())) {
            if (outcome.failure != null) {
                failures.add(outcome.failure);
            }
        }
        return failures;
    }

    /**
     * Empty if no round has it.
     *
     * @param figure NaN where a round does not
     */
    public Optional<Band> band(Run run, ToDoubleFunction<Figures> figure) {
        return band(
                figures(run).stream()
                        .mapToDouble(figure)
                        .filter(f -> !Double.isNaN(f))
                        .sorted()
                        .toArray());
    }

    /** How many times another run's figure, round by round: what disturbs one disturbs both. */
    public Optional<Band> ratio(Run run, Run other, ToDoubleFunction<Figures> figure) {
        List<Outcome> own = outcomes.getOrDefault(run, List.of());
        List<Outcome> others = outcomes.getOrDefault(other, List.of());
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(own.size(), others.size()); round++) {
            Figures mine = own.get(round).figures;
            Figures its = others.get(round).figures;
            if (mine != null && its != null) {
                ratios.add(figure.applyAsDouble(mine) / figure.applyAsDouble(its));
            }
        }
        return band(ratios.stream().mapToDouble(r -> r).sorted().toArray());
    }

    private static Optional<Band> band(double[] sorted) {
        int n = sorted.length;
        return n == 0
                ? Optional.empty()
                : Optional.of(
                        new Band(
                                sorted[0],
                                (sorted[(n - 1) / 2] + sorted[n / 2]) / 2,
                                sorted[n - 1]));
    }
}
