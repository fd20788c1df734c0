package dev.tally.sink;

import dev.tally.item.Item;
import dev.tally.item.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Values as the AWS SDK writes them, and back, of all ten types. */
final class AttributeValues {

    private AttributeValues() {}

    static AttributeValue text(String text) {
        return AttributeValue.builder().s(text).build();
    }

    static AttributeValue number(long number) {
        return AttributeValue.builder().n(Long.toString(number)).build();
    }

    static AttributeValue of(Value value) {
        AttributeValue.Builder builder = AttributeValue.builder();
        switch (value.type()) {
            case S:
                return builder.s(value.asText()).build();
            case N:
                return builder.n(value.asDigits()).build();
            case B:
                return builder.b(bytes(value)).build();
            case BOOL:
                return builder.bool(value.asBool()).build();
            case NULL:
                return builder.nul(true).build();
            case M:
                return builder.m(ofFields(value.fields())).build();
            default:
                return ofElements(value, builder);
        }
    }

    private static AttributeValue ofElements(Value value, AttributeValue.Builder builder) {
        List<String> texts = new ArrayList<>();
        List<SdkBytes> bytes = new ArrayList<>();
        List<AttributeValue> values = new ArrayList<>();
        for (Value element : value.elements()) {
            switch (value.type()) {
                case SS:
                    texts.add(element.asText());
                    break;
                case NS:
                    texts.add(element.asDigits());
                    break;
                case BS:
                    bytes.add(bytes(element));
                    break;
                default:
                    values.add(of(element));
            }
        }
        switch (value.type()) {
            case SS:
                return builder.ss(texts).build();
            case NS:
                return builder.ns(texts).build();
            case BS:
                return builder.bs(bytes).build();
            default:
                return builder.l(values).build();
        }
    }

    private static SdkBytes bytes(Value value) {
        return SdkBytes.fromByteArray(value.asBytes());
    }

    static Map<String, AttributeValue> of(Item item) {
        return ofFields(item.attributes());
    }

    private static Map<String, AttributeValue> ofFields(Map<String, Value> fields) {
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        fields.forEach((name, value) -> attributes.put(name, of(value)));
        return attributes;
    }

    static Value toValue(AttributeValue attribute) {
        switch (attribute.type()) {
            case S:
                return Value.text(attribute.s());
            case N:
                return Value.number(attribute.n());
            case B:
                return Value.binary(attribute.b().asByteArray());
            case BOOL:
                return Value.bool(attribute.bool());
            case NUL:
                return Value.NULL;
            case M:
                return Value.map(toItem(attribute.m()).attributes());
            case L:
                return Value.list(elements(attribute.l()));
            case SS:
                return Value.set(Value.Type.SS, elements(attribute.ss(), Value::text));
            case NS:
                return Value.set(Value.Type.NS, elements(attribute.ns(), Value::number));
            case BS:
                return Value.set(
                        Value.Type.BS,
                        elements(attribute.bs(), b -> Value.binary(b.asByteArray())));
            default:
                throw new IllegalStateException(
                        "cannot read an attribute of type "
                                + attribute.type()
                                + ": DynamoDB has ten types. Take a newer release.");
        }
    }

    private static List<Value> elements(List<AttributeValue> attributes) {
        return elements(attributes, AttributeValues::toValue);
    }

    private static <T> List<Value> elements(List<T> elements, Function<T, Value> read) {
        List<Value> values = new ArrayList<>(elements.size());
        for (T element : elements) {
            values.add(read.apply(element));
        }
        return values;
    }

    static Item toItem(Map<String, AttributeValue> attributes) {
        TreeMap<String, Value> item = new TreeMap<>();
        attributes.forEach((name, attribute) -> item.put(name, toValue(attribute)));
        return Item.of(item);
    }
}
