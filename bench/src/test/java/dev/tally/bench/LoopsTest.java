package dev.tally.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** That all loops run; what they compute is tested beside each. */
class LoopsTest {

    @Test
    void eachRunsOnce() throws Exception {
        int run =
                new Runner(
                                new OptionsBuilder()
                                        .include("Loop")
                                        .forks(0)
                                        .mode(Mode.SingleShotTime)
                                        .warmupIterations(0)
                                        .measurementIterations(1)
                                        .shouldFailOnError(true)
                                        .verbosity(VerboseMode.SILENT)
                                        .build())
                        .run()
                        .size();
        assertThat(run)
                .as("decode, codecs, groups of two sizes, reconcile, six measures of two")
                .isEqualTo(31);
    }
}
