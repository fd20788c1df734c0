package dev.tally.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Shape;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PausesTest {

    private final Pauses pauses = new Pauses();

    @BeforeEach
    void reset() {
        Pauses.reset();
    }

    @Test
    void aPauseIsTheBarriersThatItBeginsBehind() {
        pauses.record();
        pause(200);
        pauses.record();
        pauses.barrier();
        pause(20);
        pauses.record();
        pauses.complete();
        pauses.record();
        pauses.barrier();
        pause(20);
        pauses.complete();
        pause(20);
        pauses.record();
        pauses.record();
        pauses.end();

        Map<String, Double> more = found();
        assertThat(more.get("checkpoints")).isEqualTo(2);
        assertThat(more.get("pauseBetweenMillis")).isGreaterThanOrEqualTo(200);
        assertThat(more.get("pauseP50Millis")).isBetween(40.0, 190.0);
        assertThat(more.get("percentDuringCheckpoints")).isPositive();
        assertThat(more.get("percentOfTimeInCheckpoints")).isBetween(5.0, 60.0);
    }

    @Test
    void withoutACheckpointThereIsNothingToSay() {
        pauses.record();
        pauses.end();
        assertThat(found()).doesNotContainKey("pauseP50Millis");
    }

    private static Map<String, Double> found() {
        Changes changes = Changes.of(Shape.W1, 10, 1);
        return Pauses.add(Figures.of(changes, true, 1, 1, Map.of())).more();
    }

    private static void pause(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }
}
