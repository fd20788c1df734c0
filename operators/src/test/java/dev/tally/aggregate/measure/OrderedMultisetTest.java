package dev.tally.aggregate.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.codec.CodecSerializer;
import dev.tally.codec.RandomValues;
import dev.tally.item.Value;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.api.Test;

/** The multiset behind the ordered measures, and the order of its keys. */
class OrderedMultisetTest {

    private static ValueKey key(long number) {
        return ValueKey.ascending(Value.number(number));
    }

    /**
     * Random additions and removals beside a plain sorted map, settled at random moments and taken
     * through state now and then: number of values, first key and all counts are the same at each
     * settlement, of one page as of many.
     */
    @Test
    void isASortedMultisetAtEverySettlement() {
        int paged = 0;
        int single = 0;
        for (long seed = 0; seed < 200; seed++) {
            RandomValues values = new RandomValues(seed);
            Random random = values.random();
            int domain = seed % 2 == 0 ? 10 : 3_000;
            HeapPages pages = new HeapPages();
            OrderedMultiset multiset = new OrderedMultiset(pages);
            TreeMap<ValueKey, Long> naive = new TreeMap<>();
            for (int step = 0; step < 20; step++) {
                boolean shrinks = random.nextInt(3) == 0;
                for (int i = random.nextInt(1 + domain); i > 0; i--) {
                    ValueKey key = key(random.nextInt(domain));
                    boolean add = random.nextInt(5) < (shrinks ? 1 : 3) || !naive.containsKey(key);
                    multiset.change(key, add ? 1 : -1);
                    naive.merge(key, add ? 1L : -1L, Long::sum);
                    naive.remove(key, 0L);
                }
                assertThat(multiset.settle()).isTrue();
                assertThat(multiset.distinct()).as("seed %d", seed).isEqualTo(naive.size());
                assertThat(multiset.first())
                        .as("seed %d", seed)
                        .isEqualTo(naive.isEmpty() ? null : naive.firstKey());
                assertThat(all(multiset, pages)).as("seed %d", seed).isEqualTo(naive);
                paged += multiset.paged() ? 1 : 0;
                single += multiset.only() != null ? 1 : 0;
                if (random.nextInt(4) == 0) {
                    multiset = throughState(multiset, pages);
                }
            }
        }
        assertThat(paged).isGreaterThan(100);
        assertThat(single).isGreaterThan(100);
    }

    private static TreeMap<ValueKey, Long> all(OrderedMultiset multiset, HeapPages pages) {
        TreeMap<ValueKey, Long> all = new TreeMap<>();
        if (multiset.only() != null) {
            assertThat(pages.firsts()).isEmpty();
            addAll(multiset.only(), all);
        }
        for (ValueKey first : pages.firsts()) {
            addAll(pages.get(first), all);
        }
        return all;
    }

    private static void addAll(byte[] page, TreeMap<ValueKey, Long> all) {
        PageReader reader = new PageReader(page);
        while (reader.next()) {
            all.put(ValueKey.copyOf(reader.key(), reader.length()), reader.count());
        }
    }

    private static OrderedMultiset throughState(OrderedMultiset multiset, HeapPages pages) {
        OrderedMultiset restored = new OrderedMultiset(pages);
        restored.restore(
                new Amount(multiset.distinct(), null, multiset.only(), multiset.paged()),
                multiset.first());
        return restored;
    }

    /** Each page is found by its first key, whatever came before it or left it. */
    @Test
    void pagesAreNamedByTheirFirstKeyAndNeitherLargeNorEmpty() {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            HeapPages pages = new HeapPages();
            OrderedMultiset multiset = new OrderedMultiset(pages);
            for (int i = 0; i < 5_000; i++) {
                multiset.change(key(i), 1);
            }
            multiset.settle();
            int left = 5_000;
            for (int i = 0; i < 5_000 && left > 500; i++) {
                if (random.nextInt(10) > 0) {
                    multiset.change(key(i), -1);
                    left--;
                }
                if (random.nextInt(500) == 0) {
                    multiset.settle();
                }
            }
            multiset.settle();
            for (ValueKey first : pages.firsts()) {
                byte[] page = pages.get(first);
                assertThat(PageReader.first(page)).isEqualTo(first);
                assertThat(page.length).isBetween(1, PageWriter.PAGE_BYTES + 50);
            }
            assertThat(pages.firsts().size()).isLessThan(20);
        }
    }

    /** A change of one value of a large multiset reads and writes one page. */
    @Test
    void touchesNoPageButTheOneItFallsInto() {
        CountingPages pages = new CountingPages();
        OrderedMultiset multiset = new OrderedMultiset(pages);
        for (int i = 0; i < 20_000; i++) {
            multiset.change(key(2 * i), 1);
        }
        multiset.settle();
        pages.gets = 0;
        pages.puts = 0;

        multiset.change(key(20_001), 1);
        multiset.settle();
        assertThat(pages.gets).isEqualTo(1);
        assertThat(pages.puts).isBetween(1, 2);

        multiset.change(key(0), -1);
        multiset.settle();
        assertThat(multiset.first()).isEqualTo(key(2));
        assertThat(pages.gets).isEqualTo(2);
    }

    @Test
    void whatComesAndGoesBetweenSettlementsIsNeverSeenBelow() {
        CountingPages pages = new CountingPages();
        OrderedMultiset multiset = new OrderedMultiset(pages);
        multiset.change(key(1), 1);
        multiset.change(key(1), -1);
        multiset.settle();
        assertThat(multiset.waiting()).isZero();
        assertThat(pages.puts).isZero();
        assertThat(multiset.only()).isNull();
        assertThat(multiset.distinct()).isZero();
    }

    @Test
    void pagesStayAsTheyAreWhenAllThatWaitsComesToNothing() {
        CountingPages pages = new CountingPages();
        OrderedMultiset multiset = new OrderedMultiset(pages);
        for (int i = 0; i < 3_000; i++) {
            multiset.change(key(i), 1);
        }
        multiset.settle();
        OrderedMultiset restored = throughState(multiset, pages);
        restored.change(key(7), -1);
        restored.change(key(7), 1);
        assertThat(restored.settle()).isTrue();
        assertThat(restored.first()).isEqualTo(key(0));
        assertThat(pages.gets).isZero();
    }

    /** As layout 1 of the state had them. */
    @Test
    void takesOverValuesThatAreOneByOneInState() {
        TreeMap<ValueKey, Long> singles = new TreeMap<>();
        for (int i = 0; i < 3_000; i++) {
            singles.put(key(i), 1L + i % 3);
        }
        HeapPages pages =
                new HeapPages() {
                    @Override
                    public void takeSingles(ObjLongConsumer<ValueKey> action) {
                        singles.forEach(action::accept);
                        singles.clear();
                    }
                };
        TreeMap<ValueKey, Long> all = new TreeMap<>(singles);
        OrderedMultiset multiset = new OrderedMultiset(pages);
        multiset.restore(new Amount(3_000, null), key(0));
        multiset.settle();
        assertThat(singles).as("until something changes").hasSize(3_000);

        multiset.change(key(0), -1);
        multiset.settle();
        all.remove(key(0));
        assertThat(singles).isEmpty();
        assertThat(multiset.distinct()).isEqualTo(2_999);
        assertThat(multiset.first()).isEqualTo(key(1));
        assertThat(all(multiset, pages)).isEqualTo(all);
    }

    @Test
    void longValuesWeighMoreWhileTheyWait() {
        OrderedMultiset multiset = new OrderedMultiset(new HeapPages());
        ValueKey longText = ValueKey.ascending(Value.text("x".repeat(6_400)));
        multiset.change(key(1), 1);
        assertThat(multiset.waiting()).isEqualTo(1);
        multiset.change(longText, 1);
        assertThat(multiset.waiting()).isEqualTo(102);
        multiset.change(longText, -1);
        assertThat(multiset.waiting()).isEqualTo(203);
        multiset.settle();
        assertThat(multiset.waiting()).isZero();
    }

    @Test
    void removingWhatIsNotThereIsRefused() {
        OrderedMultiset multiset = new OrderedMultiset(new HeapPages());
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
    private static final class CountingPages extends HeapPages {
        private int gets;
        private int puts;

        @Override
        public byte[] get(ValueKey first) {
            gets++;
            return super.get(first);
        }

        @Override
        public void put(ValueKey first, byte[] page) {
            puts++;
            super.put(first, page);
        }
    }
}
