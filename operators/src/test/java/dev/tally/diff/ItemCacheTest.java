package dev.tally.diff;

import static dev.tally.diff.Tasks.kept;
import static dev.tally.diff.Tasks.moved;
import static dev.tally.diff.Tasks.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.diff.ItemCache.Entry;
import dev.tally.item.ItemKey;
import dev.tally.item.Value;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which items stay on the heap, and in which order they leave it. */
class ItemCacheTest {

    private final ItemCache cache = new ItemCache(1_000);

    private static ItemKey key(String task) {
        return ItemKey.of(List.of(Value.text(task)));
    }

    private static ItemState state(String list) {
        return ItemState.streamed(1, version(1), kept(list));
    }

    private void change(String task, String list) {
        Entry entry = cache.get(key(task));
        if (entry == null) {
            entry = cache.add(key(task), null);
        }
        cache.change(entry).to(state(list), moved(task, 1, 1, null, list));
        cache.changed(entry);
    }

    @Test
    void theOneChangedLongestAgoIsTheFirst() {
        change("t", "a");
        change("u", "a");
        change("t", "b");
        assertThat(cache.changedItems()).isEqualTo(2);
        assertThat(cache.oldestChanged().key()).isEqualTo(key("u"));

        cache.writtenBack(cache.oldestChanged());
        assertThat(cache.oldestChanged().key()).isEqualTo(key("t"));
        assertThat(cache.get(key("u")).stored()).isEqualTo(state("a"));
        assertThat(cache.get(key("u")).dirty()).isNull();

        cache.writtenBack(cache.oldestChanged());
        assertThat(cache.changedItems()).isZero();
        assertThat(cache.changedBytes()).isZero();
        assertThat(cache.get(key("t")).now()).isEqualTo(state("b"));
    }

    @Test
    void whatHasNotChangedIsForgottenWhenThereIsNoRoom() {
        for (int i = 0; i < 10; i++) {
            cache.add(key("t" + i), state("a"));
        }
        assertThat(cache.get(key("t0"))).isNull();
        assertThat(cache.get(key("t8"))).isNotNull();
        assertThat(cache.get(key("t9"))).isNotNull();
    }

    /** However little room there is: its way is nowhere else. */
    @Test
    void whatHasChangedStays() {
        for (int i = 0; i < 10; i++) {
            change("t" + i, "a");
        }
        assertThat(cache.changedItems()).isEqualTo(10);
        assertThat(cache.get(key("t0")).now()).isEqualTo(state("a"));
    }

    @Test
    void isSmallAsLongAsHardlyAnyItemIsFound() {
        ItemCache large = new ItemCache(1L << 30);
        look(large, 0, 20_000);
        assertThat(large.small()).as("each item is new").isTrue();
        assertThat(large.get(key("k0"))).as("what is there stays until there is more").isNotNull();
        look(large, 20_000, 40_000);
        assertThat(large.small()).isTrue();
        look(large, 0, 20_000);
        look(large, 0, 20_000);
        assertThat(large.small()).as("each item is found").isFalse();
    }

    private static void look(ItemCache cache, int from, int to) {
        for (int i = from; i < to; i++) {
            if (cache.get(key("k" + i)) == null) {
                cache.add(key("k" + i), state("a"));
            }
        }
    }

    /** Else young collections of garbage copy all that has left since the oldest that did. */
    @Test
    void oneThatLeftKeepsNoneThatLeavesLaterOnTheHeap() {
        Entry first = cache.add(key("t0"), state("a"));
        WeakReference<Entry> second = new WeakReference<>(cache.add(key("t1"), state("a")));
        for (int i = 2; i < 20; i++) {
            cache.add(key("t" + i), state("a"));
        }
        for (int i = 0; i < 100 && second.get() != null; i++) {
            System.gc();
        }
        assertThat(second.get()).isNull();
        assertThat(first.stored()).isEqualTo(state("a"));
    }

    @Test
    void anItemThatIsGoneIsForgotten() {
        Entry entry = cache.add(key("t"), state("a"));
        cache.change(entry).to(null, moved("t", 1, 2, "a", null));
        cache.changed(entry);
        cache.writtenBack(entry);
        assertThat(cache.get(key("t"))).isNull();

        cache.add(key("u"), state("a"));
        cache.forget(key("u"));
        cache.forget(key("u"));
        assertThat(cache.get(key("u"))).isNull();
    }
}
