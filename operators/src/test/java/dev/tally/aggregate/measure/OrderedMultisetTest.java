package dev.tally.aggregate.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.codec.CodecSerializer;
import dev.tally.codec.RandomValues;
import dev.tally.item.Value;
import java.io.IOException;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.api.Test;

/** The multiset behind the ordered measures, and the order of its keys. */
class OrderedMultisetTest {

    private static ValueKey key(long number) {
        return ValueKey.ascending(Value.number(number));
    }

    /**
     * Random additions and removals beside a plain sorted map, settled at random moments: number of
     * values and first key are the same at each settlement.
     */
    @Test
    void isASortedMultisetAtEverySettlement() {
        for (long seed = 0; seed < 200; seed++) {
            RandomValues values = new RandomValues(seed);
            OrderedMultiset multiset = new OrderedMultiset(new HeapCounts(), true);
            TreeMap<ValueKey, Long> naive = new TreeMap<>();
            for (int i = 0; i < 200; i++) {
                ValueKey key = key(values.random().nextInt(10));
                boolean add = values.random().nextInt(5) < 2 || !naive.containsKey(key);
                multiset.change(key, add ? 1 : -1);
                naive.merge(key, add ? 1L : -1L, Long::sum);
                naive.remove(key, 0L);
                if (values.random().nextInt(4) == 0) {
                    assertThat(multiset.settle()).isTrue();
                    assertThat(multiset.distinct()).as("seed %d", seed).isEqualTo(naive.size());
                    assertThat(multiset.first())
                            .as("seed %d", seed)
                            .isEqualTo(naive.isEmpty() ? null : naive.firstKey());
                }
            }
        }
    }

    @Test
    void whatComesAndGoesBetweenSettlementsIsNeverSeenBelow() {
        CountingCounts counts = new CountingCounts();
        OrderedMultiset multiset = new OrderedMultiset(counts, true);
        multiset.change(key(1), 1);
        multiset.change(key(1), -1);
        assertThat(multiset.waiting()).isZero();
        multiset.settle();
        assertThat(counts.calls).isZero();
    }

    @Test
    void longValuesWeighMoreWhileTheyWait() {
        OrderedMultiset multiset = new OrderedMultiset(new HeapCounts(), true);
        ValueKey longText = ValueKey.ascending(Value.text("x".repeat(6_400)));
        multiset.change(key(1), 1);
        assertThat(multiset.waiting()).isEqualTo(1);
        multiset.change(longText, 1);
        assertThat(multiset.waiting()).isEqualTo(102);
        multiset.change(longText, -1);
        assertThat(multiset.waiting()).isEqualTo(1);
        multiset.settle();
        assertThat(multiset.waiting()).isZero();
    }

    @Test
    void seeksTheFirstKeyOnlyWhenItHasGone() {
        CountingCounts counts = new CountingCounts();
        OrderedMultiset multiset = new OrderedMultiset(counts, true);
        multiset.change(key(1), 1);
        multiset.change(key(2), 1);
        multiset.change(key(3), 1);
        multiset.settle();
        multiset.change(key(3), -1);
        multiset.settle();
        assertThat(counts.seeks).isZero();

        multiset.change(key(1), -1);
        multiset.settle();
        assertThat(counts.seeks).isEqualTo(1);
        assertThat(multiset.first()).isEqualTo(key(2));
    }

    @Test
    void removingWhatIsNotThereIsRefused() {
        OrderedMultiset multiset = new OrderedMultiset(new HeapCounts(), true);
        multiset.change(key(1), 1);
        multiset.settle();
        multiset.change(key(1), -2);
        assertThat(multiset.settle()).isFalse();
    }

    /** RocksDB compares serialized keys; that order has to be the one of the values, or reverse. */
    @Test
    void serializedKeysAreInTheOrderOfTheValues() throws IOException {
        for (long seed = 0; seed < 5_000; seed++) {
            RandomValues values = new RandomValues(seed);
            Value a = comparable(values);
            Value b = comparable(values);
            int order = Integer.signum(a.compareTo(b));

            assertThat(serializedOrder(ValueKey.ascending(a), ValueKey.ascending(b)))
                    .as("seed %d", seed)
                    .isEqualTo(order);
            assertThat(serializedOrder(ValueKey.descending(a), ValueKey.descending(b)))
                    .as("seed %d", seed)
                    .isEqualTo(-order);
            assertThat(ValueKey.ascending(a).value(false)).isEqualTo(a);
            assertThat(ValueKey.descending(a).value(true)).isEqualTo(a);
        }
    }

    @Test
    void keysReadBackAsTheyWereWritten() throws IOException {
        for (long seed = 0; seed < 500; seed++) {
            ValueKey key = ValueKey.unordered(new RandomValues(seed).value(2));
            byte[] bytes = CodecSerializer.toBytes(ValueKey.CODEC, key);
            assertThat(CodecSerializer.fromBytes(ValueKey.CODEC, bytes)).isEqualTo(key);
        }
    }

    private static Value comparable(RandomValues values) {
        Value value = values.value(0);
        while (!ValueKey.hasOrder(value)) {
            value = values.value(0);
        }
        return value;
    }

    private static int serializedOrder(ValueKey a, ValueKey b) {
        return Integer.signum(
                Arrays.compareUnsigned(
                        CodecSerializer.toBytes(ValueKey.CODEC, a),
                        CodecSerializer.toBytes(ValueKey.CODEC, b)));
    }

    /** Counts what is asked of it. */
    private static final class CountingCounts implements ValueCounts {
        private final HeapCounts counts = new HeapCounts();
        private int calls;
        private int seeks;

        @Override
        public long get(ValueKey key) {
            calls++;
            return counts.get(key);
        }

        @Override
        public void set(ValueKey key, long count) {
            calls++;
            counts.set(key, count);
        }

        @Override
        public ValueKey first() {
            seeks++;
            return counts.first();
        }

        @Override
        public void forEach(ObjLongConsumer<ValueKey> action) {
            counts.forEach(action);
        }
    }
}
