package dev.tally.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether the simulation of the pipeline finds what it is there for: each bug of {@code
 * planted-bugs.txt} is put into the code, and some seed must fail. Where the file names a seed that
 * has found the bug before, that one is tried first.
 */
class PlantedBugsTest {

    private static final int SEEDS_MAX = 1_000;
    private static final int CONTROL = 5;

    static List<PlantedBug> bugs() {
        return PlantedBug.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void isFound(PlantedBug bug, @TempDir Path folder) throws Exception {
        try (URLClassLoader loader = bug.plant(folder)) {
            long seed = firstFailure(loader, bug.seed(), bug.seed());
            if (seed == 0) {
                seed = firstFailure(loader, 1, SEEDS_MAX);
                System.out.printf("planted bug '%s': found by seed %d%n", bug, seed);
            }
            assertThat(seed).as("the seed that finds '%s'", bug).isPositive();
        }
    }

    /** Else something about the loader would be what fails. */
    @Test
    void nothingIsFoundWithoutABug(@TempDir Path folder) throws Exception {
        try (URLClassLoader loader = PlantedBug.nothing(folder)) {
            assertThat(firstFailure(loader, 1, CONTROL)).isZero();
        }
    }

    /** 0 for none. */
    private static long firstFailure(URLClassLoader loader, long from, long to) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            LongConsumer run =
                    (LongConsumer)
                            loader.loadClass(SeedRun.class.getName())
                                    .getConstructor()
                                    .newInstance();
            for (long seed = from; seed <= to; seed++) {
                try {
                    run.accept(seed);
                } catch (Exception | AssertionError e) {
                    return seed;
                }
            }
            return 0;
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
