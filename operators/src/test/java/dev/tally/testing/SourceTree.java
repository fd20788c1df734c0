package dev.tally.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the sources are, from whichever module or tool a test is started. */
public final class SourceTree {

    private SourceTree() {}

    /** The folder of the parent pom. */
    public static Path root() {
        String given = System.getProperty("tally.root");
        Path start = Path.of(given == null ? "" : given).toAbsolutePath().normalize();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("schemas/pom.xml"))) {
                return folder;
            }
        }
        throw new IllegalStateException("cannot find the source tree above " + start);
    }
}
