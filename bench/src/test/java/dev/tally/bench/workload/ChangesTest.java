package dev.tally.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChangesTest {

    private static final int SIZE = 20_000;

    @ParameterizedTest
    @EnumSource
    void beginsWithAnInsertOfEachItem(Shape shape) {
        Changes changes = Changes.of(shape, SIZE, 1);
        for (int i = 0; i < changes.items(); i++) {
            assertThat(changes.item(i)).isEqualTo(i);
            assertThat(changes.previous(i)).isEqualTo(Changes.NONE);
            assertThat(changes.group(i)).isNotEqualTo(Changes.REMOVED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachChangeReplacesWhatItsItemWas(Shape shape) {
        Changes changes = Changes.of(shape, SIZE, 1);
        Map<Integer, Integer> newest = new HashMap<>();
        for (int i = 0; i < SIZE; i++) {
            if (!changes.repeated(i)) {
                int before = newest.getOrDefault(changes.item(i), Changes.NONE);
                boolean there = before != Changes.NONE && changes.group(before) != Changes.REMOVED;
                assertThat(changes.previous(i)).isEqualTo(there ? before : Changes.NONE);
                newest.put(changes.item(i), i);
            }
        }
    }

    @Test
    void someDeliveriesAreOlderChangesOnceMore() {
        Changes changes = Changes.of(Shape.W1, SIZE, 1);
        int repeated = 0;
        int removed = 0;
        for (int i = 0; i < SIZE; i++) {
            if (changes.repeated(i)) {
                repeated++;
                int old = changes.sequence(i);
                assertThat(old).isLessThan(i);
                assertThat(changes.item(i)).isEqualTo(changes.item(old));
                assertThat(changes.group(i)).isEqualTo(changes.group(old));
                assertThat(changes.measured(i)).isEqualTo(changes.measured(old));
                assertThat(changes.customer(i)).isEqualTo(changes.customer(old));
                assertThat(changes.time(i)).isEqualTo(changes.time(old));
            } else if (changes.group(i) == Changes.REMOVED) {
                removed++;
            }
        }
        assertThat(repeated).isBetween(SIZE / 100, SIZE / 40);
        assertThat(removed).isBetween(SIZE / 40, SIZE / 20);
    }

    @Test
    void oneSeedMakesTheSameChanges() {
        Changes one = Changes.of(Shape.W3, SIZE, 7);
        Changes other = Changes.of(Shape.W3, SIZE, 7);
        for (int i = 0; i < SIZE; i++) {
            assertThat(one.item(i)).isEqualTo(other.item(i));
            assertThat(one.group(i)).isEqualTo(other.group(i));
            assertThat(one.measured(i)).isEqualTo(other.measured(i));
        }
    }

    @Test
    void threeOfFourChangesOfTheHotWorkloadAreOfOneGroup() {
        Changes changes = Changes.of(Shape.W3, SIZE, 1);
        int hot = 0;
        for (int i = 0; i < changes.items(); i++) {
            hot += changes.group(i) == 0 ? 1 : 0;
        }
        assertThat((double) hot / changes.items()).isBetween(0.74, 0.86);
    }
}
