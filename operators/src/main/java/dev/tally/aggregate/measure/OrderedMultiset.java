package dev.tally.aggregate.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A multiset of values with its first key and the number of different ones at hand.
 *
 * <p>Changes wait on the heap, one behind the other: nothing is looked up for them. {@link #settle}
 * sorts them and merges them into the page of bytes that is all of the multiset, or into those of
 * its {@link ValuePages} that they fall into. So a group of some hundred values is one piece of
 * state, and the extreme of a large one is the name of its first page: no value is sought.
 */
final class OrderedMultiset {

    private static final byte[] NOTHING = {};
    private static final Change[] NONE = {};

    /** Room for as many that wait is kept. */
    private static final int KEPT = 8;

    private final ValuePages pages;

    /** In the order in which they came; of some length. */
    private Change[] waiting = NONE;

    private int waitingSize;
    private int weight;
    private long distinct;
    private ValueKey first;

    /** Kept only if somebody asks for it. */
    private ValueKey last;

    private boolean lastKept;

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
        if (waitingSize == waiting.length) {
            waiting = Arrays.copyOf(waiting, Math.max(4, 2 * waitingSize));
        }
        waiting[waitingSize++] = new Change(key, by);
        weight += key.weight();
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
        if (waitingSize == 0) {
            return true;
        }
        if (singles) {
            distinct = 0;
            last = null;
            pages.takeSingles(this::change);
            singles = false;
        }
        int differences = sumUp();
        if (differences > 0) {
            Change greatest = waiting[differences - 1];
            if (!(paged ? settlePages(differences) : settleOnly(differences))) {
                return false;
            }
            if (lastKept) {
                settleLast(greatest);
            }
        }
        if (waiting.length > KEPT) {
            waiting = NONE;
        } else {
            Arrays.fill(waiting, null);
        }
        waitingSize = 0;
        weight = 0;
        return true;
    }

    /**
     * Sorts what waits, one difference per value, without those that come to nothing.
     *
     * @return how many there are now
     */
    private int sumUp() {
        Arrays.sort(waiting, 0, waitingSize);
        int size = 0;
        for (int i = 0; i < waitingSize; ) {
            Change change = waiting[i++];
            long by = change.by;
            while (i < waitingSize && waiting[i].key.equals(change.key)) {
                by += waiting[i++].by;
            }
            if (by != 0) {
                waiting[size++] = by == change.by ? change : new Change(change.key, by);
            }
        }
        return size;
    }

    private boolean settleOnly(int differences) {
        PageWriter writer = pages.writer();
        if (!merge(only == null ? NOTHING : only, 0, differences, writer)) {
            return false;
        }
        List<byte[]> written = writer.pages();
        paged = written.size() > 1;
        only = written.size() == 1 ? written.get(0) : null;
        first = written.isEmpty() ? null : writer.firsts().get(0);
        if (paged) {
            firsts = new ArrayList<>();
            replace(0, 0, writer);
        }
        return true;
    }

    private boolean settlePages(int differences) {
        if (firsts == null) {
            firsts = pages.firsts();
        }
        int from = 0;
        while (from < differences) {
            PageWriter writer = pages.writer();
            int start = pageOf(waiting[from].key);
            int page = start;
            do {
                int to = differences;
                if (page + 1 < firsts.size()) {
                    to = below(firsts.get(page + 1), from, differences);
                }
                if (!merge(pages.get(firsts.get(page)), from, to, writer)) {
                    return false;
                }
                from = to;
                page++;
            } while (writer.isSmall() && page < firsts.size());
            replace(start, page, writer);
        }
        first = firsts.isEmpty() ? null : firsts.get(0);
        if (firsts.size() < 2) {
            paged = false;
            only = firsts.isEmpty() ? null : pages.get(firsts.get(0));
            firsts.forEach(pages::remove);
            firsts = null;
        }
        return true;
    }

    /** Only where the last value of before goes, it is looked for. */
    private void settleLast(Change greatest) {
        int order = last == null ? 1 : greatest.key.compareTo(last);
        if (order > 0) {
            last = greatest.key;
        } else if (order == 0 && greatest.by < 0) {
            byte[] page = paged ? pages.get(firsts.get(firsts.size() - 1)) : only;
            last = page == null ? null : PageReader.last(page);
        }
    }

    /** The page that has the key, or would have it. */
    private int pageOf(ValueKey key) {
        int at = Collections.binarySearch(firsts, key);
        return at >= 0 ? at : Math.max(0, -at - 2);
    }

    /** Where the differences end that are of smaller values than the bound. */
    private int below(ValueKey bound, int from, int to) {
        int at = Arrays.binarySearch(waiting, from, to, new Change(bound, 0));
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

    /**
     * Writes what a page becomes by some of the differences, and counts different values. What is
     * before the first of them is copied as it is, and so is what is behind the last, but for the
     * value that follows it: it is written as what differs from the one before.
     */
    private boolean merge(byte[] page, int from, int to, PageWriter writer) {
        PageReader reader = new PageReader(page);
        boolean more = writer.isEmpty() ? skip(reader, page, from, to, writer) : reader.next();
        int at = from;
        while (more || at < to) {
            int order = !more ? 1 : at == to ? -1 : order(reader, waiting[at].key);
            if (order < 0) {
                writer.add(reader.key(), reader.length(), reader.count());
                if (at == to && writer.tail(page, reader.end())) {
                    return true;
                }
                more = reader.next();
                continue;
            }
            ValueKey key = waiting[at].key;
            long before = order == 0 ? reader.count() : 0;
            long after = before + waiting[at++].by;
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

    /**
     * Copies what is below the first difference.
     *
     * @return whether there is more; the reader is at it
     */
    private boolean skip(PageReader reader, byte[] page, int from, int to, PageWriter writer) {
        int below = 0;
        boolean more = reader.next();
        while (more && from < to && order(reader, waiting[from].key) < 0) {
            below = reader.end();
            writer.last(reader.key(), reader.length());
            more = reader.next();
        }
        if (below > 0) {
            writer.head(page, below);
        }
        return more;
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

    /** Null if there is none; settled only, and only if {@link #keepLast} was called. */
    ValueKey last() {
        return last;
    }

    /** To be called before there is anything in it. */
    void keepLast() {
        lastKept = true;
    }

    /** Goes on from state, beside {@link #restore}. */
    void restoreLast(ValueKey restored) {
        last = restored;
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

    /** So many occurrences of a value more, or fewer; in the order of the values. */
    private static final class Change implements Comparable<Change> {

        private final ValueKey key;
        private final long by;

        Change(ValueKey key, long by) {
            this.key = key;
            this.by = by;
        }

        @Override
        public int compareTo(Change other) {
            return key.compareTo(other.key);
        }
    }
}
