package dev.tally.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PermitsTest {

    private final Permits permits = new Permits(6);

    @Test
    void whatIsSpareLeavesOneForEachUser() {
        permits.users(4);
        assertThat(permits.takeSpare()).isTrue();
        assertThat(permits.takeSpare()).isTrue();
        assertThat(permits.takeSpare()).isFalse();
        for (int user = 0; user < 4; user++) {
            assertThat(permits.take()).isTrue();
        }
        assertThat(permits.take()).isFalse();
    }

    @Test
    void withAsManyUsersNothingIsSpare() {
        permits.users(6);
        assertThat(permits.takeSpare()).isFalse();
        assertThat(permits.take()).isTrue();
    }
}
