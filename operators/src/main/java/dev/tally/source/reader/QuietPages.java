package dev.tally.source.reader;

/** The last pages of a shard in a row that had nothing more to give. */
final class QuietPages {

    static final int NEEDED = 3;

    /** Moments before which they were not asked for, oldest first. */
    private final long[] since = new long[NEEDED];

    private int count;

    /**
     * One more.
     *
     * @param begunAt the moment (service milliseconds) before which it was not asked for
     * @return the moment before which nothing is unread; 0 if there were too few pages
     */
    long quiet(long begunAt) {
        if (count == NEEDED) {
            System.arraycopy(since, 1, since, 0, NEEDED - 1);
            count--;
        }
        since[count++] = begunAt;
        return count == NEEDED ? since[0] : 0;
    }

    /** A page was not quiet. */
    void broken() {
        count = 0;
    }
}
