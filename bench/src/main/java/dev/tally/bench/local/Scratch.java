package dev.tally.bench.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for what a part of the bench writes, gone with it. */
public final class Scratch implements AutoCloseable {

    private final Path folder;

    public Scratch(String part) throws IOException {
        folder = Files.createTempDirectory("tally-bench-" + part);
    }

    /** A new folder in it. */
    public Path folder(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
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
