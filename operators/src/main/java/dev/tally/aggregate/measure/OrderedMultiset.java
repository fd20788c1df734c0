package dev.tally.aggregate.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A multiset of values with its first key and the number of different ones at hand.
 *
 * <p>Changes wait on the heap as differences per value, so that a value that comes and goes between
 * two settlements costs nothing below; {@link #settle} merges them, sorted, into the page of bytes
 * that is all of the multiset, or into those of its {@link ValuePages} that they fall into. So a
 * group of some hundred values is one piece of state, and the extreme of a large one is the name of
 * its first page: no value is sought.
 */
final class OrderedMultiset {

    private static final byte[] NOTHING = {};

    private final ValuePages pages;

    /** Value to signed difference; never zero. */
    private final Map<ValueKey, long[]> waiting = new HashMap<>();

    private int weight;
    private long distinct;
    private ValueKey first;

    /** All values, if they are one page; null if there are none, or more. */
    private byte[] only;

    /** Whether they are more than one page. */
    private boolean paged;

    /** Whether layout 1 of the state has them, one by one. */
    private boolean singles;

    /** First keys of the pages; null until they are needed. */
    private List<ValueKey> firsts;

    OrderedMultiset(ValuePages pages) {
        this.pages = pages;
    }

    /**
     * @param by occurrences more, or fewer if negative
     */
    void change(ValueKey key, long by) {
        long[] difference = waiting.get(key);
        if (difference == null) {
            waiting.put(key, new long[] {by});
            weight += key.weight();
        } else {
            difference[0] += by;
            if (difference[0] == 0) {
                waiting.remove(key);
                weight -= key.weight();
            }
        }
    }

    /** Takes in all values of the other, which is settled. */
    void merge(OrderedMultiset other) {
        if (other.paged) {
            for (ValueKey page : other.pages.firsts()) {
                addAll(other.pages.get(page));
            }
        } else if (other.only != null) {
            addAll(other.only);
        }
    }

    private void addAll(byte[] page) {
        PageReader reader = new PageReader(page);
        while (reader.next()) {
            change(ValueKey.copyOf(reader.key(), reader.length()), reader.count());
        }
    }

    /** What waits weighs: {@link ValueKey#weight} of each value. */
    int waiting() {
        return weight;
    }

    /**
     * @return false if some value would be there fewer than zero times
     */
    boolean settle() {
        if (waiting.isEmpty()) {
            return true;
        }
        if (singles) {
            distinct = 0;
            pages.takeSingles(this::change);
            singles = false;
        }
        ValueKey[] keys = waiting.keySet().toArray(new ValueKey[0]);
        Arrays.sort(keys);
        if (!(paged ? settlePages(keys) : settleOnly(keys))) {
            return false;
        }
        waiting.clear();
        weight = 0;
        if (paged) {
            first = firsts.get(0);
        } else {
            first = only == null ? null : PageReader.first(only);
        }
        return true;
    }

    private boolean settleOnly(ValueKey[] keys) {
        PageWriter writer = new PageWriter();
        if (!merge(only == null ? NOTHING : only, keys, 0, keys.length, writer)) {
            return false;
        }
        List<byte[]> written = writer.pages();
        paged = written.size() > 1;
        only = written.size() == 1 ? written.get(0) : null;
        if (paged) {
            firsts = new ArrayList<>();
            replace(0, 0, writer);
        }
        return true;
    }

    private boolean settlePages(ValueKey[] keys) {
        if (firsts == null) {
            firsts = pages.firsts();
        }
        int from = 0;
        while (from < keys.length) {
            PageWriter writer = new PageWriter();
            int start = pageOf(keys[from]);
            int page = start;
            do {
                int to = page + 1 < firsts.size() ? below(firsts.get(page + 1), keys) : keys.length;
                if (!merge(pages.get(firsts.get(page)), keys, from, to, writer)) {
                    return false;
                }
                from = to;
                page++;
            } while (writer.isSmall() && page < firsts.size());
            replace(start, page, writer);
        }
        if (firsts.size() < 2) {
            paged = false;
            only = firsts.isEmpty() ? null : pages.get(firsts.get(0));
            firsts.forEach(pages::remove);
            firsts = null;
        }
        return true;
    }

    /** The page that has the key, or would have it. */
    private int pageOf(ValueKey key) {
        int at = Collections.binarySearch(firsts, key);
        return at >= 0 ? at : Math.max(0, -at - 2);
    }

    /** How many of the keys are smaller. */
    private static int below(ValueKey bound, ValueKey[] keys) {
        int at = Arrays.binarySearch(keys, bound);
        return at >= 0 ? at : -at - 1;
    }

    private void replace(int from, int to, PageWriter writer) {
        List<byte[]> written = writer.pages();
        List<ValueKey> old = firsts.subList(from, to);
        for (ValueKey name : old) {
            if (!writer.firsts().contains(name)) {
                pages.remove(name);
            }
        }
        for (int i = 0; i < written.size(); i++) {
            pages.put(writer.firsts().get(i), written.get(i));
        }
        old.clear();
        firsts.addAll(from, writer.firsts());
    }

    /** Writes what a page becomes by some of the keys, and counts different values. */
    private boolean merge(byte[] page, ValueKey[] keys, int from, int to, PageWriter writer) {
        PageReader reader = new PageReader(page);
        boolean more = reader.next();
        int at = from;
        while (more || at < to) {
            int order = !more ? 1 : at == to ? -1 : order(reader, keys[at]);
            if (order < 0) {
                writer.add(reader.key(), reader.length(), reader.count());
                more = reader.next();
                continue;
            }
            ValueKey key = keys[at++];
            long before = order == 0 ? reader.count() : 0;
            long after = before + waiting.get(key)[0];
            if (after < 0) {
                return false;
            }
            if (after > 0) {
                writer.add(key.bytes(), key.bytes().length, after);
            }
            distinct += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
            if (order == 0) {
                more = reader.next();
            }
        }
        return true;
    }

    private static int order(PageReader reader, ValueKey key) {
        byte[] bytes = key.bytes();
        return Arrays.compareUnsigned(reader.key(), 0, reader.length(), bytes, 0, bytes.length);
    }

    /** How many different values there are; settled only. */
    long distinct() {
        return distinct;
    }

    /** Null if there is none; settled only. */
    ValueKey first() {
        return first;
    }

    /** All values, if they are one page; null otherwise, and if there are none. */
    byte[] only() {
        return only;
    }

    /** Whether the values are in {@link ValuePages}. */
    boolean paged() {
        return paged;
    }

    /** Goes on from an amount of state. */
    void restore(Amount amount, ValueKey restoredFirst) {
        distinct = amount.count();
        first = restoredFirst;
        only = amount.values();
        paged = amount.paged();
        singles = distinct > 0 && only == null && !paged;
    }
}
