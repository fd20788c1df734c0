package dev.tally.source.client;

import dev.tally.item.Item;

/** A stream record, in our own types. */
public final class Change {

    /** Who removes expired items, as records name it. */
    static final String EXPIRY = "dynamodb.amazonaws.com";

    private final String eventId;
    private final String sequenceNumber;
    private final Item keys;
    private final Item oldImage;
    private final Item newImage;
    private final boolean removal;
    private final long time;
    private final boolean ttl;
    private final Unread unread;

    public Change(
            String eventId,
            String sequenceNumber,
            Item keys,
            Item oldImage,
            Item newImage,
            boolean removal,
            long time,
            boolean ttl) {
        this(eventId, sequenceNumber, keys, oldImage, newImage, removal, time, ttl, Unread.NOTHING);
    }

    /**
     * @param unread what is missing in keys and images since it could not be read
     */
    public Change(
            String eventId,
            String sequenceNumber,
            Item keys,
            Item oldImage,
            Item newImage,
            boolean removal,
            long time,
            boolean ttl,
            Unread unread) {
        this.eventId = eventId;
        this.sequenceNumber = sequenceNumber;
        this.keys = keys;
        this.oldImage = oldImage;
        this.newImage = newImage;
        this.removal = removal;
        this.time = time;
        this.ttl = ttl;
        this.unread = unread;
    }

    public String eventId() {
        return eventId;
    }

    public String sequenceNumber() {
        return sequenceNumber;
    }

    /** The key attributes, as far as they could be read. */
    public Item keys() {
        return keys;
    }

    /** Null if there was no item, or the view type has no old images. */
    public Item oldImage() {
        return oldImage;
    }

    /** Null if the record removes the item, or the view type has no new images. */
    public Item newImage() {
        return newImage;
    }

    /** Whether the item was removed. */
    public boolean removal() {
        return removal;
    }

    /** Creation time, cut to the second (by DynamoDB Local to the minute), in ms. */
    public long time() {
        return time;
    }

    /** Whether DynamoDB removed an expired item. */
    public boolean ttl() {
        return ttl;
    }

    /** What could not be read of keys and images. */
    public Unread unread() {
        return unread;
    }
}
