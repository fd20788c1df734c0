package dev.tally.source.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads images out of an answer, as {@link AwsValues} makes them of the SDK's values; what nobody
 * wants is passed over. Per-record code: no streams, and no exceptions for what cannot be held.
 *
 * <p>Each method begins at the first token of what it reads, and ends at the last.
 */
final class ImageReader {

    private static final Map<String, Type> TYPES = new HashMap<>();

    static {
        for (Type type : Type.values()) {
            TYPES.put(type.name(), type);
        }
    }

    private final JsonParser in;

    /** Why the value that is being read cannot be held: what came first. */
    private String why;

    /** Attributes of the last image that could not be read, and why; null for none. */
    private Map<String, String> unread;

    ImageReader(JsonParser in) {
        this.in = in;
    }

    /** What of it is wanted and can be read. */
    Item item(Predicate<String> wanted) throws IOException {
        expect(JsonToken.START_OBJECT);
        Map<String, Value> fields = new HashMap<>();
        unread = null;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            if (!wanted.test(name)) {
                in.skipChildren();
                continue;
            }
            why = null;
            Value value = value(1);
            if (value != null) {
                fields.put(name, value);
            } else {
                unread = unread == null ? new HashMap<>() : unread;
                unread.put(name, why);
            }
        }
        return Item.of(fields);
    }

    /**
     * What of the last image is wanted and could not be read.
     *
     * @param image as the notes call it
     */
    Unread unread(String image) {
        if (unread == null) {
            return Unread.NOTHING;
        }
        Unread notes = Unread.none();
        unread.forEach((attribute, reason) -> notes.note(attribute, image, reason));
        return notes;
    }

    /** Null if it cannot be held. */
    private Value value(int depth) throws IOException {
        if (depth > AwsValues.DEPTH_MAX) {
            in.skipChildren();
            return cannot(AwsValues.TOO_DEEP);
        }
        if (in.currentToken() == JsonToken.VALUE_NULL) {
            return cannot(AwsValues.NOTHING);
        }
        expect(JsonToken.START_OBJECT);
        String before = why;
        Value value = null;
        int types = 0;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            Type type = TYPES.get(in.currentName());
            if (in.nextToken() == JsonToken.VALUE_NULL) {
                continue;
            }
            if (type == null) {
                in.skipChildren();
            } else {
                value = content(type, depth);
                types++;
            }
        }
        if (types != 1) {
            why = before;
            return cannot(AwsValues.NO_TYPE);
        }
        return value;
    }

    private Value content(Type type, int depth) throws IOException {
        switch (type) {
            case BOOL:
                return Value.bool(in.getBooleanValue());
            case NULL:
                in.getBooleanValue();
                return Value.NULL;
            case M:
                return map(depth + 1);
            case L:
                return list(depth + 1);
            case SS:
                return set(type, Type.S);
            case NS:
                return set(type, Type.N);
            case BS:
                return set(type, Type.B);
            default:
                return scalar(type);
        }
    }

    private Value map(int depth) throws IOException {
        expect(JsonToken.START_OBJECT);
        Map<String, Value> fields = new HashMap<>();
        boolean whole = true;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            Value field = value(depth);
            whole &= field != null;
            fields.put(name, field);
        }
        return whole ? Value.map(fields) : null;
    }

    private Value list(int depth) throws IOException {
        expect(JsonToken.START_ARRAY);
        List<Value> elements = new ArrayList<>();
        boolean whole = true;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            Value element = value(depth);
            whole &= element != null;
            elements.add(element);
        }
        return whole ? Value.list(elements) : null;
    }

    private Value set(Type type, Type elementType) throws IOException {
        expect(JsonToken.START_ARRAY);
        List<Value> elements = new ArrayList<>();
        boolean whole = true;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            Value element =
                    in.currentToken() == JsonToken.VALUE_NULL
                            ? cannot(AwsValues.NOTHING)
                            : scalar(elementType);
            whole &= element != null;
            elements.add(element);
        }
        return whole ? Value.set(type, elements) : null;
    }

    private Value scalar(Type type) throws IOException {
        switch (type) {
            case S:
                return Value.text(AnswerReader.text(in));
            case N:
                return number();
            default:
                expect(JsonToken.VALUE_STRING);
                return Value.binary(in.getBinaryValue());
        }
    }

    private Value number() throws IOException {
        try {
            return Value.number(AnswerReader.text(in));
        } catch (IllegalArgumentException e) {
            return cannot(e.getMessage());
        }
    }

    private Value cannot(String reason) {
        if (why == null) {
            why = reason;
        }
        return null;
    }

    private void expect(JsonToken wanted) throws IOException {
        AnswerReader.expect(wanted, in);
    }
}
