package dev.tally.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.bench.run.Figures;
import dev.tally.bench.run.Setting;
import dev.tally.bench.workload.Shape;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotsTest {

    private static Run run(String contestant, int slots, boolean rocks) {
        return new Run(
                contestant,
                new Setting(Shape.W1, 1_000, true, slots, rocks, 64, Setting.BUFFER_MEGABYTES));
    }

    @Test
    void drawsWhatThereIsAndLeavesOutWhatThereIsNot(@TempDir Path folder) throws Exception {
        Run both = run("both", 1, true);
        Run heap = run("both", 1, false);
        Run rocksOnly = run("rocks only", 1, true);
        Run failed = run("failed", 2, true);
        Results results = new Results();
        for (long millis = 50; millis < 80; millis += 10) {
            for (Run run : List.of(both, heap, rocksOnly)) {
                results.add(run, new Figures(1_000, millis * 1_000_000, 1, 1, 0, Map.of()));
            }
        }
        results.failed(failed, "exit code 1");
        Part part =
                new Part(
                        "part",
                        List.of(both, heap, rocksOnly, failed),
                        run -> both,
                        "both",
                        run -> "plot",
                        Run::contestant);

        new Plots(part, results).write(folder);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("plot.png"));
        }
        BufferedImage image = ImageIO.read(folder.resolve("plot.png").toFile());
        assertThat(bars(image)).isEqualTo(3);
    }

    /** How often there is a bar's color after something else, a little above the axis. */
    private static int bars(BufferedImage image) {
        int y = image.getHeight() * 3 / 4;
        int bars = 0;
        for (int x = 1; x < image.getWidth(); x++) {
            int color = image.getRGB(x, y);
            if (isBar(color) && color != image.getRGB(x - 1, y)) {
                bars++;
            }
        }
        return bars;
    }

    private static boolean isBar(int color) {
        return color == Plots.COLORS[0].getRGB() || color == Plots.COLORS[1].getRGB();
    }
}
