package dev.tally.source.reader;

/**
 * Bounds the heap that fetched pages take: a permit for each call under way and each page that has
 * records. Task thread only.
 */
final class Permits {

    private final int max;
    private int taken;

    Permits(int max) {
        this.max = max;
    }

    boolean take() {
        if (taken >= max) {
            return false;
        }
        taken++;
        return true;
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
