package dev.tally.aggregate.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;

/** {@link ValuePages} on the heap, for recounts. */
public class HeapPages implements ValuePages {

    private final TreeMap<ValueKey, byte[]> pages = new TreeMap<>();

    @Override
    public List<ValueKey> firsts() {
        return new ArrayList<>(pages.keySet());
    }

    @Override
    public byte[] get(ValueKey first) {
        return pages.get(first);
    }

    @Override
    public void put(ValueKey first, byte[] page) {
        pages.put(first, page);
    }

    @Override
    public void remove(ValueKey first) {
        pages.remove(first);
    }

    @Override
    public PageWriter writer() {
        return new PageWriter();
    }

    @Override
    public void takeSingles(ObjLongConsumer<ValueKey> action) {}
}
