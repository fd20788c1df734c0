package dev.tally.item;

import dev.tally.codec.Codec;
import dev.tally.codec.OrderedBytes;
import dev.tally.item.Value.Type;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A {@link Value} as bytes in its own order, for keys of ordered state: one byte for the type, then
 * {@link OrderedBytes}. The order is that of {@link Value#compareTo}. Lists, maps and sets have no
 * order; equal ones have equal bytes, which is what counting distinct values needs.
 */
public final class OrderedValueCodec implements Codec<Value> {

    public static final OrderedValueCodec CODEC = new OrderedValueCodec();

    private static final Type[] TYPES = Type.values();

    private OrderedValueCodec() {}

    /** Without a version in front, so that the order is of the value alone. */
    public byte[] toBytes(Value value) {
        try {
            DataOutputSerializer out = new DataOutputSerializer(24);
            write(value, out);
            return out.getCopyOfBuffer();
        } catch (IOException e) {
            throw new IllegalStateException("cannot write a value into memory", e);
        }
    }

    public Value fromBytes(byte[] bytes) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        Value value = readWhole(in);
        if (in.available() > 0) {
            throw new IOException(
                    "cannot read an ordered value: " + in.available() + " bytes follow its end");
        }
        return value;
    }

    private Value readWhole(DataInputDeserializer in) throws IOException {
        try {
            return read(version(), in);
        } catch (IllegalArgumentException e) {
            throw new IOException("cannot read an ordered value: its bytes are damaged", e);
        }
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(Value value, DataOutputView out) throws IOException {
        out.writeByte(value.type().ordinal());
        switch (value.type()) {
            case S:
                OrderedBytes.writeText(value.asText(), out);
                break;
            case N:
                if (value.isLong()) {
                    OrderedBytes.writeNumber(value.asLong(), out);
                } else {
                    OrderedBytes.writeNumber(value.asNumber(), out);
                }
                break;
            case B:
                OrderedBytes.writeBytes(value.asBytes(), out);
                break;
            case BOOL:
                out.writeBoolean(value.asBool());
                break;
            case NULL:
                break;
            default:
                DataOutputSerializer canonical = new DataOutputSerializer(64);
                Value.CODEC.write(value, canonical);
                OrderedBytes.writeBytes(canonical.getCopyOfBuffer(), out);
        }
    }

    @Override
    public Value read(int version, DataInputView in) throws IOException {
        int code = in.readByte();
        if (code < 0 || code >= TYPES.length) {
            throw new IOException("cannot read an ordered value: no type has the code " + code);
        }
        switch (TYPES[code]) {
            case S:
                return Value.text(OrderedBytes.readText(in));
            case N:
                return OrderedBytes.readNumber(in, Value::number, Value::number);
            case B:
                return Value.binary(OrderedBytes.readBytes(in));
            case BOOL:
                return Value.bool(in.readBoolean());
            case NULL:
                return Value.NULL;
            default:
                byte[] canonical = OrderedBytes.readBytes(in);
                return Value.CODEC.read(1, new DataInputDeserializer(canonical));
        }
    }
}
