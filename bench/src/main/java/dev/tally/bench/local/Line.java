package dev.tally.bench.local;

import java.util.List;

/**
 * One line of a result.
 *
 * @param what was measured, and how
 * @param figure as it came out
 * @param aim of the project for it; empty if there is none
 * @param met whether the figure reaches the aim
 */
record Line(String what, String figure, String aim, boolean met) {

    /** A figure without an aim, to be read beside others. */
    static Line beside(String what, String figure) {
        return new Line(what, figure, "", true);
    }

    /** Lines as a table of Markdown. */
    static String table(List<Line> lines) {
        StringBuilder table = new StringBuilder("| what | measured | aim |\n|---|---|---|\n");
        for (Line line : lines) {
            String aim = line.met ? line.aim : line.aim + " (**missed**)";
            table.append(String.format("| %s | %s | %s |%n", line.what, line.figure, aim));
        }
        return table.toString();
    }
}
