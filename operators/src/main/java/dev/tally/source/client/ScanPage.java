package dev.tally.source.client;

import dev.tally.item.Item;
import java.util.List;

/** One page of a scan. */
public final class ScanPage {

    private final List<Item> items;
    private final Item lastKey;
    private final double consumedCapacity;
    private final long serviceTime;

    public ScanPage(List<Item> items, Item lastKey, double consumedCapacity, long serviceTime) {
        this.items = items;
        this.lastKey = lastKey;
        this.consumedCapacity = consumedCapacity;
        this.serviceTime = serviceTime;
    }

    public List<Item> items() {
        return items;
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
