package dev.tally.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When ready may be said: not before everything it stands for is in a completed checkpoint. */
class ReadinessTest {

    private static Readiness holding() {
        Readiness readiness = new Readiness(0);
        readiness.settle(1_000);
        readiness.listed(2_000);
        readiness.observe(true);
        return readiness;
    }

    @Test
    void theMomentIsAfterTheSecondThatWasSeen() {
        Readiness readiness = new Readiness(0);
        readiness.settle(1_000);
        assertThat(readiness.settledAt()).isEqualTo(2_000);
    }

    @Test
    void waitsForAListingBegunAfterTheMoment() {
        Readiness readiness = new Readiness(0);
        readiness.settle(1_000);
        readiness.listed(1_999);
        readiness.observe(true);
        assertThat(readiness.holds()).isFalse();
        assertThat(readiness.wantsListing(1_999)).isFalse();
        assertThat(readiness.wantsListing(2_000)).isTrue();
        readiness.listed(2_000);
        readiness.observe(true);
        assertThat(readiness.holds()).isTrue();
        assertThat(readiness.wantsListing(2_000)).isFalse();
    }

    @Test
    void isAnnouncedByACheckpointBegunAfterItHeld() {
        Readiness readiness = new Readiness(0);
        readiness.checkpointBegins(1);
        readiness = holding();
        assertThat(readiness.checkpointCompleted(1)).isFalse();
        readiness.checkpointBegins(2);
        assertThat(readiness.checkpointCompleted(1)).isFalse();
        assertThat(readiness.announced()).isFalse();
        assertThat(readiness.checkpointCompleted(2)).isTrue();
        assertThat(readiness.announced()).isTrue();
        assertThat(readiness.checkpointCompleted(3)).isFalse();
    }

    @Test
    void aLaterCheckpointMakesUpForAnAbortedOne() {
        Readiness readiness = holding();
        readiness.checkpointBegins(2);
        readiness.checkpointBegins(3);
        assertThat(readiness.checkpointCompleted(3)).isTrue();
    }

    @Test
    void mustHoldAgainAfterAReaderStartedAgain() {
        Readiness readiness = holding();
        readiness.checkpointBegins(2);
        readiness.doubt();
        assertThat(readiness.checkpointCompleted(2)).isFalse();
        readiness.observe(false);
        readiness.checkpointBegins(3);
        assertThat(readiness.checkpointCompleted(3)).isFalse();
        readiness.observe(true);
        readiness.checkpointBegins(4);
        assertThat(readiness.checkpointCompleted(4)).isTrue();
    }

    @Test
    void isNotReadyWhileTheScanIsNotDone() {
        Readiness readiness = holding();
        readiness.unsettle();
        readiness.observe(true);
        readiness.checkpointBegins(2);
        assertThat(readiness.checkpointCompleted(2)).isFalse();
    }
}
