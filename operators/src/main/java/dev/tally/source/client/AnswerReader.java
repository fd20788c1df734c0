package dev.tally.source.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads answers of GetRecords out of their bytes in one pass, and makes no objects of what nobody
 * wants. Unknown fields are passed over, as the SDK does. All methods are for all threads.
 */
final class AnswerReader {

    /** Attribute names have up to 64 KB, and whoever writes the table chooses them. */
    private static final JsonFactory JSON =
            new JsonFactoryBuilder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNameLength(1 << 18).build())
                    .build();

    private AnswerReader() {}

    /**
     * @param time of the service, milliseconds
     * @throws AnswerException if it is cut off or no JSON of the right form
     */
    static ChangePage changes(byte[] answer, Wanted wanted, long time) throws IOException {
        try (JsonParser in = JSON.createParser(answer)) {
            in.nextToken();
            return changes(in, wanted, time);
        } catch (JsonProcessingException e) {
            // Not the parser's own words: they quote what it reads.
            JsonLocation place = e.getLocation();
            throw wrong(place == null ? answer.length : place.getByteOffset());
        }
    }

    private static ChangePage changes(JsonParser in, Wanted wanted, long time) throws IOException {
        RecordReader reader = new RecordReader(in, wanted);
        List<Change> changes = new ArrayList<>();
        String next = null;
        expect(JsonToken.START_OBJECT, in);
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String field = in.currentName();
            JsonToken token = in.nextToken();
            if (field.equals("Records") && token != JsonToken.VALUE_NULL) {
                expect(JsonToken.START_ARRAY, in);
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    changes.add(reader.record());
                }
            } else if (field.equals("NextShardIterator")) {
                next = text(in);
            } else {
                in.skipChildren();
            }
        }
        return new ChangePage(changes, next, time);
    }

    /** What a scalar says; null for a null. */
    static String text(JsonParser in) throws IOException {
        if (in.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (!in.currentToken().isScalarValue()) {
            throw wrong(in.currentLocation().getByteOffset());
        }
        return in.getText();
    }

    static void expect(JsonToken token, JsonParser in) throws IOException {
        if (in.currentToken() != token) {
            throw wrong(in.currentLocation().getByteOffset());
        }
    }

    private static AnswerException wrong(long at) {
        return new AnswerException(
                "its answer cannot be read before byte "
                        + at
                        + ": it is cut off, or not of the form that the service has");
    }
}
