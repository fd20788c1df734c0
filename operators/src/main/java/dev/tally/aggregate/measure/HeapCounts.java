package dev.tally.aggregate.measure;

import java.util.TreeMap;
import java.util.function.ObjLongConsumer;

/** {@link ValueCounts} on the heap, for recounts. */
public final class HeapCounts implements ValueCounts {

    private final TreeMap<ValueKey, Long> counts = new TreeMap<>();

    @Override
    public long get(ValueKey key) {
        return counts.getOrDefault(key, 0L);
    }

    @Override
    public void set(ValueKey key, long count) {
        if (count == 0) {
            counts.remove(key);
        } else {
            counts.put(key, count);
        }
    }

    @Override
    public ValueKey first() {
        return counts.isEmpty() ? null : counts.firstKey();
    }

    @Override
    public void forEach(ObjLongConsumer<ValueKey> action) {
        counts.forEach(action::accept);
    }
}
