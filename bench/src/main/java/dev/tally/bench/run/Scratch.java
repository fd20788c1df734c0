package dev.tally.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder that is removed at the end.
 *
 * @param folder empty at first
 */
public record Scratch(Path folder) implements AutoCloseable {

    public Scratch() throws IOException {
        this(Files.createTempDirectory("tally-bench"));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
