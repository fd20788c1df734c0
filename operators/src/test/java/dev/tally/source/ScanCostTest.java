package dev.tally.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The estimate that is logged before a scan and printed by {@code check}. */
class ScanCostTest {

    @Test
    void isAUnitForFourKilobytesStronglyRead() {
        assertThat(new ScanCost(40L << 30, 0))
                .hasToString("10,485,760 read units, about $1.31 on demand, in about 3,496 s");
    }

    @Test
    void takesAsLongAsTheCapacityAllows() {
        assertThat(new ScanCost(4_096_000, 10))
                .hasToString("1,000 read units, about $0.00 on demand, in about 100 s");
        assertThat(new ScanCost(0, 10))
                .hasToString("0 read units, about $0.00 on demand, in about 0 s");
    }
}
