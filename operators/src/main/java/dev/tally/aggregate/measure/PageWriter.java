package dev.tally.aggregate.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes values in their order into pages of some two thousand bytes. For one thread.
 *
 * <p>Per value: how many bytes its key shares with the one before it in the page, how many follow,
 * these, and how often the value is there; numbers with 7 bits a byte, low first. Neighbours are
 * alike, so that most values take five or six bytes.
 */
final class PageWriter {

    /** A page is closed when it has as many bytes. */
    static final int PAGE_BYTES = 2_000;

    private static final int SMALL = PAGE_BYTES / 4;
    private static final int NUMBER_BYTES_MAX = 10;

    private final List<ValueKey> firsts = new ArrayList<>();
    private final List<byte[]> pages = new ArrayList<>();
    private byte[] page = new byte[PAGE_BYTES + 64];
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
        if (length > last.length) {
            last = new byte[2 * length];
        }
        System.arraycopy(key, 0, last, 0, length);
        lastLength = length;
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

    /** All pages, the one being written included. */
    List<byte[]> pages() {
        close();
        return pages;
    }

    /** First values of the pages. */
    List<ValueKey> firsts() {
        return firsts;
    }
}
