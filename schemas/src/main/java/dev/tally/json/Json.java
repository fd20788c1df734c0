package dev.tally.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** What the wire forms share: one factory, and the form of times. */
final class Json {

    /** Attribute names of DynamoDB have up to 64 KB, and there is no end of different ones. */
    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNameLength(1 << 18).build())
                    .build();

    /** Always with milliseconds, so that the order of the texts is the order of the times. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Json() {}

    /** Writes one JSON text. */
    interface Writing {
        void to(JsonGenerator out) throws IOException;
    }

    static byte[] bytes(int sizeHint, Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(sizeHint);
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            writing.to(out);
        } catch (IOException e) {
            throw new IllegalStateException("cannot write JSON into memory", e);
        }
        return bytes.toByteArray();
    }

    /** Reads one JSON text. */
    interface Reading<T> {
        T from(JsonParser in) throws IOException;
    }

    /**
     * Begins at the first token.
     *
     * @throws IOException with a sentence; that of the parser would quote what it reads
     */
    static <T> T read(byte[] json, Reading<T> reading) throws IOException {
        try (JsonParser in = FACTORY.createParser(json)) {
            in.nextToken();
            return reading.from(in);
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw new IOException(
                    "cannot read JSON before byte "
                            + (place == null ? json.length : place.getByteOffset())
                            + ": it is cut off, nested too deep, or no JSON.");
        }
    }

    static void expect(JsonToken wanted, JsonParser in, String what) throws IOException {
        if (in.currentToken() != wanted) {
            throw wrong(in, what + " needs " + wanted + " and not " + in.currentToken());
        }
    }

    static IOException wrong(JsonParser in, String why) {
        return new IOException(
                "cannot read JSON before byte "
                        + in.currentLocation().getByteOffset()
                        + ": "
                        + why);
    }

    /** ISO-8601 of milliseconds since the epoch, or a null. */
    static void writeTime(String name, long time, JsonGenerator out) throws IOException {
        if (time == 0) {
            out.writeNullField(name);
        } else {
            out.writeStringField(name, TIME.format(Instant.ofEpochMilli(time)));
        }
    }

    static long readTime(JsonParser in) throws IOException {
        if (in.currentToken() == JsonToken.VALUE_NULL) {
            return 0;
        }
        try {
            return Instant.parse(in.getText()).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw wrong(in, "a time is written like 2026-11-20T19:00:00.000Z");
        }
    }
}
