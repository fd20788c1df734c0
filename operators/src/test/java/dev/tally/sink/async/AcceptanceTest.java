package dev.tally.sink.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.sink.async.Acceptance.Verdict;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AcceptanceTest {

    private final Acceptance acceptance = new Acceptance();

    @Test
    void nothingSentIsFine() {
        acceptance.submitted(0);
        assertThat(acceptance.verdict()).isEqualTo(Verdict.FINE);
    }

    @Test
    void nothingAnsweredIsNotAccepted() {
        acceptance.submitted(5);
        assertThat(acceptance.verdict()).isEqualTo(Verdict.NEVER);
        assertThat(acceptance.any()).isFalse();
    }

    @Nested
    class Refused {

        @Test
        void whenAllEntriesOfEveryRequestFail() {
            for (int i = 0; i < 3; i++) {
                acceptance.submitted(5);
                acceptance.submitted(7);
                acceptance.failed(7);
                acceptance.failed(5);
            }
            assertThat(acceptance.verdict()).isEqualTo(Verdict.NEVER);
            assertThat(acceptance.refused()).isEqualTo(36);
        }

        @Test
        void staysSoInTheNextPeriod() {
            acceptance.submitted(5);
            acceptance.failed(5);
            acceptance.verdict();
            assertThat(acceptance.verdict()).isEqualTo(Verdict.NEVER);
        }
    }

    @Nested
    class Accepted {

        @Test
        void whenOneRequestIs() {
            acceptance.submitted(5);
            acceptance.submitted(5);
            acceptance.failed(5);
            acceptance.accepted(5);
            assertThat(acceptance.verdict()).isEqualTo(Verdict.FINE);
        }

        @Test
        void whenSomeEntriesOfARequestAre() {
            acceptance.submitted(500);
            acceptance.failed(499);
            assertThat(acceptance.verdict()).isEqualTo(Verdict.FINE);
            assertThat(acceptance.any()).isTrue();
        }

        @Test
        void whenARequestIsAnsweredWithoutFailures() {
            acceptance.submitted(5);
            acceptance.failed(0);
            assertThat(acceptance.verdict()).isEqualTo(Verdict.FINE);
            assertThat(acceptance.refused()).isZero();
        }
    }

    @Nested
    class Stalled {

        @Test
        void whenAllIsRefusedAfterSomethingWasAccepted() {
            acceptance.submitted(5);
            acceptance.accepted(5);
            assertThat(acceptance.verdict()).isEqualTo(Verdict.FINE);

            acceptance.submitted(5);
            acceptance.failed(5);
            assertThat(acceptance.verdict()).isEqualTo(Verdict.STALLED);
            assertThat(acceptance.verdict()).as("idle since").isEqualTo(Verdict.FINE);
        }

        @Test
        void butNotWhenOnlySomeOfThePeriodWasRefused() {
            acceptance.submitted(5);
            acceptance.accepted(5);
            acceptance.submitted(5);
            acceptance.failed(5);
            assertThat(acceptance.verdict()).isEqualTo(Verdict.FINE);
        }
    }
}
