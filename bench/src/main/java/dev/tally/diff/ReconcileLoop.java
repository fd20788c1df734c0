package dev.tally.diff;

import dev.tally.change.ItemChange;
import dev.tally.change.ItemVersion;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.Value;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a change does to the state of its item; in this package, as nobody else decides it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReconcileLoop {

    private static final long READY = 1;

    private Reconciler reconciler;
    private ItemState state;
    private ItemChange first;
    private ItemChange newer;
    private ItemChange stale;
    private ItemChange removal;

    @Setup
    public void setUp() {
        KeptAttributes kept = KeptAttributes.named(List.of("list", "amount", "customer"));
        reconciler = new Reconciler("items", HeldImages.always(kept), Diffs.NONE);
        first = change(2, null, image(1));
        state = reconciler.apply(null, first, READY, READY).state();
        newer = change(3, image(1), image(2));
        stale = change(1, null, image(0));
        removal = change(3, image(1), null);
    }

    private static ItemChange change(long sequence, Item before, Item after) {
        return ItemChange.streamed(
                ItemKey.of(List.of(Value.text("item-1"))),
                READY,
                ItemVersion.of(0, "4000000000000" + (1_000_000_000L + sequence)),
                before,
                after,
                1_800_000_000_000L,
                null,
                false);
    }

    private static Item image(int amount) {
        return Item.of(
                Map.of(
                        "list", Value.text("group-1"),
                        "amount", Value.number(amount),
                        "customer", Value.text("customer-1")));
    }

    @Benchmark
    public Object insert() {
        return reconciler.apply(null, first, READY, READY);
    }

    @Benchmark
    public Object update() {
        return reconciler.apply(state, newer, READY, READY);
    }

    @Benchmark
    public Object remove() {
        return reconciler.apply(state, removal, READY, READY);
    }

    @Benchmark
    public Object repeatedDelivery() {
        return reconciler.apply(state, first, READY, READY);
    }

    @Benchmark
    public Object staleDelivery() {
        return reconciler.apply(state, stale, READY, READY);
    }
}
