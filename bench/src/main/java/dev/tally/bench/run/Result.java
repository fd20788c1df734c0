package dev.tally.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the results of the bench's parts are: {@code bench/target/results}. */
public final class Result {

    private Result() {}

    /** Keeps a part's result, as Markdown, and shows it. */
    public static void save(String part, String markdown) throws IOException {
        Path home = Path.of(System.getProperty("tally.home", ""));
        Path results = home.resolve("bench").resolve("target").resolve("results");
        Files.createDirectories(results);
        Files.writeString(results.resolve(part + ".md"), markdown);
        System.out.println(markdown);
    }
}
