package dev.tally.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.bench.run.Figures;
import dev.tally.bench.run.Setting;
import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Shape;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every contestant that needs nothing but this JVM, against a recount. */
class ContestTest {

    private static final int SIZE = 5_000;
    private static final int MANAGED_MEGABYTES = 128;

    /** It has nothing to tell a stale delivery by: its result is shown as what it is. */
    private static final Set<String> WRONG = Set.of("sql-b2", "sql-b2-mini");

    @TempDir private Path scratch;

    static Set<String> contestants() {
        return new TreeSet<>(Contest.CONTESTANTS.keySet());
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void keepsFullTotalsInRocksDb(String contestant) throws Exception {
        check(
                contestant,
                new Setting(
                        Shape.W1,
                        SIZE,
                        true,
                        1,
                        true,
                        MANAGED_MEGABYTES,
                        Setting.BUFFER_MEGABYTES));
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void keepsBasicTotalsOnTheHeapInTwoSlots(String contestant) throws Exception {
        check(
                contestant,
                new Setting(
                        Shape.W1,
                        SIZE,
                        false,
                        2,
                        false,
                        MANAGED_MEGABYTES,
                        Setting.BUFFER_MEGABYTES));
    }

    private void check(String contestant, Setting setting) throws Exception {
        Changes changes = Changes.of(Shape.W1, SIZE, 5);
        Figures figures = Contest.CONTESTANTS.get(contestant).get().run(changes, setting, scratch);
        // A stream has no repeated deliveries.
        assertThat(figures.changes()).isBetween(SIZE * 95L / 100, (long) SIZE);
        assertThat(figures.groups()).isGreaterThan(100);
        assertThat(figures.nanos()).isPositive();
        if (WRONG.contains(contestant)) {
            assertThat(figures.wrong()).isPositive();
        } else {
            assertThat(figures.wrong()).isZero();
        }
    }
}
