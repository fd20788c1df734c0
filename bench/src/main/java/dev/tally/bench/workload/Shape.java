package dev.tally.bench.workload;

/**
 * What a workload is like. All have one seed: every contestant, and every round, gets the same
 * changes.
 */
public enum Shape {
    /** 100,000 items, 1,000 groups, both by Zipf's law: most changes hit few of them. */
    W1(100_000, 1_000),
    /** Ten million items, all alike: they do not fit into any cache. */
    W2(10_000_000, 100_000),
    /** Three of four changes hit one group. */
    W3(100_000, 1_000),
    /** Minimum and maximum of the time of the change: the greatest goes with every update. */
    W4(100_000, 1_000),
    /** Images of 1 KB, and a feed of all changes. */
    W5(100_000, 1_000),
    /** A first load: inserts only. */
    W6(Integer.MAX_VALUE, 1_000),
    /** As many groups as items. */
    W7(100_000, 100_000);

    /** At most. */
    final int items;

    final int groups;

    Shape(int items, int groups) {
        this.items = items;
        this.groups = groups;
    }

    /** Of fewer changes fewer items: what a short run does is like what a long one does. */
    public int items(int changes) {
        int inserts =
                switch (this) {
                    case W2 -> changes / 6 * 5;
                    case W6 -> changes;
                    default -> changes / 10;
                };
        return Math.min(items, inserts);
    }

    public int groups() {
        return groups;
    }

    /** Whether measures are of the time of the change rather than of the amount. */
    public boolean measuresTime() {
        return this == W4;
    }

    /** Bytes of an attribute that nothing reads; 0: there is none. */
    public int padding() {
        return this == W5 ? 900 : 0;
    }

    public boolean feed() {
        return this == W5;
    }
}
