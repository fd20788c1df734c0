package dev.tally.codec;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Values and items of all types from a seed; small domains, so that equal ones come up. */
public final class RandomValues {

    private static final int[] CODE_POINTS = {
        0, 'a', 'b', 'z', 0x7f, 0x80, 0xe9, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff
    };

    private final Random random;

    public RandomValues(long seed) {
        this.random = new Random(seed);
    }

    public Random random() {
        return random;
    }

    /** Any type; maps and lists nest at most {@code depth} deep. */
    public Value value(int depth) {
        Type[] types = Type.values();
        Type type = types[random.nextInt(types.length)];
        boolean nests = type == Type.M || type == Type.L;
        return nests && depth == 0 ? scalar(Type.S) : value(type, depth);
    }

    private Value value(Type type, int depth) {
        switch (type) {
            case BOOL:
                return Value.bool(random.nextBoolean());
            case NULL:
                return Value.NULL;
            case M:
                return Value.map(fields(depth - 1));
            case L:
                List<Value> elements = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    elements.add(value(depth - 1));
                }
                return Value.list(elements);
            case SS:
                return Value.set(Type.SS, scalars(Type.S));
            case NS:
                return Value.set(Type.NS, scalars(Type.N));
            case BS:
                return Value.set(Type.BS, scalars(Type.B));
            default:
                return scalar(type);
        }
    }

    private List<Value> scalars(Type type) {
        List<Value> values = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            values.add(scalar(type));
        }
        return values;
    }

    /** A value of type S, N or B. */
    public Value scalar(Type type) {
        switch (type) {
            case S:
                return Value.text(text());
            case N:
                return Value.number(number(38, 100));
            default:
                return Value.binary(bytes());
        }
    }

    /** Text of a few code points where encodings change their length or order. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.appendCodePoint(CODE_POINTS[random.nextInt(CODE_POINTS.length)]);
        }
        return text.toString();
    }

    public byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(5)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(4) - 2);
        }
        return bytes;
    }

    /** A decimal of up to so many digits and about that exponent, often a small one. */
    public BigDecimal number(int digits, int exponent) {
        if (random.nextInt(3) == 0) {
            return BigDecimal.valueOf(random.nextInt(2001) - 1000, random.nextInt(7) - 3);
        }
        int length = 1 + random.nextInt(digits);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('0' + (random.nextInt(3) == 0 ? 0 : random.nextInt(10))));
        }
        BigInteger unscaled = new BigInteger(text.toString());
        int scale = length + random.nextInt(2 * exponent + 1) - exponent;
        BigDecimal number = new BigDecimal(unscaled, scale);
        return random.nextBoolean() ? number : number.negate();
    }

    public Item item() {
        return Item.of(fields(3));
    }

    private Map<String, Value> fields(int depth) {
        Map<String, Value> fields = new TreeMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            fields.put("a." + random.nextInt(20), value(Math.max(depth, 0)));
        }
        return fields;
    }
}
