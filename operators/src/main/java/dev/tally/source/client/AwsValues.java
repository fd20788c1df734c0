package dev.tally.source.client;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The SDK's attribute values and ours, in both directions. Per-record code: no streams. */
final class AwsValues {

    /** What our codecs can hold: an attribute, and DynamoDB's own limit of nesting in it. */
    static final int DEPTH_MAX = 33;

    static final String TOO_DEEP = "it is nested deeper than DynamoDB allows";
    static final String NOTHING = "it holds nothing where a value must be";
    static final String NO_TYPE = "its type is none of the ten known ones";

    private AwsValues() {}

    /**
     * What of it is wanted and can be read.
     *
     * @param image as the notes call it
     */
    static Item toItem(
            Map<String, AttributeValue> attributes,
            Predicate<String> wanted,
            String image,
            Unread unread) {
        Map<String, Value> fields = new HashMap<>(attributes.size() * 2);
        for (Map.Entry<String, AttributeValue> attribute : attributes.entrySet()) {
            if (!wanted.test(attribute.getKey())) {
                continue;
            }
            try {
                fields.put(attribute.getKey(), toValue(attribute.getValue(), 1));
            } catch (IllegalArgumentException e) {
                unread.note(attribute.getKey(), image, e.getMessage());
            }
        }
        return Item.of(fields);
    }

    private static Map<String, Value> toFields(Map<String, AttributeValue> attributes, int depth) {
        Map<String, Value> fields = new HashMap<>(attributes.size() * 2);
        for (Map.Entry<String, AttributeValue> attribute : attributes.entrySet()) {
            fields.put(attribute.getKey(), toValue(attribute.getValue(), depth));
        }
        return fields;
    }

    private static Value toValue(AttributeValue value, int depth) {
        if (depth > DEPTH_MAX) {
            throw new IllegalArgumentException(TOO_DEEP);
        }
        if (value == null) {
            throw new IllegalArgumentException(NOTHING);
        }
        if (value.type() == null) {
            throw new IllegalArgumentException(NO_TYPE);
        }
        switch (value.type()) {
            case S:
                return Value.text(value.s());
            case N:
                return Value.number(value.n());
            case B:
                return Value.binary(value.b().asByteArrayUnsafe());
            case BOOL:
                return Value.bool(value.bool());
            case NUL:
                return Value.NULL;
            case M:
                return Value.map(toFields(value.m(), depth + 1));
            case L:
                List<Value> elements = new ArrayList<>(value.l().size());
                for (AttributeValue element : value.l()) {
                    elements.add(toValue(element, depth + 1));
                }
                return Value.list(elements);
            case SS:
                List<Value> texts = new ArrayList<>(value.ss().size());
                for (String text : value.ss()) {
                    texts.add(Value.text(there(text)));
                }
                return Value.set(Type.SS, texts);
            case NS:
                List<Value> numbers = new ArrayList<>(value.ns().size());
                for (String number : value.ns()) {
                    numbers.add(Value.number(there(number)));
                }
                return Value.set(Type.NS, numbers);
            case BS:
                List<Value> binaries = new ArrayList<>(value.bs().size());
                for (SdkBytes bytes : value.bs()) {
                    binaries.add(Value.binary(there(bytes).asByteArrayUnsafe()));
                }
                return Value.set(Type.BS, binaries);
            default:
                throw new IllegalArgumentException(NO_TYPE);
        }
    }

    private static <T> T there(T element) {
        if (element == null) {
            throw new IllegalArgumentException(NOTHING);
        }
        return element;
    }

    static Map<String, AttributeValue> toAttributes(Map<String, Value> fields) {
        Map<String, AttributeValue> attributes = new HashMap<>(fields.size() * 2);
        for (Map.Entry<String, Value> field : fields.entrySet()) {
            attributes.put(field.getKey(), toAttribute(field.getValue()));
        }
        return attributes;
    }

    static AttributeValue toAttribute(Value value) {
        switch (value.type()) {
            case S:
                return AttributeValue.fromS(value.asText());
            case N:
                return AttributeValue.fromN(value.asDigits());
            case B:
                return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(value.asBytes()));
            case BOOL:
                return AttributeValue.fromBool(value.asBool());
            case NULL:
                return AttributeValue.fromNul(true);
            case M:
                return AttributeValue.fromM(toAttributes(value.fields()));
            case L:
                List<AttributeValue> elements = new ArrayList<>();
                for (Value element : value.elements()) {
                    elements.add(toAttribute(element));
                }
                return AttributeValue.fromL(elements);
            default:
                return toSet(value);
        }
    }

    private static AttributeValue toSet(Value set) {
        List<String> texts = new ArrayList<>();
        List<SdkBytes> binaries = new ArrayList<>();
        for (Value element : set.elements()) {
            if (element.is(Type.S)) {
                texts.add(element.asText());
            } else if (element.is(Type.N)) {
                texts.add(element.asDigits());
            } else {
                binaries.add(SdkBytes.fromByteArrayUnsafe(element.asBytes()));
            }
        }
        switch (set.type()) {
            case SS:
                return AttributeValue.fromSs(texts);
            case NS:
                return AttributeValue.fromNs(texts);
            default:
                return AttributeValue.fromBs(binaries);
        }
    }
}
