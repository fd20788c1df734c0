package dev.tally.item;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.item.Value.Type;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Bytes of a {@link Value}: a code, then the content. Equal values have equal bytes, so bytes can
 * be keys.
 *
 * <p>Codes are the ordinals of {@link Type}, except that a number that is a long has its own,
 * {@link #LONG}, and booleans take one code each: most numbers are small integers.
 */
final class ValueCodec implements Codec<Value> {

    static final int LONG = 16;
    static final int FALSE = 17;
    static final int TRUE = 18;

    /** DynamoDB's own limit of nesting. */
    static final int DEPTH_MAX = 33;

    private static final Type[] TYPES = Type.values();

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(Value value, DataOutputView out) throws IOException {
        switch (value.type()) {
            case S:
                out.writeByte(Type.S.ordinal());
                Wire.writeText(value.asText(), out);
                break;
            case N:
                writeNumber(value, out);
                break;
            case B:
                out.writeByte(Type.B.ordinal());
                Wire.writeBytes(value.asBytes(), out);
                break;
            case BOOL:
                out.writeByte(value.asBool() ? TRUE : FALSE);
                break;
            case NULL:
                out.writeByte(Type.NULL.ordinal());
                break;
            case M:
                out.writeByte(Type.M.ordinal());
                writeFields(value.fields(), out);
                break;
            default:
                out.writeByte(value.type().ordinal());
                List<Value> elements = value.elements();
                Wire.writeInt(elements.size(), out);
                for (Value element : elements) {
                    write(element, out);
                }
        }
    }

    private static void writeNumber(Value value, DataOutputView out) throws IOException {
        if (value.isLong()) {
            out.writeByte(LONG);
            Wire.writeSigned(value.asLong(), out);
        } else {
            BigDecimal number = value.asNumber();
            out.writeByte(Type.N.ordinal());
            Wire.writeSigned(number.scale(), out);
            Wire.writeBig(number.unscaledValue(), out);
        }
    }

    /** Fields of a map or an item: their number, then name and value in the order of names. */
    void writeFields(Map<String, Value> fields, DataOutputView out) throws IOException {
        Wire.writeInt(fields.size(), out);
        for (Map.Entry<String, Value> field : fields.entrySet()) {
            Wire.writeText(field.getKey(), out);
            write(field.getValue(), out);
        }
    }

    @Override
    public Value read(int version, DataInputView in) throws IOException {
        return read(in, 0);
    }

    TreeMap<String, Value> readFields(DataInputView in, int depth) throws IOException {
        int size = Wire.readCount(in);
        TreeMap<String, Value> fields = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            fields.put(Wire.readText(in), read(in, depth + 1));
        }
        return fields;
    }

    /** The value that an encoded image has between two places. */
    static Value read(byte[] bytes, int from, int to) {
        try {
            DataInputDeserializer in = new DataInputDeserializer(bytes, from, to - from);
            return ((ValueCodec) Value.CODEC).read(in, 1);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the bytes of a value", e);
        }
    }

    /** The type of a code that is not one of ours; null if there is none. */
    static Type type(int code) {
        boolean known = code >= 0 && code < TYPES.length && TYPES[code] != Type.BOOL;
        return known ? TYPES[code] : null;
    }

    /** The type of a value that begins with this code; null if there is none. */
    static Type typeOf(int code) {
        switch (code) {
            case LONG:
                return Type.N;
            case FALSE:
            case TRUE:
                return Type.BOOL;
            default:
                return type(code);
        }
    }

    private Value read(DataInputView in, int depth) throws IOException {
        if (depth > DEPTH_MAX) {
            throw new IOException("cannot read a value: it is nested deeper than DynamoDB allows");
        }
        int code = in.readByte();
        switch (code) {
            case LONG:
                return Value.number(Wire.readSigned(in));
            case FALSE:
                return Value.FALSE;
            case TRUE:
                return Value.TRUE;
            default:
                Type type = type(code);
                if (type == null) {
                    throw new IOException("cannot read a value: no type has the code " + code);
                }
                return read(type, in, depth);
        }
    }

    private Value read(Type type, DataInputView in, int depth) throws IOException {
        switch (type) {
            case S:
                return Value.text(Wire.readText(in));
            case N:
                int scale = (int) Wire.readSigned(in);
                BigInteger unscaled = Wire.readBig(in);
                return Value.number(new BigDecimal(unscaled, scale));
            case B:
                return Value.binary(Wire.readBytes(in));
            case NULL:
                return Value.NULL;
            case M:
                return Value.map(readFields(in, depth));
            default:
                int size = Wire.readCount(in);
                List<Value> elements = new ArrayList<>();
                for (int i = 0; i < size; i++) {
                    elements.add(read(in, depth + 1));
                }
                return type == Type.L ? Value.list(elements) : Value.set(type, elements);
        }
    }
}
