package dev.tally.diff;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReconcileLoopTest {

    @Test
    void eachChangeHasItsVerdict() {
        ReconcileLoop loop = new ReconcileLoop();
        loop.setUp();
        assertThat(verdict(loop.insert())).isEqualTo(Verdict.STREAM_FIRST);
        assertThat(verdict(loop.update())).isEqualTo(Verdict.STREAM_NEXT);
        assertThat(verdict(loop.remove())).isEqualTo(Verdict.STREAM_NEXT);
        assertThat(verdict(loop.repeatedDelivery())).isEqualTo(Verdict.DUPLICATE);
        assertThat(verdict(loop.staleDelivery())).isEqualTo(Verdict.DUPLICATE);
        assertThat(((Outcome) loop.remove()).state()).isNull();
        assertThat(((Outcome) loop.staleDelivery()).state())
                .isEqualTo(((Outcome) loop.insert()).state());
    }

    private static Verdict verdict(Object outcome) {
        return ((Outcome) outcome).verdict();
    }
}
