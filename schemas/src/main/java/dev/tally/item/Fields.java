package dev.tally.item;

import dev.tally.item.Value.Type;
import java.nio.charset.StandardCharsets;

/**
 * Goes through the attributes of an encoded image without making objects: where each one's name and
 * value begin and end. For one thread. The bytes are those that {@link ValueCodec} writes.
 */
final class Fields {

    private final byte[] bytes;
    private final int count;
    private int left;
    private int at;
    private int nameAt;
    private int nameLength;
    private int valueAt;

    Fields(byte[] bytes) {
        this.bytes = bytes;
        this.count = length();
        this.left = count;
    }

    /** How many attributes there are. */
    int count() {
        return count;
    }

    /**
     * @return false at the end
     */
    boolean next() {
        if (left == 0) {
            return false;
        }
        left--;
        nameLength = length();
        nameAt = at;
        at += nameLength;
        valueAt = at;
        skip(1);
        return true;
    }

    /** Where this attribute begins, name included. */
    int start() {
        int digits = nameLength < 1 << 7 ? 1 : nameLength < 1 << 14 ? 2 : 3;
        return nameAt - digits;
    }

    /** Where it ends. */
    int end() {
        return at;
    }

    int valueAt() {
        return valueAt;
    }

    boolean isNamed(byte[] utf8) {
        if (utf8.length != nameLength) {
            return false;
        }
        for (int i = 0; i < nameLength; i++) {
            if (bytes[nameAt + i] != utf8[i]) {
                return false;
            }
        }
        return true;
    }

    String name() {
        return new String(bytes, nameAt, nameLength, StandardCharsets.UTF_8);
    }

    private void skip(int depth) {
        if (depth > ValueCodec.DEPTH_MAX) {
            throw new IllegalStateException("a value is nested deeper than DynamoDB allows");
        }
        int code = bytes[at++];
        switch (code) {
            case ValueCodec.LONG:
                number();
                break;
            case ValueCodec.TRUE:
            case ValueCodec.FALSE:
                break;
            default:
                Type type = ValueCodec.type(code);
                if (type == null) {
                    throw new IllegalStateException("no type has the code " + code);
                }
                skip(type, depth);
        }
    }

    private void skip(Type type, int depth) {
        switch (type) {
            case NULL:
                break;
            case N:
                number();
                skipBytes();
                break;
            case M:
                for (int fields = length(); fields > 0; fields--) {
                    skipBytes();
                    skip(depth + 1);
                }
                break;
            case S:
            case B:
                skipBytes();
                break;
            default:
                for (int elements = length(); elements > 0; elements--) {
                    skip(depth + 1);
                }
        }
    }

    private void skipBytes() {
        int length = length();
        at += length;
    }

    private int length() {
        long length = number();
        if (length < 0 || length > bytes.length - at) {
            throw new IndexOutOfBoundsException();
        }
        return (int) length;
    }

    private long number() {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes[at++];
            number |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
    }
}
