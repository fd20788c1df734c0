package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {

    @Test
    void keepsOneSecondsWorthAtMost() {
        TokenBucket bucket = new TokenBucket(2, 0);
        assertThat(bucket.tryTake(100_000)).isTrue();
        assertThat(bucket.tryTake(100_000)).isTrue();
        assertThat(bucket.tryTake(100_000)).isFalse();
    }

    @Test
    void survivesAClockThatStepsBack() {
        TokenBucket bucket = new TokenBucket(1, 10_000);
        assertThat(bucket.tryTake(10_000)).isTrue();
        assertThat(bucket.tryTake(0)).isFalse();
        assertThat(bucket.nextAt(0)).isEqualTo(1_000);
        assertThat(bucket.tryTake(1_000)).isTrue();
    }

    @Test
    void ofLessThanOneASecondStillGivesOne() {
        TokenBucket bucket = new TokenBucket(0.5, 0);
        assertThat(bucket.tryTake(0)).isTrue();
        assertThat(bucket.nextAt(0)).isEqualTo(2_000);
    }

    @Test
    void ofNoRateHasNoLimit() {
        TokenBucket bucket = new TokenBucket(0, 0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(bucket.tryTake(0)).isTrue();
        }
        assertThat(bucket.nextAt(5)).isEqualTo(5);
    }
}
