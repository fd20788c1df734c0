package dev.tally.source.client;

import dev.tally.item.Item;
import java.math.BigDecimal;

/** Reads stream records, one after the other; the fields of each may come in any order. */
final class RecordReader {

    static final String NO_TIME = "a record in its answer has no creation time";

    private final JsonBytes in;
    private final ImageReader images;
    private final Wanted wanted;

    private String eventId;
    private boolean removal;
    private boolean ttl;
    private boolean timeKnown;
    private long time;
    private String sequenceNumber;
    private Item keys;
    private Item after;
    private Item before;
    private Unread ofKeys;
    private Unread ofAfter;
    private Unread ofBefore;

    RecordReader(JsonBytes in, Wanted wanted) {
        this.in = in;
        this.images = new ImageReader(in);
        this.wanted = wanted;
    }

    Change record() throws AnswerException {
        forget();
        in.open('{');
        while (in.more('}')) {
            String field = in.name();
            if (in.isNull()) {
                continue;
            }
            switch (field) {
                case "eventID":
                    eventId = in.text();
                    break;
                case "eventName":
                    removal = in.text().equals("REMOVE");
                    break;
                case "userIdentity":
                    identity();
                    break;
                case "dynamodb":
                    content();
                    break;
                default:
                    in.skip();
            }
        }
        if (!timeKnown) {
            throw new AnswerException(NO_TIME);
        }
        Unread unread = ofKeys.and(ofAfter).and(ofBefore);
        return new Change(eventId, sequenceNumber, keys, before, after, removal, time, ttl, unread);
    }

    private void forget() {
        eventId = null;
        removal = false;
        ttl = false;
        timeKnown = false;
        sequenceNumber = null;
        keys = Item.EMPTY;
        after = null;
        before = null;
        ofKeys = Unread.NOTHING;
        ofAfter = Unread.NOTHING;
        ofBefore = Unread.NOTHING;
    }

    private void identity() throws AnswerException {
        in.open('{');
        while (in.more('}')) {
            boolean principal = in.name().equals("PrincipalId");
            if (in.isNull()) {
                continue;
            }
            if (principal) {
                ttl = in.text().equals(Change.EXPIRY);
            } else {
                in.skip();
            }
        }
    }

    private void content() throws AnswerException {
        in.open('{');
        while (in.more('}')) {
            String field = in.name();
            if (in.isNull()) {
                continue;
            }
            switch (field) {
                case "ApproximateCreationDateTime":
                    time = time();
                    timeKnown = true;
                    break;
                case "SequenceNumber":
                    sequenceNumber = in.text();
                    break;
                case "Keys":
                    keys = images.item(attribute -> true);
                    ofKeys = images.unread("the item's key");
                    break;
                case "NewImage":
                    after = images.item(wanted::inRecords);
                    ofAfter = images.unread("the item");
                    break;
                case "OldImage":
                    before = images.item(wanted::inRecords);
                    ofBefore = images.unread("the item before the change");
                    break;
                default:
                    in.skip();
            }
        }
    }

    /** Sent in seconds, often with a fraction. */
    private long time() throws AnswerException {
        long millis = in.thousandths();
        return millis >= 0 ? millis : new BigDecimal(in.number()).scaleByPowerOfTen(3).longValue();
    }
}
