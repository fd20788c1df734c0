package dev.tally.aggregate.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes values in their order into pages of some two thousand bytes. For one thread, and used
 * again and again: {@link #clear}.
 *
 * <p>Per value: how many bytes its key shares with the one before it in the page, how many follow,
 * these, and how often the value is there; numbers with 7 bits a byte, low first. Neighbours are
 * alike, so that most values take five or six bytes.
 */
public final class PageWriter {

    /** A page is closed when it has as many bytes. */
    static final int PAGE_BYTES = 2_000;

    private static final int SMALL = PAGE_BYTES / 4;
    private static final int NUMBER_BYTES_MAX = 10;

    /** Room for the value that fills a page. */
    private static final int SLACK = 64;

    private final List<ValueKey> firsts = new ArrayList<>();
    private final List<byte[]> pages = new ArrayList<>();
    private byte[] page = new byte[PAGE_BYTES + SLACK];
    private int size;
    private byte[] last = new byte[16];
    private int lastLength;

    /** Keys come in their order, each once. */
    void add(byte[] key, int length, long count) {
        if (size >= PAGE_BYTES) {
            close();
        }
        int shared = 0;
        if (size == 0) {
            firsts.add(ValueKey.copyOf(key, length));
        } else {
            shared = Arrays.mismatch(last, 0, lastLength, key, 0, length);
        }
        int rest = length - shared;
        int needed = size + rest + 3 * NUMBER_BYTES_MAX;
        if (needed > page.length) {
            page = Arrays.copyOf(page, 2 * needed);
        }
        number(shared);
        number(rest);
        System.arraycopy(key, shared, page, size, rest);
        size += rest;
        number(count);
        last(key, length);
    }

    /** The next value will be written as what differs from this key. */
    void last(byte[] key, int length) {
        if (length > last.length) {
            last = new byte[2 * length];
        }
        System.arraycopy(key, 0, last, 0, length);
        lastLength = length;
    }

    /**
     * Takes the beginning of another page as it is, while nothing is written yet. Its last key has
     * been given to {@link #last}.
     */
    void head(byte[] other, int length) {
        firsts.add(PageReader.first(other));
        if (length > page.length) {
            page = Arrays.copyOf(page, 2 * length);
        }
        System.arraycopy(other, 0, page, 0, length);
        size = length;
    }

    /**
     * Takes the rest of another page as it is, if there is room; what is before it there was
     * written last.
     *
     * @return false if there is no room
     */
    boolean tail(byte[] other, int from) {
        int length = other.length - from;
        if (size + length > PAGE_BYTES) {
            return false;
        }
        System.arraycopy(other, from, page, size, length);
        size += length;
        lastLength = 0;
        return true;
    }

    boolean isEmpty() {
        return pages.isEmpty() && size == 0;
    }

    /** Forgets all that was written. */
    public void clear() {
        firsts.clear();
        pages.clear();
        size = 0;
        lastLength = 0;
    }

    private void number(long number) {
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            page[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        page[size++] = (byte) rest;
    }

    private void close() {
        if (size > 0) {
            pages.add(Arrays.copyOf(page, size));
            size = 0;
        }
    }

    /** Whether there is one page, with so little in it that it should take in the next one. */
    boolean isSmall() {
        return pages.isEmpty() && size > 0 && size < SMALL;
    }

    /** All pages, the one being written included; until {@link #clear}. */
    List<byte[]> pages() {
        close();
        return pages;
    }

    /** First values of the pages; until {@link #clear}. */
    List<ValueKey> firsts() {
        return firsts;
    }
}
