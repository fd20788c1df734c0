package dev.tally.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Items as the DynamoDB API writes them: {@code {"Title": {"S": "Milk"}, "Effort": {"N": "3"}}}.
 * Nothing is lost: each type has its own name, numbers are decimal texts, binaries are base64.
 */
public final class DynamoDbJson {

    private DynamoDbJson() {}

    public static byte[] toBytes(Item item) {
        return Json.bytes(256, out -> write(item, out));
    }

    /**
     * @throws IOException if it is no item of this form
     */
    public static Item readItem(byte[] json) throws IOException {
        return Json.read(json, in -> readItem(in));
    }

    public static void write(Item item, JsonGenerator out) throws IOException {
        writeFields(item.attributes(), out);
    }

    public static void write(Value value, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeFieldName(value.type().name());
        switch (value.type()) {
            case BOOL:
                out.writeBoolean(value.asBool());
                break;
            case NULL:
                out.writeBoolean(true);
                break;
            case M:
                writeFields(value.fields(), out);
                break;
            case L:
                out.writeStartArray();
                for (Value element : value.elements()) {
                    write(element, out);
                }
                out.writeEndArray();
                break;
            case SS:
            case NS:
            case BS:
                out.writeStartArray();
                for (Value element : value.elements()) {
                    writeScalar(element, out);
                }
                out.writeEndArray();
                break;
            default:
                writeScalar(value, out);
        }
        out.writeEndObject();
    }

    private static void writeFields(Map<String, Value> fields, JsonGenerator out)
            throws IOException {
        out.writeStartObject();
        for (Map.Entry<String, Value> field : fields.entrySet()) {
            out.writeFieldName(field.getKey());
            write(field.getValue(), out);
        }
        out.writeEndObject();
    }

    private static void writeScalar(Value value, JsonGenerator out) throws IOException {
        switch (value.type()) {
            case S:
                out.writeString(value.asText());
                break;
            case N:
                out.writeString(value.asDigits());
                break;
            default:
                out.writeBinary(value.asBytes());
        }
    }

    /** Reads from the opening brace, and ends at the closing one. */
    public static Item readItem(JsonParser in) throws IOException {
        return Item.of(readFields(in));
    }

    /** Reads from the opening brace, and ends at the closing one. */
    public static Value readValue(JsonParser in) throws IOException {
        Json.expect(JsonToken.START_OBJECT, in, "a value");
        in.nextToken();
        Json.expect(JsonToken.FIELD_NAME, in, "a value");
        Type type = type(in);
        in.nextToken();
        Value value = read(type, in);
        in.nextToken();
        Json.expect(JsonToken.END_OBJECT, in, "the end of a value");
        return value;
    }

    private static Type type(JsonParser in) throws IOException {
        try {
            return Type.valueOf(in.currentName());
        } catch (IllegalArgumentException e) {
            throw Json.wrong(in, "it names no type of DynamoDB");
        }
    }

    private static Value read(Type type, JsonParser in) throws IOException {
        switch (type) {
            case BOOL:
                return Value.bool(in.getBooleanValue());
            case NULL:
                return Value.NULL;
            case M:
                return Value.map(readFields(in));
            case L:
                return Value.list(readElements(type, in));
            case SS:
                return Value.set(type, readElements(Type.S, in));
            case NS:
                return Value.set(type, readElements(Type.N, in));
            case BS:
                return Value.set(type, readElements(Type.B, in));
            default:
                return readScalar(type, in);
        }
    }

    private static Map<String, Value> readFields(JsonParser in) throws IOException {
        Json.expect(JsonToken.START_OBJECT, in, "an item or map");
        Map<String, Value> fields = new TreeMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            Json.expect(JsonToken.FIELD_NAME, in, "an attribute");
            String name = in.currentName();
            in.nextToken();
            fields.put(name, readValue(in));
        }
        return fields;
    }

    private static List<Value> readElements(Type type, JsonParser in) throws IOException {
        Json.expect(JsonToken.START_ARRAY, in, "a list or set");
        List<Value> elements = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            elements.add(type == Type.L ? readValue(in) : readScalar(type, in));
        }
        return elements;
    }

    private static Value readScalar(Type type, JsonParser in) throws IOException {
        Json.expect(JsonToken.VALUE_STRING, in, "a value of type " + type);
        switch (type) {
            case S:
                return Value.text(in.getText());
            case N:
                return readNumber(in.getText(), in);
            default:
                return Value.binary(in.getBinaryValue());
        }
    }

    static Value readNumber(String digits, JsonParser in) throws IOException {
        try {
            return Value.number(digits);
        } catch (IllegalArgumentException e) {
            throw Json.wrong(in, e.getMessage());
        }
    }
}
