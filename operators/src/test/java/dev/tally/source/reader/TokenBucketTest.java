package dev.tally.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Capacity that may be overdrawn by one page and is paid back before the next. */
class TokenBucketTest {

    @Test
    void withoutALimitNothingWaits() {
        TokenBucket bucket = new TokenBucket(0, 0);
        bucket.spend(1_000_000, 0);
        assertThat(bucket.availableAt(5)).isEqualTo(5);
    }

    @Test
    void aDebtIsPaidBeforeTheNextPage() {
        TokenBucket bucket = new TokenBucket(10, 0);
        bucket.spend(30, 0);
        assertThat(bucket.availableAt(0)).isEqualTo(2_001);
        assertThat(bucket.availableAt(1_000)).isEqualTo(2_001);
        assertThat(bucket.availableAt(2_001)).isEqualTo(2_001);
    }

    @Test
    void idleTimeSavesUpOneSecondAtMost() {
        TokenBucket bucket = new TokenBucket(10, 0);
        assertThat(bucket.availableAt(60_000)).isEqualTo(60_000);
        bucket.spend(20, 60_000);
        assertThat(bucket.availableAt(60_000)).isEqualTo(61_001);
    }
}
