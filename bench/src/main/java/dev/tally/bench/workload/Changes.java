package dev.tally.bench.workload;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The changes of a table in the order in which its stream delivers them, in columns: each sets an
 * item's group, amount and customer, or removes the item.
 *
 * <p>First every item is inserted; then of the changes 2 % are deliveries of an older one once more
 * (often a stale one), 5 % remove the item, the others update it, a tenth of them into another
 * group. A change of an item that is not there inserts it again. Of an item that is not there no
 * older change is repeated: Tally forgets it, as the streams of DynamoDB have each record once.
 */
public final class Changes {

    /** In {@link #group}: the item is removed. */
    public static final int REMOVED = -1;

    /** In {@link #previous}: there was no item. */
    public static final int NONE = -1;

    private static final int AMOUNTS = 10_000;
    private static final int CUSTOMERS = 5_000;
    private static final double SKEW = 0.99;

    /** How far back a delivery may be repeated from. */
    private static final int STALE = 50_000;

    private final Shape shape;
    private final int[] item;
    private final int[] group;
    private final int[] amount;
    private final int[] customer;
    private final int[] sequence;
    private final int[] previous;

    private Changes(Shape shape, int size) {
        this.shape = shape;
        item = new int[size];
        group = new int[size];
        amount = new int[size];
        customer = new int[size];
        sequence = new int[size];
        previous = new int[size];
    }

    public static Changes of(Shape shape, int size, long seed) {
        Changes changes = new Changes(shape, size);
        changes.draw(new SplittableRandom(seed));
        return changes;
    }

    private void draw(SplittableRandom random) {
        int items = shape.items(size());
        int[] last = new int[items];
        Arrays.fill(last, NONE);
        boolean uniform = shape == Shape.W2;
        Zipf itemSkew = uniform ? null : new Zipf(items, SKEW);
        Zipf groupSkew = uniform ? null : new Zipf(shape.groups(), SKEW);
        for (int i = 0; i < size(); i++) {
            boolean first = i < items;
            if (!first && random.nextInt(100) < 2) {
                int old = i - 1 - random.nextInt(Math.min(i, STALE));
                if (group[last[item[old]]] != REMOVED) {
                    repeat(old, i);
                    continue;
                }
            }
            int it = first ? i : uniform ? random.nextInt(items) : itemSkew.next(random);
            int before = last[it];
            boolean there = before != NONE && group[before] != REMOVED;
            item[i] = it;
            sequence[i] = i;
            previous[i] = there ? before : NONE;
            amount[i] = random.nextInt(AMOUNTS);
            customer[i] = random.nextInt(CUSTOMERS);
            if (there && random.nextInt(100) < 5) {
                group[i] = REMOVED;
            } else if (there && random.nextInt(10) > 0) {
                group[i] = group[before];
            } else {
                group[i] = drawGroup(random, uniform, groupSkew);
            }
            last[it] = i;
        }
    }

    private int drawGroup(SplittableRandom random, boolean uniform, Zipf skew) {
        if (shape == Shape.W3 && random.nextInt(4) > 0) {
            return 0;
        }
        return uniform ? random.nextInt(shape.groups()) : skew.next(random);
    }

    private void repeat(int old, int at) {
        item[at] = item[old];
        group[at] = group[old];
        amount[at] = amount[old];
        customer[at] = customer[old];
        sequence[at] = sequence[old];
        previous[at] = previous[old];
    }

    public Shape shape() {
        return shape;
    }

    public int size() {
        return item.length;
    }

    public int items() {
        return shape.items(size());
    }

    public int item(int i) {
        return item[i];
    }

    /** {@link #REMOVED} if the change removes its item. */
    public int group(int i) {
        return group[i];
    }

    public int customer(int i) {
        return customer[i];
    }

    /** What sum, average and extremes are of. */
    public long measured(int i) {
        return shape.measuresTime() ? time(i) : amount[i];
    }

    /** Milliseconds since 1970; a repeated delivery has the time of the change. */
    public long time(int i) {
        return 1_800_000_000_000L + sequence[i];
    }

    /** Of two changes of an item the one with the greater number is newer. */
    public int sequence(int i) {
        return sequence[i];
    }

    /** Whether this is an older change once more. */
    public boolean repeated(int i) {
        return sequence[i] != i;
    }

    /** The change that made what this one replaces; {@link #NONE} if it inserts. */
    public int previous(int i) {
        return previous[i];
    }
}
