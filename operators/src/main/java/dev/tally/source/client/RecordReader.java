package dev.tally.source.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tally.item.Item;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Reads stream records, one after the other; the fields of each may come in any order. Each method
 * begins at the first token of what it reads, and ends at the last.
 */
final class RecordReader {

    static final String NO_TIME = "a record in its answer has no creation time";

    private final JsonParser in;
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

    RecordReader(JsonParser in, Wanted wanted) {
        this.in = in;
        this.images = new ImageReader(in);
        this.wanted = wanted;
    }

    Change record() throws IOException {
        forget();
        AnswerReader.expect(JsonToken.START_OBJECT, in);
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String field = in.currentName();
            JsonToken token = in.nextToken();
            if (token == JsonToken.VALUE_NULL) {
                continue;
            }
            switch (field) {
                case "eventID":
                    eventId = AnswerReader.text(in);
                    break;
                case "eventName":
                    removal = AnswerReader.text(in).equals("REMOVE");
                    break;
                case "userIdentity":
                    identity();
                    break;
                case "dynamodb":
                    content();
                    break;
                default:
                    in.skipChildren();
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

    private void identity() throws IOException {
        AnswerReader.expect(JsonToken.START_OBJECT, in);
        while (in.nextToken() != JsonToken.END_OBJECT) {
            boolean principal = in.currentName().equals("PrincipalId");
            in.nextToken();
            if (principal) {
                ttl = Change.EXPIRY.equals(AnswerReader.text(in));
            } else {
                in.skipChildren();
            }
        }
    }

    private void content() throws IOException {
        AnswerReader.expect(JsonToken.START_OBJECT, in);
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String field = in.currentName();
            JsonToken token = in.nextToken();
            if (token == JsonToken.VALUE_NULL) {
                continue;
            }
            switch (field) {
                case "ApproximateCreationDateTime":
                    time = time(token);
                    timeKnown = true;
                    break;
                case "SequenceNumber":
                    sequenceNumber = AnswerReader.text(in);
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
                    in.skipChildren();
            }
        }
    }

    /** Sent in seconds, often with a fraction. */
    private long time(JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return in.getLongValue() * 1000;
        }
        return new BigDecimal(AnswerReader.text(in)).scaleByPowerOfTen(3).longValue();
    }
}
