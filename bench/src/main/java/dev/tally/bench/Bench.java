package dev.tally.bench;

import dev.tally.bench.drift.DriftPart;
import dev.tally.bench.local.LocalPart;
import dev.tally.bench.report.Machine;
import dev.tally.bench.report.Part;
import dev.tally.bench.report.Report;
import dev.tally.bench.report.Results;
import dev.tally.bench.report.Run;
import dev.tally.bench.run.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * All that {@code scripts/bench.sh} does after the build: the runs of a part, round by round, each
 * in a JVM of its own, and then a table and plots. Runs in the root of the repository.
 */
final class Bench {

    private static final Path RESULTS = Path.of("bench", "target", "results");

    private Bench() {}

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        Files.createDirectories(RESULTS);
        Parts parts = new Parts(options.quick(), options.more());
        for (String part : options.parts()) {
            switch (part) {
                case "engine" -> race(parts.engine(), options);
                case "wire" -> race(parts.wire(), options);
                case "alternatives" -> race(parts.alternatives(), options);
                case "loops" -> Loops.measure(options);
                case "local" -> Child.part(part, LocalPart.class, options.quick());
                case "drift" -> Child.part(part, DriftPart.class, options.quick());
                default -> throw Options.unknown("part", part);
            }
        }
    }

    private static void race(Part part, Options options) throws Exception {
        Path said = RESULTS.resolve(part.name() + ".txt");
        Files.deleteIfExists(said);
        Child child = new Child(said);
        Machine machine = new Machine(List.of(Child.LIBRARIES, Child.KAFKA_LIBRARIES), Child.FLAGS);
        Pattern only = Pattern.compile(options.only());
        List<Run> runs =
                part.runs().stream().filter(run -> only.matcher(run.toString()).find()).toList();
        Results results = new Results();
        for (int round = 1; round <= options.rounds(); round++) {
            results.begin(Machine.load());
            for (int i = 0; i < runs.size(); i++) {
                Run run = runs.get(i);
                System.out.printf(
                        Locale.ROOT,
                        "%s, round %d of %d, %d of %d: %-34s",
                        part.name(),
                        round,
                        options.rounds(),
                        i + 1,
                        runs.size(),
                        run);
                System.out.println(measure(run, child, results));
            }
            Report.write(part, results, options.rounds(), options.command(), RESULTS, machine);
        }
        System.out.println("results are in " + RESULTS.resolve(part.name() + ".md"));
    }

    /** What has come out, in short. */
    private static String measure(Run run, Child child, Results results)
            throws InterruptedException {
        try {
            Figures figures = child.figures(run);
            results.add(run, figures);
            return String.format(
                    Locale.ROOT,
                    "%,10.0f/s %6.1f µs CPU %s",
                    figures.perSecond(),
                    figures.cpuMicros(),
                    figures.wrong() == 0 ? "" : figures.wrong() + " groups wrong");
        } catch (IOException e) {
            results.failed(run, e.getMessage());
            return "  failed: " + e.getMessage();
        }
    }
}
