package dev.tally.aggregate.measure;

import java.util.Arrays;

/** Goes through the values of one page, in their order. For one thread; see {@link PageWriter}. */
final class PageReader {

    private final byte[] page;
    private int at;
    private byte[] key = new byte[16];
    private int length;
    private long count;

    PageReader(byte[] page) {
        this.page = page;
    }

    /**
     * @return false at the end
     */
    boolean next() {
        if (at == page.length) {
            return false;
        }
        try {
            int shared = (int) number();
            int rest = (int) number();
            length = shared + rest;
            if (length > key.length) {
                key = Arrays.copyOf(key, 2 * length);
            }
            System.arraycopy(page, at, key, shared, rest);
            at += rest;
            count = number();
            return true;
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalStateException("cannot read values in state: a page is damaged", e);
        }
    }

    private long number() {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = page[at++];
            number |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
    }

    /** Bytes of the value's key, as many as {@link #length} says; changed by {@link #next}. */
    byte[] key() {
        return key;
    }

    int length() {
        return length;
    }

    /** Where the value ends in the page. */
    int end() {
        return at;
    }

    /** How often the value is there. */
    long count() {
        return count;
    }

    /** The first value of a page that is not empty. */
    static ValueKey first(byte[] page) {
        PageReader reader = new PageReader(page);
        reader.next();
        return ValueKey.copyOf(reader.key, reader.length);
    }

    /** The last value of a page that is not empty. */
    static ValueKey last(byte[] page) {
        PageReader reader = new PageReader(page);
        while (reader.at < page.length) {
            reader.next();
        }
        return ValueKey.copyOf(reader.key, reader.length);
    }
}
