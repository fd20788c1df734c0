package dev.tally.bench.report;

import dev.tally.bench.report.Results.Band;
import dev.tally.bench.run.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A part's results as a table in Markdown. */
final class Table {

    private final Part part;
    private final Results results;

    Table(Part part, Results results) {
        this.part = part;
        this.results = results;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("| contestant | workload | changes | backend | slots | changes/s (min–max) ")
                .append("| CPU µs/change | state | rows | wrong groups | times ")
                .append(part.baselineName())
                .append(" | by CPU | more |\n")
                .append("|---|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|---|\n");
        for (Run run : part.runs()) {
            if (results.has(run)) {
                text.append("| ").append(String.join(" | ", line(run))).append(" |\n");
            }
        }
        return text.toString();
    }

    private List<String> line(Run run) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                run.contestant(),
                                run.workload(),
                                text("%,d", run.setting().changes()),
                                run.state(),
                                Integer.toString(run.setting().slots())));
        List<Figures> figures = results.figures(run);
        List<String> failures = results.failures(run);
        if (figures.isEmpty()) {
            line.addAll(List.of("**failed**", "", "", "", "", "", "", failures.get(0)));
            return line;
        }
        Band rate = results.band(run, Figures::perSecond).get();
        line.add(text("%,.0f (%,.0f–%,.0f)", rate.median(), rate.min(), rate.max()));
        line.add(text("%.1f", results.band(run, Figures::cpuMicros).get().median()));
        line.add(median(run, "stateBytes", 1e-6, "%,.1f MB"));
        line.add(median(run, "rows", 1, "%,.0f"));
        line.add(wrong(figures));
        Run baseline = part.baseline().apply(run);
        line.add(ratio(results.ratio(run, baseline, Figures::perSecond)));
        line.add(ratio(results.ratio(baseline, run, Figures::cpuMicros)));
        line.add(more(run, figures, failures.size()));
        return line;
    }

    private static String ratio(Optional<Band> ratio) {
        return ratio.map(r -> text("%.2f", r.median())).orElse("");
    }

    /** Of the rounds that have the figure: a short run may be over before a checkpoint. */
    private String median(Run run, String name, double unit, String format) {
        return results.band(run, f -> f.more().getOrDefault(name, Double.NaN))
                .map(band -> text(format, band.median() * unit))
                .orElse("");
    }

    /** Of the round that has most of them. */
    private static String wrong(List<Figures> figures) {
        Figures worst = figures.stream().max(Comparator.comparingInt(Figures::wrong)).get();
        return worst.wrong() == 0
                ? text("0 of %,d", worst.groups())
                : text("**%,d of %,d wrong**", worst.wrong(), worst.groups());
    }

    private String more(Run run, List<Figures> figures, int failures) {
        List<String> more = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        figures.forEach(round -> names.addAll(round.more().keySet()));
        for (String name : names) {
            if (!name.equals("stateBytes") && !name.equals("rows")) {
                more.add(name + " " + median(run, name, 1, "%,.1f"));
            }
        }
        if (failures > 0) {
            more.add(failures + " rounds failed");
        }
        return String.join(", ", more);
    }

    static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
