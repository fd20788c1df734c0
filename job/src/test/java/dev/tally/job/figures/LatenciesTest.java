package dev.tally.job.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Value;
import org.junit.jupiter.api.Test;

/** What a row shows, and when, against what was changed. */
class LatenciesTest {

    private static final long MILLI = 1_000_000;

    private final Latencies latencies = new Latencies();

    @Test
    void aRowThatShowsAChangeShowsAllBeforeIt() {
        change(1, 0);
        change(2, 100);
        change(3, 200);

        see(2, 250);

        assertThat(latencies.shown()).isEqualTo(2);
        assertThat(latencies.awaited()).isEqualTo(1);
        assertThat(latencies.millis(1, 0)).isEqualTo(250);
    }

    @Test
    void aRowThatShowsNothingNewIsAwaited() {
        change(2, 0);

        see(1, 50);

        assertThat(latencies.shown()).isZero();
        assertThat(latencies.awaited()).isEqualTo(1);
    }

    @Test
    void quantilesAreTimesThatOccurred() {
        for (int i = 1; i <= 100; i++) {
            change(i, 0);
            see(i, i);
        }

        assertThat(latencies.millis(0.5, 0)).isEqualTo(50);
        assertThat(latencies.millis(0.99, 0)).isEqualTo(99);
        assertThat(latencies.millis(1, 0)).isEqualTo(100);
    }

    @Test
    void aRowThatStandsStillIsSlow() {
        change(1, 0);
        see(1, 10);
        change(2, 10);

        assertThat(latencies.millis(0.99, 5_010 * MILLI)).isEqualTo(5_000);
    }

    @Test
    void withoutChangesThereIsNoLatency() {
        assertThat(latencies.millis(0.5, 0)).isNaN();
    }

    @Test
    void whatTheViewCaughtUpWithAtFirstIsForgotten() {
        change(1, 0);
        see(1, 9_000);

        latencies.restart();

        assertThat(latencies.shown()).isZero();
    }

    private void change(long number, long millis) {
        latencies.changed(results(number), millis * MILLI);
    }

    private void see(long number, long millis) {
        latencies.seen(results(number), millis * MILLI);
    }

    private static Value[] results(long number) {
        return new Value[] {Value.number(1), Value.number(number)};
    }
}
