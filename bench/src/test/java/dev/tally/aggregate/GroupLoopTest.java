package dev.tally.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupLoopTest {

    @ParameterizedTest
    @ValueSource(ints = {100, 10_000})
    void whatIsWrittenIsRead(int inputs) throws Exception {
        GroupLoop loop = new GroupLoop();
        loop.inputs = inputs;
        loop.setUp();
        assertThat(loop.writeGroup()).isPositive();
        assertThat(loop.readGroup()).isEqualTo(loop.group);
        assertThat(loop.readGroup().items()).isEqualTo(inputs);
        assertThat(loop.readGroup().amounts()).hasSize(6);
    }
}
