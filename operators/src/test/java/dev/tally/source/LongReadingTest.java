package dev.tally.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.VirtualClock;
import dev.tally.source.simulated.Workload;
import dev.tally.view.TableSpec;
import java.time.Duration;
import java.util.Random;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;

/**
 * Days of virtual time: a scan that takes longer than the stream keeps records, shards that roll
 * over and expire meanwhile, a job that was down for too long and one that was not.
 */
class LongReadingTest {

    private static final Duration STEP = Duration.ofSeconds(30);

    private final VirtualClock time = new VirtualClock(1_700_000_000_000L);
    private final SimulatedTable table =
            new SimulatedTable(
                    "todoListTask", Workload.KEY, ViewType.NEW_AND_OLD_IMAGES, 2, 3, time);
    private final Ledger ledger = new Ledger(table);
    private final Workload workload = new Workload(3, 200, 8);
    private final SimulatedStage stage =
            new SimulatedStage(ledger, 2, SourceOptions.FENCE_OVERLAP.toMillis());

    private SimulatedJob job(double scanCapacity) {
        return job(scanCapacity, TableSpec.OnGap.FAIL, stage);
    }

    private SimulatedJob job(double scanCapacity, TableSpec.OnGap onGap, KeyedStage behind) {
        TableSpec spec =
                new TableSpec(
                        "tasks",
                        table.name(),
                        null,
                        null,
                        TableSpec.Start.SNAPSHOT,
                        onGap,
                        TableSpec.Reader.TALLY,
                        scanCapacity);
        SourceOptions options = SourceOptions.defaults().withSegments(2).withPages(100, 1);
        return new SimulatedJob(
                new Random(3), time, table, Faults.none(), spec, options, behind, 2);
    }

    private void write(int operations) {
        for (int i = 0; i < operations; i++) {
            ledger.apply(workload.next(), time.getAsLong());
        }
    }

    /** Time goes on by a number of steps with a write in each and a checkpoint in every tenth. */
    private void live(SimulatedJob job, long steps) {
        for (long i = 0; i < steps; i++) {
            time.advance(STEP);
            write(1);
            job.tick();
            job.settle();
            if (i % 10 == 0) {
                job.checkpoint();
                job.settle();
            }
        }
    }

    private static long steps(Duration duration) {
        return duration.toMillis() / STEP.toMillis();
    }

    @Test
    void aScanMayTakeLongerThanTheStreamKeepsRecords() {
        write(400);
        // About a hundred and fifty items, one a page, a page a unit.
        SimulatedJob job = job(1.0 / 1_000);
        live(job, steps(Duration.ofHours(26)));
        assertThat(stage.ready()).isZero();
        assertThat(stage.lastScanned()).isGreaterThan(time.getAsLong() - 3_600_000 * 2);
        live(job, steps(Duration.ofHours(40)));
        assertThat(stage.ready()).isPositive();
        stage.requireComplete(stage.ready(), stage.lastScanned());
        job.settle();
        live(job, 10);
        assertThat(job.context().metrics().count("gaps")).isZero();
    }

    @Test
    void expiredShardsAreForgotten() {
        write(100);
        SimulatedJob job = job(0);
        live(job, steps(Duration.ofHours(60)));
        assertThat(stage.ready()).isPositive();
        assertThat(job.shardsInState()).isLessThan(30);
    }

    @Test
    void aDayOfOldShardsBeforeTheStartIsReadPast() {
        for (int hour = 0; hour < 40; hour++) {
            write(20);
            time.advance(Duration.ofHours(1));
        }
        SimulatedJob job = job(0);
        live(job, steps(Duration.ofMinutes(30)));
        assertThat(stage.ready()).isPositive();
        stage.requireComplete(stage.ready(), stage.lastScanned());
    }

    @Test
    void aJobThatWasDownForHoursGoesOn() {
        write(100);
        SimulatedJob job = job(0);
        live(job, steps(Duration.ofHours(1)));
        for (int hour = 0; hour < 20; hour++) {
            write(20);
            time.advance(Duration.ofHours(1));
        }
        job.resubmit(2);
        long restored = time.getAsLong();
        live(job, steps(Duration.ofMinutes(30)));
        assertThat(stage.ready()).isPositive();
        stage.requireComplete(stage.ready(), restored);
    }

    @Test
    void aJobThatWasDownForADayAndMoreStopsByName() {
        write(100);
        SimulatedJob job = job(0);
        live(job, steps(Duration.ofHours(1)));
        for (int hour = 0; hour < 30; hour++) {
            write(20);
            time.advance(Duration.ofHours(1));
        }
        job.resubmit(2);
        assertThatThrownBy(() -> live(job, 10))
                .isInstanceOf(SuppressRestartsException.class)
                .cause()
                .isInstanceOf(GapException.class)
                .hasMessageContaining("30 hours old");
    }

    @Test
    void aJobThatWasDownForADayAndMoreHeals() {
        HealingStage healing = new HealingStage(ledger);
        write(100);
        SimulatedJob job = job(0, TableSpec.OnGap.RESNAPSHOT, healing);
        live(job, steps(Duration.ofHours(1)));
        long first = healing.ready();
        for (int hour = 0; hour < 30; hour++) {
            write(20);
            time.advance(Duration.ofHours(1));
        }
        job.resubmit(2);
        healing.submitted(time.getAsLong());
        live(job, steps(Duration.ofMinutes(30)));
        assertThat(healing.ready()).isGreaterThan(first);
        assertThat(healing.difference()).isNull();
        assertThat(job.context().metrics().count("gaps")).isEqualTo(1);
    }

    /** Thirty hours of scan, records kept for a day, shards of four hours, writes all the time. */
    @Test
    void aHealingScanMayTakeLongerThanTheStreamKeepsRecords() {
        HealingStage healing = new HealingStage(ledger);
        write(400);
        SimulatedJob job = job(1.0 / 700, TableSpec.OnGap.RESNAPSHOT, healing);
        live(job, steps(Duration.ofHours(1)));
        table.disableStream();
        write(20);
        table.enableStream(ViewType.NEW_AND_OLD_IMAGES);
        live(job, steps(Duration.ofHours(28)));
        assertThat(healing.ready()).isZero();
        live(job, steps(Duration.ofHours(20)));
        assertThat(healing.ready()).isPositive();
        assertThat(healing.difference()).isNull();
        assertThat(job.context().metrics().count("gaps")).isEqualTo(1);
    }

    @Test
    void threeDaysOfIdleShardsAndRotationAreNoGap() {
        write(100);
        SimulatedJob job = job(0);
        live(job, steps(Duration.ofHours(2)));
        for (int hour = 0; hour < 70; hour++) {
            // Every seventh hour has writes; in the others nothing comes, and shards roll over.
            for (int i = 0; i < steps(Duration.ofHours(1)); i++) {
                time.advance(STEP);
                if (hour % 7 == 0) {
                    write(1);
                }
                job.tick();
                job.settle();
                if (i % 20 == 0) {
                    job.checkpoint();
                }
            }
            if (hour % 23 == 0) {
                job.failAll();
            }
        }
        live(job, 20);
        assertThat(stage.difference(stage.ready())).isNull();
        assertThat(job.context().metrics().count("gaps")).isZero();
    }
}
