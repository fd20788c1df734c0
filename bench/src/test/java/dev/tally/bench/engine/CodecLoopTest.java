package dev.tally.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodecLoopTest {

    @Test
    void whatIsWrittenIsRead() throws Exception {
        CodecLoop loop = new CodecLoop();
        loop.setUp();
        assertThat(loop.readChange()).isEqualTo(loop.change);
        assertThat(loop.readState()).isEqualTo(loop.state);
        assertThat(loop.readContribution()).isEqualTo(loop.contribution);
        assertThat(loop.readContribution().add()).isEqualTo(loop.members().inputs());
        assertThat(loop.writeChange()).isGreaterThan(loop.writeState());
        assertThat(loop.writeContribution()).isPositive();
    }
}
