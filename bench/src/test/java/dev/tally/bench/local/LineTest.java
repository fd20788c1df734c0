package dev.tally.bench.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineTest {

    @Test
    void aMissedAimSaysSo() {
        String table =
                Line.table(
                        List.of(
                                new Line("speed", "0.8", "≥ 0.9", false),
                                new Line("time", "1 s", "≤ 2 s", true),
                                Line.beside("others", "3")));

        assertThat(table.lines())
                .containsExactly(
                        "| what | measured | aim |",
                        "|---|---|---|",
                        "| speed | 0.8 | ≥ 0.9 (**missed**) |",
                        "| time | 1 s | ≤ 2 s |",
                        "| others | 3 |  |");
    }
}
