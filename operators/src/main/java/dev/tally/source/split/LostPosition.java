package dev.tally.source.split;

import java.io.Serializable;

/** Where a reader has stopped, because the stream no longer holds what comes next. */
public final class LostPosition implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final long since;

    /**
     * @param what the lost: a clause that names the shard
     * @param since service milliseconds of the first change that may be lost
     */
    public LostPosition(String what, long since) {
        this.what = what;
        this.since = since;
    }

    public String what() {
        return what;
    }

    public long since() {
        return since;
    }
}
