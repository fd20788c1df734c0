package dev.tally.source.client;

import dev.tally.item.Item;
import java.util.List;

/** One page of a scan. */
public final class ScanPage {

    private final List<Item> items;
    private final List<Unread> unread;
    private final Item lastKey;
    private final double consumedCapacity;
    private final long serviceTime;

    public ScanPage(List<Item> items, Item lastKey, double consumedCapacity, long serviceTime) {
        this(items, List.of(), lastKey, consumedCapacity, serviceTime);
    }

    /**
     * @param unread what could not be read of each item, or empty if all could
     */
    public ScanPage(
            List<Item> items,
            List<Unread> unread,
            Item lastKey,
            double consumedCapacity,
            long serviceTime) {
        this.items = items;
        this.unread = unread;
        this.lastKey = lastKey;
        this.consumedCapacity = consumedCapacity;
        this.serviceTime = serviceTime;
    }

    public List<Item> items() {
        return items;
    }

    /** What could not be read of the item at this place of the page. */
    public Unread unread(int index) {
        return unread.isEmpty() ? Unread.NOTHING : unread.get(index);
    }

    /** Where the next page goes on; null at the end of the segment. */
    public Item lastKey() {
        return lastKey;
    }

    /** Read capacity units. */
    public double consumedCapacity() {
        return consumedCapacity;
    }

    public long serviceTime() {
        return serviceTime;
    }
}
