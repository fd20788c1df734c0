package dev.tally.bench.workload;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
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

    /** More would not fit into memory. */
    private static final int MADE_BEFORE_MAX = 3_000_000;

    private final Shape shape;

    /** Columns. Off the heap: no contestant's collections of garbage move them. */
    private final IntBuffer item;

    private final IntBuffer group;
    private final IntBuffer amount;
    private final IntBuffer customer;
    private final IntBuffer sequence;
    private final IntBuffer previous;

    private Changes(Shape shape, int size) {
        this.shape = shape;
        item = column(size);
        group = column(size);
        amount = column(size);
        customer = column(size);
        sequence = column(size);
        previous = column(size);
    }

    private static IntBuffer column(int size) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(size * Integer.BYTES);
        return bytes.order(ByteOrder.nativeOrder()).asIntBuffer();
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
                if (group.get(last[item.get(old)]) != REMOVED) {
                    repeat(old, i);
                    continue;
                }
            }
            int it = first ? i : uniform ? random.nextInt(items) : itemSkew.next(random);
            int before = last[it];
            boolean there = before != NONE && group.get(before) != REMOVED;
            item.put(i, it);
            sequence.put(i, i);
            previous.put(i, there ? before : NONE);
            amount.put(i, random.nextInt(AMOUNTS));
            customer.put(i, random.nextInt(CUSTOMERS));
            if (there && random.nextInt(100) < 5) {
                group.put(i, REMOVED);
            } else if (there && random.nextInt(10) > 0) {
                group.put(i, group.get(before));
            } else {
                group.put(i, drawGroup(random, uniform, groupSkew));
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
        item.put(at, item.get(old));
        group.put(at, group.get(old));
        amount.put(at, amount.get(old));
        customer.put(at, customer.get(old));
        sequence.put(at, sequence.get(old));
        previous.put(at, previous.get(old));
    }

    public Shape shape() {
        return shape;
    }

    public int size() {
        return item.capacity();
    }

    /**
     * Whether what a contestant takes of them is made before the clock starts. Of W2 it is made
     * while the job runs: a gigabyte of objects would be what the garbage collector works at.
     */
    public boolean madeBefore() {
        return shape != Shape.W2 && size() <= MADE_BEFORE_MAX;
    }

    public int items() {
        return shape.items(size());
    }

    public int item(int i) {
        return item.get(i);
    }

    /** {@link #REMOVED} if the change removes its item. */
    public int group(int i) {
        return group.get(i);
    }

    public int customer(int i) {
        return customer.get(i);
    }

    /** What sum, average and extremes are of. */
    public long measured(int i) {
        return shape.measuresTime() ? time(i) : amount.get(i);
    }

    /** Milliseconds since 1970; a repeated delivery has the time of the change. */
    public long time(int i) {
        return 1_800_000_000_000L + sequence.get(i);
    }

    /** Of two changes of an item the one with the greater number is newer. */
    public int sequence(int i) {
        return sequence.get(i);
    }

    /** Whether this is an older change once more. */
    public boolean repeated(int i) {
        return sequence.get(i) != i;
    }

    /** The change that made what this one replaces; {@link #NONE} if it inserts. */
    public int previous(int i) {
        return previous.get(i);
    }
}
