package dev.tally.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.bench.engine.CodecLoop;
import dev.tally.bench.wire.DecodeLoop;
import dev.tally.source.client.Change;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The loops that are measured do what they say. */
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
        assertThat(run).as("decode, codecs, reconcile, six measures of two sizes").isEqualTo(26);
    }

    @Test
    void allWaysToDecodeFindTheSameRecords() throws Exception {
        DecodeLoop loop = new DecodeLoop();
        loop.setUp();
        List<String> right =
                loop.bySdk().records().stream()
                        .map(record -> record.dynamodb().sequenceNumber())
                        .toList();
        assertThat(right).hasSize(600);
        assertThat(loop.everything().changes()).extracting(Change::sequenceNumber).isEqualTo(right);
        assertThat(loop.whatTheViewReads().changes())
                .extracting(Change::sequenceNumber)
                .isEqualTo(right);
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        CodecLoop loop = new CodecLoop();
        loop.setUp();
        assertThat(loop.readChange().after()).isEqualTo(loop.readState().image());
        assertThat(loop.readContribution().add()).isEqualTo(loop.members().inputs());
        assertThat(loop.writeChange()).isGreaterThan(loop.writeState());
        assertThat(loop.writeContribution()).isPositive();
    }
}
