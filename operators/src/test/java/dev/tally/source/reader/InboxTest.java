package dev.tally.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The hand-over from other threads to the task thread. */
class InboxTest {

    private final Inbox inbox = new Inbox();

    @Test
    void isAvailableFromTheFirstArrivalUntilItIsDrained() {
        CompletableFuture<Void> waiting = inbox.available();
        assertThat(waiting).isNotDone();
        inbox.add(() -> {});
        assertThat(waiting).isDone();
        assertThat(inbox.available()).isDone();
        inbox.drain();
        assertThat(inbox.available()).isNotDone();
    }

    @Test
    void keepsWhatArrivesWhileItIsDrained() {
        List<Integer> ran = new ArrayList<>();
        inbox.add(() -> inbox.add(() -> ran.add(1)));
        inbox.drain();
        assertThat(ran).isEmpty();
        assertThat(inbox.available()).isDone();
        inbox.drain();
        assertThat(ran).containsExactly(1);
    }

    @Test
    void losesNoArrivalBetweenThreadsAndSleepsAfterTheLast() throws Exception {
        int arrivals = 20_000;
        int[] ran = new int[1];
        ExecutorService other = Executors.newFixedThreadPool(2);
        try {
            for (int thread = 0; thread < 2; thread++) {
                other.execute(
                        () -> {
                            for (int i = 0; i < arrivals; i++) {
                                inbox.add(() -> ran[0]++);
                            }
                        });
            }
            while (ran[0] < 2 * arrivals) {
                inbox.available().get(30, TimeUnit.SECONDS);
                inbox.drain();
            }
        } finally {
            other.shutdown();
        }
        assertThat(other.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        inbox.drain();
        assertThat(ran[0]).isEqualTo(2 * arrivals);
        assertThat(inbox.available()).isNotDone();
    }
}
