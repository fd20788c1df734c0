package dev.tally.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.OrderedValueCodec;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/**
 * The order of the bytes is the order of the values, and every form ends itself.
 *
 * <p>Numbers, texts and byte strings from fixed seeds, among them many that begin alike, are
 * compared pair by pair, as values and as bytes. What it cannot catch: an order that breaks only
 * for digits or exponents that the generator never makes (beyond 80 digits, exponents beyond 300).
 */
class OrderedBytesTest {

    private static final int PAIRS = 100_000;

    @Test
    void numbersKeepTheirOrderAndComeBack() throws IOException {
        RandomValues values = new RandomValues(7);
        BigDecimal a = BigDecimal.ZERO;
        for (int i = 0; i < PAIRS; i++) {
            BigDecimal b = i % 3 == 0 ? near(a, i) : values.number(80, i % 2 == 0 ? 3 : 300);
            assertSameOrder(a.compareTo(b), bytes(a), bytes(b), i);
            assertThat(readNumber(bytes(b))).as("number %s", i).isEqualByComparingTo(b);
            assertThat(readNumber(bytes(b)))
                    .as("number %s, without zeros", i)
                    .isEqualTo(b.signum() == 0 ? BigDecimal.ZERO : b.stripTrailingZeros());
            assertThat(readValue(bytes(b))).as("value %s", i).isEqualByComparingTo(b);
            a = b;
        }
    }

    @Test
    void longsHaveTheBytesOfTheirDecimals() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < PAIRS; i++) {
            long number = random.nextLong() >> random.nextInt(64);
            number = i % 3 == 0 ? number / 1_000 * 1_000 : number;
            assertLongIsDecimal(number);
        }
        for (long power = 1, i = 0; i < 19; power *= 10, i++) {
            assertLongIsDecimal(power);
            assertLongIsDecimal(power - 1);
            assertLongIsDecimal(-power);
        }
        assertLongIsDecimal(Long.MAX_VALUE);
        assertLongIsDecimal(Long.MIN_VALUE);
        assertLongIsDecimal(Long.MIN_VALUE + 1);
    }

    private static void assertLongIsDecimal(long number) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(32);
        OrderedBytes.writeNumber(number, out);
        assertThat(out.getCopyOfBuffer())
                .as("number %s", number)
                .isEqualTo(bytes(BigDecimal.valueOf(number)));
    }

    /** The number with some more digits, or one of them changed, or of the other sign. */
    private static BigDecimal near(BigDecimal a, int i) {
        BigDecimal step = BigDecimal.ONE.scaleByPowerOfTen(-(i % 7) - a.scale());
        return i % 2 == 0 ? a.add(step) : i % 5 == 0 ? a.negate() : a.subtract(step);
    }

    @Test
    void exponentsAtTheEdgesOfTheShortFormKeepTheirOrder() throws IOException {
        List<BigDecimal> ordered = new ArrayList<>();
        for (int exponent :
                new int[] {100_000, 130, 64, 63, 62, 61, 1, 0, -1, -61, -62, -63, -130}) {
            ordered.add(new BigDecimal("-9.5").scaleByPowerOfTen(exponent));
            ordered.add(new BigDecimal("-9").scaleByPowerOfTen(exponent));
            ordered.add(new BigDecimal("-1").scaleByPowerOfTen(exponent));
        }
        for (int i = ordered.size() - 1; i >= 0; i--) {
            ordered.add(ordered.get(i).negate());
        }
        ordered.add(ordered.size() / 2, BigDecimal.ZERO);
        for (int i = 1; i < ordered.size(); i++) {
            assertSameOrder(-1, bytes(ordered.get(i - 1)), bytes(ordered.get(i)), i);
        }
    }

    @Test
    void numbersThatAreEqualHaveTheSameBytes() throws IOException {
        assertThat(bytes(new BigDecimal("1.0"))).isEqualTo(bytes(new BigDecimal("1")));
        assertThat(bytes(new BigDecimal("1E+2"))).isEqualTo(bytes(new BigDecimal("100")));
        assertThat(bytes(new BigDecimal("-0.00"))).isEqualTo(bytes(BigDecimal.ZERO));
        assertThat(bytes(new BigDecimal("42"))).as("small numbers are short").hasSize(2);
    }

    @Test
    void textKeepsTheOrderOfItsUtf8Bytes() throws IOException {
        RandomValues values = new RandomValues(8);
        for (int i = 0; i < PAIRS; i++) {
            String a = values.text();
            String b = i % 3 == 0 ? a + values.text() : values.text();
            int order = Value.text(a).compareTo(Value.text(b));
            assertSameOrder(order, textBytes(a), textBytes(b), i);
            assertThat(OrderedBytes.readText(new DataInputDeserializer(textBytes(b)))).isEqualTo(b);
        }
    }

    @Test
    void bytesKeepTheirUnsignedOrder() throws IOException {
        RandomValues values = new RandomValues(9);
        for (int i = 0; i < PAIRS; i++) {
            Value a = values.scalar(Type.B);
            Value b = values.scalar(Type.B);
            assertSameOrder(a.compareTo(b), ordered(a), ordered(b), i);
            assertThat(OrderedValueCodec.CODEC.fromBytes(ordered(b))).isEqualTo(b);
        }
    }

    @Test
    void everyFormEndsItself() throws IOException {
        RandomValues values = new RandomValues(10);
        for (int i = 0; i < 1_000; i++) {
            DataOutputSerializer out = new DataOutputSerializer(64);
            List<Value> written = new ArrayList<>();
            for (int n = values.random().nextInt(6); n >= 0; n--) {
                Value value = values.value(2);
                written.add(value);
                OrderedValueCodec.CODEC.write(value, out);
            }
            DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
            List<Value> read = new ArrayList<>();
            while (in.available() > 0) {
                read.add(OrderedValueCodec.CODEC.read(1, in));
            }
            assertThat(read).isEqualTo(written);
        }
    }

    @Test
    void valuesOfAllTypesAreEqualExactlyIfTheirBytesAre() {
        RandomValues values = new RandomValues(11);
        for (int i = 0; i < PAIRS; i++) {
            Value a = values.value(1);
            Value b = values.value(1);
            assertThat(Arrays.equals(ordered(a), ordered(b))).isEqualTo(a.equals(b));
        }
    }

    @Test
    void damagedBytesAreRefused() {
        assertThatThrownBy(() -> readNumber(new byte[] {(byte) 0x7f, 1}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no number begins with byte 127");
        assertThatThrownBy(() -> readNumber(new byte[] {(byte) 0xc0, (byte) 200}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("digits are damaged");
        assertThatThrownBy(() -> readNumber(new byte[] {(byte) 0xc0, 1}))
                .isInstanceOf(EOFException.class);
        byte[] text = {0, 3};
        assertThatThrownBy(() -> OrderedBytes.readBytes(new DataInputDeserializer(text)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("00 is followed by 3");
        assertThatThrownBy(() -> OrderedValueCodec.CODEC.fromBytes(new byte[] {4, 0}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1 bytes follow its end");
        assertThatThrownBy(() -> OrderedValueCodec.CODEC.fromBytes(new byte[] {10}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no type has the code 10");
    }

    private static void assertSameOrder(int order, byte[] a, byte[] b, int i) {
        assertThat(Integer.signum(Arrays.compareUnsigned(a, b)))
                .as("pair %s", i)
                .isEqualTo(Integer.signum(order));
    }

    private static byte[] bytes(BigDecimal number) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(32);
        OrderedBytes.writeNumber(number, out);
        return out.getCopyOfBuffer();
    }

    /** As a long where it is a whole number of at most 18 digits. */
    private static BigDecimal readValue(byte[] bytes) throws IOException {
        return OrderedBytes.readNumber(
                new DataInputDeserializer(bytes), BigDecimal::valueOf, number -> number);
    }

    private static BigDecimal readNumber(byte[] bytes) throws IOException {
        return OrderedBytes.readNumber(new DataInputDeserializer(bytes));
    }

    private static byte[] textBytes(String text) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(32);
        OrderedBytes.writeText(text, out);
        return out.getCopyOfBuffer();
    }

    private static byte[] ordered(Value value) {
        return OrderedValueCodec.CODEC.toBytes(value);
    }
}
