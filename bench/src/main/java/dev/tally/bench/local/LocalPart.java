package dev.tally.bench.local;

import dev.tally.bench.run.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** End to end on this machine: latencies, catching up, slow calls, and requests per change. */
public final class LocalPart {

    private LocalPart() {}

    /** The table of results; {@code --quick} for a short form with figures that say little. */
    public static void main(String[] args) throws Exception {
        Result.save("local", table(List.of(args).contains("--quick")));
        System.exit(0);
    }

    public static String table(boolean quick) throws Exception {
        // Else the proxy's answers wait for company for 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try (Scratch scratch = new Scratch("local")) {
            List<Line> lines = new ArrayList<>();
            // The first one counts for nothing: compilers are at work.
            SlowShards.measure(1, 25);
            lines.add(SlowShards.measure(1, quick ? 25 : 100));
            lines.add(SlowShards.measure(2, quick ? 25 : 100));
            lines.addAll(
                    RowLatency.measure(scratch.folder("latency"), quick ? 5 : 20, quick ? 10 : 60));
            lines.addAll(
                    CatchUpRate.measure(
                            scratch.folder("catch-up"),
                            quick ? 3_000 : 400_000,
                            Duration.ofSeconds(quick ? 10 : 90)));
            lines.addAll(HotGroups.measure(scratch.folder("hot"), quick ? 5 : 15, quick ? 5 : 30));
            return Line.table(lines);
        }
    }
}
