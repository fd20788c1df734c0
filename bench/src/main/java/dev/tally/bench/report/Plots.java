package dev.tally.bench.report;

import dev.tally.bench.report.Results.Band;
import dev.tally.bench.run.Figures;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;

/**
 * A part's rates as bars: medians, and across their tops how far the round farthest from it is
 * away.
 */
final class Plots {

    private static final int HEIGHT = 700;
    private static final int WIDTH_LEAST = 900;
    private static final int WIDTH_OF_BAR = 34;

    /** In the order of kinds. */
    static final Color[] COLORS = {
        new Color(0x1f, 0x4e, 0x8c),
        new Color(0x6b, 0x9b, 0xd1),
        new Color(0xb8, 0x5c, 0x1e),
        new Color(0xe8, 0xa8, 0x6d)
    };

    private final Part part;
    private final Results results;

    Plots(Part part, Results results) {
        this.part = part;
        this.results = results;
    }

    /** One file a plot. */
    void write(Path folder) throws IOException {
        Map<String, List<Run>> plots = new LinkedHashMap<>();
        for (Run run : part.runs()) {
            if (results.band(run, Figures::perSecond).isPresent()) {
                plots.computeIfAbsent(part.plot().apply(run), p -> new ArrayList<>()).add(run);
            }
        }
        for (Map.Entry<String, List<Run>> plot : plots.entrySet()) {
            BitmapEncoder.saveBitmap(
                    chart(plot.getKey(), plot.getValue()),
                    folder.resolve(plot.getKey()).toString(),
                    BitmapEncoder.BitmapFormat.PNG);
        }
    }

    private CategoryChart chart(String name, List<Run> runs) {
        List<String> bars = runs.stream().map(part.bar()).distinct().toList();
        List<String> kinds = runs.stream().map(Plots::kind).distinct().sorted().toList();
        CategoryChart chart =
                new CategoryChartBuilder()
                        .width(
                                Math.max(
                                        WIDTH_LEAST,
                                        WIDTH_OF_BAR * bars.size() * (kinds.size() + 1)))
                        .height(HEIGHT)
                        .title(name + ": changes a second")
                        .build();
        CategoryStyler style = chart.getStyler();
        style.setLegendPosition(Styler.LegendPosition.OutsideS);
        style.setLegendLayout(Styler.LegendLayout.Horizontal);
        style.setYAxisMin(0.0);
        style.setSeriesColors(COLORS);
        style.setChartBackgroundColor(Color.WHITE);
        style.setYAxisDecimalPattern("#,###");
        style.setXAxisLabelRotation(bars.size() > 8 ? 30 : 0);
        for (String kind : kinds) {
            List<Double> rates = new ArrayList<>();
            List<Double> noise = new ArrayList<>();
            for (String bar : bars) {
                Optional<Band> band = band(runs, bar, kind);
                rates.add(band.map(Band::median).orElse(Double.NaN));
                noise.add(band.map(Plots::noise).orElse(Double.NaN));
            }
            chart.addSeries(kind, bars, rates, noise);
        }
        return chart;
    }

    private static double noise(Band band) {
        return Math.max(band.max() - band.median(), band.median() - band.min());
    }

    private static String kind(Run run) {
        int slots = run.setting().slots();
        return (run.setting().rocks() ? "RocksDB, " : "heap, ")
                + slots
                + (slots == 1 ? " slot" : " slots");
    }

    private Optional<Band> band(List<Run> runs, String bar, String kind) {
        return runs.stream()
                .filter(run -> part.bar().apply(run).equals(bar) && kind(run).equals(kind))
                .findFirst()
                .flatMap(run -> results.band(run, Figures::perSecond));
    }
}
