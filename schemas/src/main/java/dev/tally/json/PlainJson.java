package dev.tally.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tally.item.Item;
import dev.tally.item.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Items as people write them: {@code {"Title": "Milk", "Effort": 3}}. Numbers are JSON numbers with
 * all their digits (a reader must not take them for doubles), sets are arrays, binaries are base64.
 *
 * <p>Types that JSON does not have do not come back: a set is read as a list, a binary as text.
 */
public final class PlainJson {

    private PlainJson() {}

    public static byte[] toBytes(Item item) {
        return Json.bytes(256, out -> write(item, out));
    }

    /**
     * @throws IOException if it is no JSON object, or has a number that DynamoDB has not
     */
    public static Item readItem(byte[] json) throws IOException {
        return Json.read(json, in -> readItem(in));
    }

    public static void write(Item item, JsonGenerator out) throws IOException {
        writeFields(item.attributes(), out);
    }

    public static void write(Value value, JsonGenerator out) throws IOException {
        switch (value.type()) {
            case S:
                out.writeString(value.asText());
                break;
            case N:
                out.writeNumber(value.asDigits());
                break;
            case B:
                out.writeBinary(value.asBytes());
                break;
            case BOOL:
                out.writeBoolean(value.asBool());
                break;
            case NULL:
                out.writeNull();
                break;
            case M:
                writeFields(value.fields(), out);
                break;
            default:
                out.writeStartArray();
                for (Value element : value.elements()) {
                    write(element, out);
                }
                out.writeEndArray();
        }
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

    /** Reads from the opening brace, and ends at the closing one. */
    public static Item readItem(JsonParser in) throws IOException {
        return Item.of(readFields(in));
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

    /** Reads one value, and ends at its last token. */
    public static Value readValue(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        if (token == null) {
            throw Json.wrong(in, "a value is missing");
        }
        switch (token) {
            case VALUE_STRING:
                return Value.text(in.getText());
            case VALUE_NUMBER_INT:
            case VALUE_NUMBER_FLOAT:
                return DynamoDbJson.readNumber(in.getText(), in);
            case VALUE_TRUE:
                return Value.TRUE;
            case VALUE_FALSE:
                return Value.FALSE;
            case VALUE_NULL:
                return Value.NULL;
            case START_ARRAY:
                List<Value> elements = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(readValue(in));
                }
                return Value.list(elements);
            default:
                return Value.map(readFields(in));
        }
    }
}
