package dev.tally.source.client;

import dev.tally.item.Item;
import dev.tally.item.ItemWriter;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads images out of an answer, as {@link AwsValues} makes them of the SDK's values; what nobody
 * wants is passed over. Per-record code: no streams, and no exceptions for what cannot be held.
 */
final class ImageReader {

    private static final Map<String, Type> TYPES = new HashMap<>();

    static {
        for (Type type : Type.values()) {
            TYPES.put(type.name(), type);
        }
    }

    private final JsonBytes in;
    private final ItemWriter image = new ItemWriter();

    /** Why the value that is being read cannot be held: what came first. */
    private String why;

    /** Attributes of the last image that could not be read, and why; null for none. */
    private Map<String, String> unread;

    ImageReader(JsonBytes in) {
        this.in = in;
    }

    /** What of it is wanted and can be read. */
    Item item(Predicate<String> wanted) throws AnswerException {
        in.open('{');
        unread = null;
        while (in.more('}')) {
            String name = in.name();
            why = null;
            if (!wanted.test(name)) {
                in.skip();
            } else if (in.isPlain('S')) {
                image.text(name, in.bytes(), in.from(), in.to());
            } else if (!in.isPlain('N')) {
                keep(name, value(1));
            } else if (in.isLastWhole()) {
                image.number(name, in.whole());
            } else {
                keep(name, decimal());
            }
        }
        return image.item();
    }

    private void keep(String name, Value value) {
        if (value != null) {
            image.value(name, value);
        } else {
            unread = unread == null ? new HashMap<>() : unread;
            unread.put(name, why);
        }
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
    private Value value(int depth) throws AnswerException {
        if (depth > AwsValues.DEPTH_MAX) {
            in.skip();
            return cannot(AwsValues.TOO_DEEP);
        }
        if (in.isNull()) {
            return cannot(AwsValues.NOTHING);
        }
        in.open('{');
        String before = why;
        Value value = null;
        int types = 0;
        while (in.more('}')) {
            Type type = TYPES.get(in.name());
            if (in.isNull()) {
                continue;
            }
            if (type == null) {
                in.skip();
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

    private Value content(Type type, int depth) throws AnswerException {
        switch (type) {
            case BOOL:
                return Value.bool(in.bool());
            case NULL:
                in.bool();
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

    private Value map(int depth) throws AnswerException {
        in.open('{');
        Map<String, Value> fields = new HashMap<>();
        boolean whole = true;
        while (in.more('}')) {
            String name = in.name();
            Value field = value(depth);
            whole &= field != null;
            fields.put(name, field);
        }
        return whole ? Value.map(fields) : null;
    }

    private Value list(int depth) throws AnswerException {
        in.open('[');
        List<Value> elements = new ArrayList<>();
        boolean whole = true;
        while (in.more(']')) {
            Value element = value(depth);
            whole &= element != null;
            elements.add(element);
        }
        return whole ? Value.list(elements) : null;
    }

    private Value set(Type type, Type elementType) throws AnswerException {
        in.open('[');
        List<Value> elements = new ArrayList<>();
        boolean whole = true;
        while (in.more(']')) {
            Value element = in.isNull() ? cannot(AwsValues.NOTHING) : scalar(elementType);
            whole &= element != null;
            elements.add(element);
        }
        return whole ? Value.set(type, elements) : null;
    }

    private Value scalar(Type type) throws AnswerException {
        switch (type) {
            case S:
                return Value.text(in.text());
            case N:
                return in.isWhole() ? Value.number(in.whole()) : decimal();
            default:
                return Value.binary(in.base64());
        }
    }

    /** The last text. */
    private Value decimal() throws AnswerException {
        try {
            return Value.number(in.lastText());
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
}
