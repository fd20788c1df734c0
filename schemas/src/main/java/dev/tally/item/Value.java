package dev.tally.item;

import dev.tally.codec.Codec;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One attribute value of DynamoDB, of any of the ten types; immutable.
 *
 * <p>Values are canonical when made, so that {@code equals} is DynamoDB's equality: numbers by
 * value (1 is 1.0), sets and maps without order, deep. Numbers are exact decimals of up to 38
 * digits, never doubles. {@code toString} shows the type only: values must not reach logs.
 *
 * <p>The order of {@link #compareTo} is DynamoDB's for S, N and B (text by UTF-8 bytes, binary
 * unsigned); across types it is by type.
 */
public final class Value implements Comparable<Value> {

    /** The types, in the order of their codes in state: never reorder. */
    public enum Type {
        S,
        N,
        B,
        BOOL,
        NULL,
        M,
        L,
        SS,
        NS,
        BS
    }

    /** Most digits of a DynamoDB number, and how results are rounded to them. */
    public static final MathContext DIGITS = new MathContext(38, RoundingMode.HALF_EVEN);

    public static final Value NULL = new Value(Type.NULL, null);
    public static final Value TRUE = new Value(Type.BOOL, Boolean.TRUE);
    public static final Value FALSE = new Value(Type.BOOL, Boolean.FALSE);

    public static final Codec<Value> CODEC = new ValueCodec();

    private static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int LONG_DIGITS_MAX = 19;

    private final Type type;

    /** Null for a number that is a long. */
    private final Object content;

    /** A number that is a long: most are, and arithmetic on them is cheap. */
    private final long small;

    private Value(Type type, Object content) {
        this.type = type;
        this.content = content;
        this.small = 0;
    }

    private Value(long number) {
        this.type = Type.N;
        this.content = null;
        this.small = number;
    }

    public static Value text(String text) {
        return new Value(Type.S, Objects.requireNonNull(text));
    }

    public static Value number(long number) {
        return new Value(number);
    }

    /**
     * @throws IllegalArgumentException if it is no number or not within DynamoDB's range
     */
    public static Value number(String digits) {
        try {
            return number(new BigDecimal(digits));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "cannot read a number: its text is not a decimal number", e);
        }
    }

    /**
     * @throws IllegalArgumentException beyond 38 digits or outside 1E-130 to 9.9…E+125
     */
    public static Value number(BigDecimal number) {
        BigDecimal exact = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exact.precision() > 38 || exponent > 125 || exponent < -130) {
            throw new IllegalArgumentException(
                    "cannot hold a number of "
                            + exact.precision()
                            + " digits and exponent "
                            + exponent
                            + ": DynamoDB allows 38 digits and exponents from -130 to 125");
        }
        return isLong(exact) ? new Value(exact.longValueExact()) : new Value(Type.N, exact);
    }

    private static boolean isLong(BigDecimal exact) {
        return exact.scale() <= 0
                && exact.precision() - exact.scale() <= LONG_DIGITS_MAX
                && exact.compareTo(LONG_MIN) >= 0
                && exact.compareTo(LONG_MAX) <= 0;
    }

    /** The array is copied. */
    public static Value binary(byte[] bytes) {
        return new Value(Type.B, bytes.clone());
    }

    public static Value bool(boolean value) {
        return value ? TRUE : FALSE;
    }

    public static Value map(Map<String, Value> fields) {
        return new Value(Type.M, Collections.unmodifiableSortedMap(new TreeMap<>(fields)));
    }

    public static Value list(List<Value> elements) {
        return new Value(Type.L, Collections.unmodifiableList(new ArrayList<>(elements)));
    }

    /** A set of S, N or B values; sorted and made distinct here. */
    public static Value set(Type setType, List<Value> elements) {
        Type elementType = elementType(setType);
        List<Value> sorted = new ArrayList<>(elements);
        Collections.sort(sorted);
        List<Value> distinct = new ArrayList<>(sorted.size());
        for (Value element : sorted) {
            if (element.type != elementType) {
                throw new IllegalArgumentException(
                        "cannot put a value of type " + element.type + " into a " + setType);
            }
            if (distinct.isEmpty() || !distinct.get(distinct.size() - 1).equals(element)) {
                distinct.add(element);
            }
        }
        return new Value(setType, Collections.unmodifiableList(distinct));
    }

    public static Value textSet(String... elements) {
        List<Value> values = new ArrayList<>();
        for (String element : elements) {
            values.add(text(element));
        }
        return set(Type.SS, values);
    }

    private static Type elementType(Type setType) {
        switch (setType) {
            case SS:
                return Type.S;
            case NS:
                return Type.N;
            case BS:
                return Type.B;
            default:
                throw new IllegalArgumentException(setType + " is no set type");
        }
    }

    public Type type() {
        return type;
    }

    public boolean is(Type other) {
        return type == other;
    }

    /** The text of an S. */
    public String asText() {
        return (String) as(Type.S);
    }

    /** The number of an N, without trailing zeros. */
    public BigDecimal asNumber() {
        Object number = as(Type.N);
        if (number != null) {
            return (BigDecimal) number;
        }
        return small == 0 ? BigDecimal.ZERO : BigDecimal.valueOf(small).stripTrailingZeros();
    }

    /** Whether it is an N that is a whole number within the range of a long. */
    public boolean isLong() {
        return type == Type.N && content == null;
    }

    /** The number, if {@link #isLong}. */
    public long asLong() {
        if (!isLong()) {
            throw new IllegalStateException("a value of type " + type + " is no long");
        }
        return small;
    }

    /** A number as DynamoDB writes it: plain digits, no exponent. */
    public String asDigits() {
        return isLong() ? Long.toString(small) : asNumber().toPlainString();
    }

    /** The bytes of a B; a copy. */
    public byte[] asBytes() {
        return ((byte[]) as(Type.B)).clone();
    }

    public boolean asBool() {
        return (Boolean) as(Type.BOOL);
    }

    /** The fields of an M, sorted by name, unmodifiable. */
    @SuppressWarnings("unchecked")
    public SortedMap<String, Value> fields() {
        return (SortedMap<String, Value>) as(Type.M);
    }

    /** The elements of an L in their order, or of a set sorted; unmodifiable. */
    @SuppressWarnings("unchecked")
    public List<Value> elements() {
        if (type != Type.L && !isSet()) {
            throw new IllegalStateException("a value of type " + type + " has no elements");
        }
        return (List<Value>) content;
    }

    /** Whether it is an S or a B of no length: DynamoDB has no such key. */
    public boolean isEmpty() {
        return type == Type.S && asText().isEmpty()
                || type == Type.B && ((byte[]) content).length == 0;
    }

    public boolean isSet() {
        return type == Type.SS || type == Type.NS || type == Type.BS;
    }

    private Object as(Type wanted) {
        if (type != wanted) {
            throw new IllegalStateException("a value of type " + type + " is no " + wanted);
        }
        return content;
    }

    /** Its share of an item's size as DynamoDB counts it, in bytes; numbers are estimated. */
    public int size() {
        switch (type) {
            case S:
                return asText().getBytes(StandardCharsets.UTF_8).length;
            case N:
                return asNumber().precision() / 2 + 2;
            case B:
                return ((byte[]) content).length;
            case M:
                int fields = 3;
                for (Map.Entry<String, Value> field : fields().entrySet()) {
                    int name = field.getKey().getBytes(StandardCharsets.UTF_8).length;
                    fields += name + field.getValue().size() + 1;
                }
                return fields;
            case L:
            case SS:
            case NS:
            case BS:
                int elements = 3;
                for (Value element : elements()) {
                    elements += element.size() + 1;
                }
                return elements;
            default:
                return 1;
        }
    }

    @Override
    public int compareTo(Value other) {
        if (type != other.type) {
            return type.compareTo(other.type);
        }
        switch (type) {
            case S:
                return compareByCodePoint(asText(), other.asText());
            case N:
                return content == null && other.content == null
                        ? Long.compare(small, other.small)
                        : asNumber().compareTo(other.asNumber());
            case B:
                return Arrays.compareUnsigned((byte[]) content, (byte[]) other.content);
            case BOOL:
                return Boolean.compare(asBool(), other.asBool());
            case NULL:
                return 0;
            default:
                throw new IllegalStateException("values of type " + type + " have no order");
        }
    }

    /** The order of the UTF-8 bytes; {@code String.compareTo} differs beyond U+FFFF. */
    private static int compareByCodePoint(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogates = Character.isSurrogate(x) != Character.isSurrogate(y);
                return surrogates ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    @Override
    public boolean equals(Object o) {
        if (this == o) {
            return true;
        }
        if (!(o instanceof Value) || ((Value) o).type != type) {
            return false;
        }
        Value other = (Value) o;
        if (small != other.small) {
            return false;
        }
        return type == Type.B
                ? Arrays.equals((byte[]) content, (byte[]) other.content)
                : Objects.equals(content, other.content);
    }

    @Override
    public int hashCode() {
        int hash = type == Type.B ? Arrays.hashCode((byte[]) content) : Objects.hashCode(content);
        return 31 * (31 * type.ordinal() + Long.hashCode(small)) + hash;
    }

    @Override
    public String toString() {
        return "a " + type;
    }
}
