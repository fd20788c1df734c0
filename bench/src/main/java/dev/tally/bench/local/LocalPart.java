package dev.tally.bench.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** End to end on this machine: latencies, catching up, slow calls, and requests per change. */
public final class LocalPart {

    private LocalPart() {}

    /** The table of results; {@code --quick} for a short form with figures that say little. */
    public static void main(String[] args) throws Exception {
        System.out.println(table(List.of(args).contains("--quick")));
        System.exit(0);
    }

    public static String table(boolean quick) throws Exception {
        // Else the proxy's answers wait for company for 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Path folder = Files.createTempDirectory("tally-bench-local");
        try {
            List<Line> lines = new ArrayList<>();
            lines.addAll(
                    RowLatency.measure(own(folder, "latency"), quick ? 5 : 20, quick ? 10 : 60));
            lines.addAll(
                    CatchUpRate.measure(
                            own(folder, "catch-up"),
                            quick ? 3_000 : 20_000,
                            Duration.ofSeconds(quick ? 10 : 40)));
            lines.add(SlowShards.measure(1, quick ? 25 : 100));
            lines.add(SlowShards.measure(2, quick ? 25 : 100));
            lines.addAll(HotGroups.measure(own(folder, "hot"), quick ? 5 : 15, quick ? 5 : 30));
            return Line.table(lines);
        } finally {
            delete(folder);
        }
    }

    private static Path own(Path folder, String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
