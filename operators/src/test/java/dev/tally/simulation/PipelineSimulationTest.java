package dev.tally.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goal: whatever happens between table, source, item stage, group stage and targets, no row is
 * visible before it is right, and when writes pause every row equals a recount.
 *
 * <p>Method: one thread, one seed, no real time. A table with trimmed past is written to, split and
 * rolled over, while calls are answered in any order, throttled, failed and repeated, listings lie,
 * checkpoints are given up, regions restart, everything restarts, records are lost in hours of
 * being down or cut off, streams go off and on, tables are replaced, and the job is submitted again
 * from older checkpoints with another parallelism and other views ({@link SimulatedPipeline}).
 * Oracles ({@link PipelineHistory}): each committed row is what the items at its barrier amount to;
 * the items of a checkpoint with rows are one version of every item each, none older than the start
 * of the submission, none older than shown before; guards never go back; at quiet points the
 * targets equal a recount of the table, both ways. Even seeds have old images, odd ones do not; in
 * two of seven, requests of a submission arrive after the next one has compared its targets.
 *
 * <p>It cannot catch: races of threads, what RocksDB does (the harness tests of the stages have
 * it), and what the real row sink does between a row and its request.
 */
class PipelineSimulationTest {

    private static final long SEEDS = Long.getLong("tally.seeds", 200);
    private static final Long ONE_SEED = Long.getLong("tally.seed");

    /** Each found a defect that hardly another seed finds, among 10,000. */
    @ParameterizedTest
    @ValueSource(longs = {1221, 1886, 3293, 3983, 6689, 7647})
    void seedsThatFoundSomethingPass(long seed) throws Exception {
        new PipelineHistory(seed).run();
    }

    @Test
    void rowsAreRightWhateverHappens() {
        long from = ONE_SEED == null ? 1 : ONE_SEED;
        long to = ONE_SEED == null ? SEEDS : ONE_SEED;
        long begun = System.nanoTime();
        long afresh = 0;
        long rows = 0;
        long operations = 0;
        long failures = 0;
        for (long seed = from; seed <= to; seed++) {
            try {
                PipelineHistory history = new PipelineHistory(seed);
                history.run();
                afresh += history.afresh();
                rows += history.rows();
                operations += history.operations();
                failures += history.failures();
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        "seed "
                                + seed
                                + " fails: "
                                + e.getMessage()
                                + "; rerun with -Dtest=PipelineSimulationTest -Dtally.seed="
                                + seed,
                        e);
            }
        }
        long seeds = to - from + 1;
        double minutes = (System.nanoTime() - begun) / 60e9;
        System.out.printf(
                "pipeline simulation: %,d seeds, %,d a minute: %,d operations, %,d kills of tasks"
                        + " or all, %,d committed rows, 0 wrong, %,d starts afresh%n",
                seeds, Math.round(seeds / minutes), operations, failures, rows, afresh);
        assertThat(rows).isGreaterThan(20 * seeds);
        // Lying listings at the pin may end a job by name; that must stay rare.
        assertThat(afresh).isLessThanOrEqualTo(1 + seeds / 10);
    }
}
