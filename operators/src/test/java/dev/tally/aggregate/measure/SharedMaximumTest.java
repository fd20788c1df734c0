package dev.tally.aggregate.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.codec.CodecSerializer;
import dev.tally.item.AttributePath;
import dev.tally.item.Value;
import dev.tally.view.MeasureSpec;
import dev.tally.view.MeasureSpec.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A maximum that looks at its minimum's values says what one with values of its own says, whatever
 * comes and goes; and it goes on from state in which it had them.
 */
class SharedMaximumTest {

    private static final MeasureSpec MIN = spec(Kind.MIN);
    private static final MeasureSpec MAX = spec(Kind.MAX);

    private static MeasureSpec spec(Kind kind) {
        return new MeasureSpec("M_" + kind, kind, AttributePath.parse("A"), null);
    }

    /** Minimum and maximum of one group, and a place for the values of each. */
    private static final class Pair {
        private final Places ofMin;
        private final Places ofMax;
        private final Measure min;
        private final Measure max;

        Pair(Places ofMin, Places ofMax) {
            this.ofMin = ofMin;
            this.ofMax = ofMax;
            this.min = Measure.of("v", MIN, ofMin);
            this.max = Measure.sharedMaximum("v", MAX, ofMax, min);
        }

        void change(long number, boolean add) {
            for (Measure measure : List.of(min, max)) {
                if (add) {
                    measure.add(Value.number(number));
                } else {
                    measure.retract(Value.number(number));
                }
            }
        }

        void settle() {
            min.settle();
            max.settle();
        }

        Pair throughState() throws IOException {
            return restore(ofMin, ofMax, min.amount(), max.amount());
        }

        static Pair restore(Places ofMin, Places ofMax, Amount min, Amount max) throws IOException {
            Pair pair = new Pair(ofMin, ofMax);
            pair.min.restore(copy(min));
            pair.max.restore(copy(max));
            return pair;
        }

        private static Amount copy(Amount amount) throws IOException {
            byte[] state = CodecSerializer.toBytes(Amount.CODEC, amount);
            return CodecSerializer.fromBytes(Amount.CODEC, state);
        }
    }

    /** Pages, and values one by one as layout 1 had them. */
    private static final class Places extends HeapPages {
        private final TreeMap<ValueKey, Long> singles = new TreeMap<>();

        @Override
        public void takeSingles(ObjLongConsumer<ValueKey> action) {
            singles.forEach(action::accept);
            singles.clear();
        }
    }

    @Test
    void saysWhatOneWithValuesOfItsOwnSays() throws IOException {
        int paged = 0;
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int domain = seed % 2 == 0 ? 10 : 3_000;
            Pair pair = new Pair(new Places(), new Places());
            Measure alone = Measure.of("v", MAX, new HeapPages());
            TreeMap<Long, Long> there = new TreeMap<>();
            for (int step = 0; step < 20; step++) {
                boolean shrinks = random.nextInt(3) == 0;
                for (int i = random.nextInt(1 + domain); i > 0; i--) {
                    boolean highest = shrinks && random.nextBoolean() && !there.isEmpty();
                    long number = highest ? there.lastKey() : random.nextInt(domain);
                    boolean add = !there.containsKey(number) || random.nextInt(5) > 2 && !highest;
                    pair.change(number, add);
                    change(alone, number, add);
                    there.merge(number, add ? 1L : -1L, Long::sum);
                    there.remove(number, 0L);
                }
                pair.settle();
                alone.settle();
                assertThat(pair.max.result())
                        .as("seed %d", seed)
                        .isEqualTo(alone.result())
                        .isEqualTo(there.isEmpty() ? null : Value.number(there.lastKey()));
                assertThat(pair.max.isZero()).isEqualTo(there.isEmpty());
                assertThat(pair.max.amount().equals(Amount.ZERO)).isEqualTo(there.isEmpty());
                paged += pair.ofMin.firsts().isEmpty() ? 0 : 1;
                pair = random.nextInt(3) == 0 ? pair.throughState() : pair;
            }
            assertThat(pair.ofMax.firsts()).isEmpty();
        }
        assertThat(paged).isGreaterThan(100);
    }

    private static void change(Measure measure, long number, boolean add) {
        if (add) {
            measure.add(Value.number(number));
        } else {
            measure.retract(Value.number(number));
        }
    }

    /** Layout 3: each had values of its own, in its amount if there are few, else in pages. */
    @ParameterizedTest
    @ValueSource(ints = {3, 3_000})
    void goesOnFromStateInWhichItHadValues(int size) throws IOException {
        Places ofMin = new Places();
        Places ofMax = new Places();
        Measure min = Measure.of("v", MIN, ofMin);
        Measure max = Measure.of("v", MAX, ofMax);
        for (int i = 0; i < size; i++) {
            min.add(Value.number(i));
            max.add(Value.number(i));
        }
        min.settle();
        max.settle();
        assertThat(ofMax.firsts().isEmpty()).isEqualTo(size == 3);

        emptied(Pair.restore(ofMin, ofMax, min.amount(), max.amount()), size);
    }

    /** Layout 1: the values of both were in state one by one. */
    @Test
    void goesOnFromValuesOneByOne() throws IOException {
        Places ofMin = new Places();
        Places ofMax = new Places();
        for (int i = 0; i < 10; i++) {
            ofMin.singles.put(ValueKey.ascending(Value.number(i)), 1L);
            ofMax.singles.put(ValueKey.descending(Value.number(i)), 1L);
        }
        Amount min = new Amount(10, Value.number(0), null, false);
        Amount max = new Amount(10, Value.number(9), null, false);

        emptied(Pair.restore(ofMin, ofMax, min, max), 10);
    }

    /** Takes the values 0 to size - 1 out of it, the largest first. */
    private static void emptied(Pair restored, int size) throws IOException {
        Pair pair = restored;
        assertThat(pair.max.result()).isEqualTo(Value.number(size - 1));
        pair.settle();
        assertThat(pair.ofMax.firsts()).isEmpty();
        assertThat(pair.ofMax.singles).isEmpty();
        assertThat(pair.max.result()).isEqualTo(Value.number(size - 1));
        List<Value> results = new ArrayList<>();
        for (int left = size; left > 0; left--) {
            pair.change(left - 1, false);
            pair.settle();
            pair = left % 5 == 0 ? pair.throughState() : pair;
            results.add(pair.max.result());
        }
        assertThat(results).hasSize(size).last().isNull();
        for (int i = 0; i < size - 1; i++) {
            assertThat(results.get(i)).isEqualTo(Value.number(size - 2 - i));
        }
        assertThat(pair.min.isZero() && pair.max.isZero()).isTrue();
        assertThat(pair.ofMin.firsts()).isEmpty();
    }
}
