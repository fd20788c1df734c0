package dev.tally.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tally.bench.engine.TallyEngine;
import dev.tally.bench.run.Contestant;
import dev.tally.bench.run.Figures;
import dev.tally.bench.run.Setting;
import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One run of one contestant in a JVM of its own: first a smaller workload that is not measured, so
 * that compilers are done, then the one that counts. Its last line of output is the figures as
 * JSON.
 */
final class Contest {

    private static final long SEED = 20_261_128;
    private static final int WARM_UP = 200_000;

    static final Map<String, Supplier<Contestant>> CONTESTANTS = Map.of("tally", TallyEngine::new);

    private Contest() {}

    /** Contestant, shape, changes, full or basic, slots, rocks or heap, managed megabytes. */
    public static void main(String[] args) throws Exception {
        Contestant contestant = CONTESTANTS.get(args[0]).get();
        Shape shape = Shape.valueOf(args[1]);
        int changes = Integer.parseInt(args[2]);
        Setting setting =
                new Setting(
                        shape,
                        changes,
                        args[3].equals("full"),
                        Integer.parseInt(args[4]),
                        args[5].equals("rocks"),
                        Integer.parseInt(args[6]));
        run(contestant, Changes.of(shape, Math.min(changes, WARM_UP), SEED + 1), setting);
        Figures figures = run(contestant, Changes.of(shape, changes, SEED), setting);
        System.out.println(new ObjectMapper().writeValueAsString(figures));
        System.exit(0);
    }

    private static Figures run(Contestant contestant, Changes changes, Setting setting)
            throws Exception {
        Path scratch = Files.createTempDirectory("tally-bench");
        try {
            return contestant.run(changes, setting, scratch);
        } finally {
            delete(scratch);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
