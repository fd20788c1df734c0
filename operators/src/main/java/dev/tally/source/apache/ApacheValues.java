package dev.tally.source.apache;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.dynamodbv2.model.AttributeValue;

/** Attribute values of the first AWS SDK, as Apache's connector brings it along, to ours. */
final class ApacheValues {

    private ApacheValues() {}

    /** Null of null. */
    static Item toItem(Map<String, AttributeValue> attributes) {
        return attributes == null ? null : Item.of(toFields(attributes));
    }

    private static Map<String, Value> toFields(Map<String, AttributeValue> attributes) {
        Map<String, Value> fields = new HashMap<>(attributes.size() * 2);
        for (Map.Entry<String, AttributeValue> attribute : attributes.entrySet()) {
            fields.put(attribute.getKey(), toValue(attribute.getValue()));
        }
        return fields;
    }

    /** Exactly one of the ten is set. */
    static Value toValue(AttributeValue value) {
        if (value.getS() != null) {
            return Value.text(value.getS());
        }
        if (value.getN() != null) {
            return Value.number(value.getN());
        }
        if (value.getB() != null) {
            return toBinary(value.getB());
        }
        if (value.getBOOL() != null) {
            return Value.bool(value.getBOOL());
        }
        if (value.getNULL() != null) {
            return Value.NULL;
        }
        if (value.getM() != null) {
            return Value.map(toFields(value.getM()));
        }
        if (value.getL() != null) {
            List<Value> elements = new ArrayList<>(value.getL().size());
            for (AttributeValue element : value.getL()) {
                elements.add(toValue(element));
            }
            return Value.list(elements);
        }
        return toSet(value);
    }

    private static Value toSet(AttributeValue value) {
        List<Value> elements = new ArrayList<>();
        if (value.getSS() != null) {
            for (String text : value.getSS()) {
                elements.add(Value.text(text));
            }
            return Value.set(Type.SS, elements);
        }
        if (value.getNS() != null) {
            for (String number : value.getNS()) {
                elements.add(Value.number(number));
            }
            return Value.set(Type.NS, elements);
        }
        if (value.getBS() != null) {
            for (ByteBuffer bytes : value.getBS()) {
                elements.add(toBinary(bytes));
            }
            return Value.set(Type.BS, elements);
        }
        throw new IllegalArgumentException(
                "cannot read an attribute value: its type is none of the ten known ones");
    }

    private static Value toBinary(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return Value.binary(bytes);
    }
}
