package dev.tally.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.bench.run.Figures;
import dev.tally.bench.run.Setting;
import dev.tally.bench.workload.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final long MS = 1_000_000;

    private final Run right = run("right");
    private final Run fast = run("fast");
    private final Results results = new Results();

    private final Part part =
            new Part(
                    "part",
                    List.of(right, fast),
                    run -> right,
                    "right",
                    run -> "plot",
                    Run::contestant);

    private static Run run(String contestant) {
        return new Run(
                contestant,
                new Setting(Shape.W1, 1_000, true, 2, true, 64, Setting.BUFFER_MEGABYTES));
    }

    /** Of 1,000 changes and 50 groups. */
    private static Figures figures(long millis, long cpuMillis, int wrong) {
        return new Figures(
                1_000, millis * MS, cpuMillis * MS, 50, wrong, Map.of("stateBytes", 2.5e6));
    }

    private String line(int n) {
        return new Table(part, results).toString().lines().toList().get(2 + n);
    }

    @Test
    void showsMediansBandsAndRatiosRoundByRound() {
        for (long disturbed : new long[] {1, 3, 2}) {
            results.add(right, figures(100 * disturbed, 40, 0));
            results.add(fast, figures(50 * disturbed, 10, 0));
        }

        assertThat(line(0))
                .isEqualTo(
                        "| right | W1 full | 1,000 | rocks | 2 | 5,000 (3,333–10,000) | 40.0"
                                + " | 2.5 MB |  | 0 of 50 | 1.00 | 1.00 |  |");
        assertThat(line(1))
                .contains("| 10,000 (6,667–20,000) | 10.0 |")
                .contains("| 2.00 | 4.00 |");
    }

    @Test
    void ofTwoRoundsTheMedianIsBetweenThem() {
        results.add(right, figures(100, 40, 0));
        results.add(right, figures(300, 40, 0));
        assertThat(line(0)).contains("| 6,667 (3,333–10,000) |");
    }

    @Test
    void aFigureThatNotAllRoundsHaveIsTheMedianOfThose() {
        results.add(right, figures(100, 40, 0));
        results.add(right, figures(100, 40, 0).with("pauseP50Millis", 7));
        results.add(right, figures(100, 40, 0).with("pauseP50Millis", 9));
        assertThat(line(0)).contains("| pauseP50Millis 8.0 |");
    }

    @Test
    void showsWhoIsWrong() {
        results.add(right, figures(100, 40, 0));
        results.add(fast, figures(50, 10, 0));
        results.add(fast, figures(50, 10, 7));

        assertThat(line(1)).contains("| **7 of 50 wrong** |");
    }

    @Test
    void showsWhatHasFailed() {
        results.add(right, figures(100, 40, 0));
        results.failed(right, "exit code 1");
        results.failed(fast, "exit code 137");
        results.add(fast, figures(50, 10, 0));

        assertThat(line(0)).endsWith("| 1.00 | 1.00 | 1 rounds failed |");
        assertThat(line(1)).contains("| 20,000 (20,000–20,000) |").endsWith("| 1 rounds failed |");

        Results none = new Results();
        none.failed(fast, "exit code 137");
        assertThat(new Table(part, none).toString())
                .contains("| **failed** |")
                .endsWith("| exit code 137 |\n");
    }
}
