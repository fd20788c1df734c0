package dev.tally.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A part's results in files: a page of Markdown, and plots. */
public final class Report {

    private Report() {}

    /**
     * @param command how the bench was called
     */
    public static void write(
            Part part, Results results, int rounds, String command, Path folder, Machine machine)
            throws IOException {
        List<String> loads =
                results.loads().stream().map(load -> Table.text("%.1f", load)).toList();
        String page =
                "# "
                        + part.name()
                        + "\n\n"
                        + new Table(part, results)
                        + "\nMedian of "
                        + results.loads().size()
                        + " of "
                        + rounds
                        + " rounds, contestants one after the other within each; by `"
                        + command
                        + "`.\nLoad average before each round: "
                        + String.join(", ", loads)
                        + ".\n\n"
                        + machine.describe();
        Files.writeString(folder.resolve(part.name() + ".md"), page);
        new Plots(part, results).write(folder);
    }
}
