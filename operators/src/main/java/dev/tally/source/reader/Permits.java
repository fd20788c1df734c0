package dev.tally.source.reader;

import dev.tally.source.SourceOptions;

/**
 * Bounds the heap that fetched pages take: a permit for each call under way and each page that has
 * records. There are as many as pages fit if all are like the largest of late: so many shards with
 * little in each page are still read at once. None is reckoned below {@link #LEAST_BYTES}, so that
 * a burst of the largest pages takes three times the heap at most. Task thread only.
 */
final class Permits {

    /** Of a page: what the largest one is on the wire. */
    private static final long LEAST_BYTES = SourceOptions.PAGE_BYTES / 3;

    /** One of so many parts is what a smaller page brings the reckoned size nearer to its own. */
    private static final int FADING = 16;

    private final long bytes;
    private long pageBytes = SourceOptions.PAGE_BYTES;
    private int taken;
    private int users;

    /**
     * @param pages of the largest size that fit
     */
    Permits(int pages) {
        this.bytes = pages * SourceOptions.PAGE_BYTES;
    }

    /** A page has come. */
    void saw(long size) {
        pageBytes = Math.max(size, pageBytes - (pageBytes - size) / FADING);
    }

    boolean take() {
        if (taken >= all()) {
            return false;
        }
        taken++;
        return true;
    }

    /** How many share them. */
    void users(int count) {
        users = count;
    }

    /** Takes one if as many are left as there are users: nobody has to wait for it. */
    boolean takeSpare() {
        return taken + users < all() && take();
    }

    private long all() {
        return bytes / Math.max(LEAST_BYTES, pageBytes);
    }

    void release() {
        if (taken == 0) {
            throw new IllegalStateException("cannot release a permit that was not taken");
        }
        taken--;
    }

    int taken() {
        return taken;
    }
}
