package dev.tally.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tally.item.Item;
import dev.tally.item.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Items written as JSON with single quotes; {@code {'$set': […]}} is a set of texts. */
final class Json {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Json() {}

    /** The text with the quotes that JSON wants. */
    static String quoted(String json) {
        return json.replace('\'', '"');
    }

    static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(quoted(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    static Item item(String json) {
        return Item.of(value(tree(json)).fields());
    }

    private static Value value(JsonNode json) {
        switch (json.getNodeType()) {
            case OBJECT:
                Map<String, Value> fields = new TreeMap<>();
                json.properties().forEach(f -> fields.put(f.getKey(), value(f.getValue())));
                Value set = fields.get("$set");
                return set == null ? Value.map(fields) : Value.set(Value.Type.SS, set.elements());
            case ARRAY:
                List<Value> elements = new ArrayList<>();
                json.forEach(element -> elements.add(value(element)));
                return Value.list(elements);
            case NUMBER:
                return Value.number(new BigDecimal(json.asText()));
            case BOOLEAN:
                return Value.bool(json.asBoolean());
            case NULL:
                return Value.NULL;
            default:
                return Value.text(json.asText());
        }
    }
}
