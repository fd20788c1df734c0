package dev.tally.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Value.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Values behave as DynamoDB's do: what is equal, what is less, what is too large. */
class ValueTest {

    @Nested
    class Equality {

        @Test
        void numbersAreEqualByValue() {
            assertEqual(Value.number("1"), Value.number("1.0"));
            assertEqual(Value.number("1"), Value.number("1E0"));
            assertEqual(Value.number("100"), Value.number("1E+2"));
            assertEqual(Value.number("0"), Value.number("-0.000"));
            assertThat(Value.number("1")).isNotEqualTo(Value.number("1.0000001"));
        }

        @Test
        void setsHaveNoOrderAndNoRepeats() {
            assertEqual(Value.textSet("b", "a", "b"), Value.textSet("a", "b"));
            assertEqual(numbers("1", "2.0"), numbers("2", "1.00"));
            assertEqual(
                    Value.set(Type.BS, List.of(bytes(2), bytes(1))),
                    Value.set(Type.BS, List.of(bytes(1), bytes(2), bytes(1))));
        }

        @Test
        void mapsHaveNoOrderAndListsHaveOne() {
            assertEqual(
                    Value.map(Map.of("a", Value.TRUE, "b", Value.number("1.0"))),
                    Value.map(Map.of("b", Value.number("1"), "a", Value.TRUE)));
            assertThat(Value.list(List.of(Value.TRUE, Value.FALSE)))
                    .isNotEqualTo(Value.list(List.of(Value.FALSE, Value.TRUE)));
        }

        @Test
        void isDeep() {
            Value a = Value.list(List.of(Value.map(Map.of("n", numbers("1.0", "2")))));
            Value b = Value.list(List.of(Value.map(Map.of("n", numbers("2", "1")))));
            assertEqual(a, b);
        }

        @Test
        void valuesOfDifferentTypesAreDifferent() {
            List<Value> alike =
                    List.of(
                            Value.text("1"),
                            Value.number("1"),
                            Value.binary(new byte[] {'1'}),
                            Value.textSet("1"),
                            numbers("1"),
                            Value.set(Type.BS, List.of(Value.binary(new byte[] {'1'}))),
                            Value.list(List.of(Value.text("1"))),
                            Value.map(Map.of()),
                            Value.NULL,
                            Value.FALSE,
                            Value.TRUE);
            assertThat(alike).doesNotHaveDuplicates();
        }

        private void assertEqual(Value a, Value b) {
            assertThat(a).isEqualTo(b).hasSameHashCodeAs(b);
        }
    }

    @Nested
    class Numbers {

        @Test
        void keep38Digits() {
            String digits = "12345678901234567890123456789012345678";
            assertThat(Value.number(digits).asDigits()).isEqualTo(digits);
            assertThat(Value.number("-0." + digits).asDigits()).isEqualTo("-0." + digits);
            assertThat(Value.number(digits + "0000").asDigits()).isEqualTo(digits + "0000");
        }

        @Test
        void areRefusedBeyond38Digits() {
            assertRefused("123456789012345678901234567890123456789", "39 digits");
            assertRefused("1.00000000000000000000000000000000000001", "39 digits");
        }

        @Test
        void reachFromTheSmallestToTheLargest() {
            String largest = "9.9999999999999999999999999999999999999E+125";
            assertThat(Value.number(largest).asNumber())
                    .isEqualByComparingTo(new BigDecimal(largest));
            assertThat(Value.number("-1E-130").asNumber().signum()).isEqualTo(-1);
            assertRefused("1E+126", "exponent 126");
            assertRefused("1E-131", "exponent -131");
        }

        @Test
        void areWrittenWithoutExponent() {
            assertThat(Value.number("1E+3").asDigits()).isEqualTo("1000");
            assertThat(Value.number("1E-3").asDigits()).isEqualTo("0.001");
            assertThat(Value.number(-42).asDigits()).isEqualTo("-42");
        }

        @Test
        void needDigits() {
            assertThatThrownBy(() -> Value.number("secret"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("cannot read a number: its text is not a decimal number");
        }

        private void assertRefused(String digits, String why) {
            assertThatThrownBy(() -> Value.number(digits))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(why)
                    .hasMessageContaining("38 digits and exponents from -130 to 125")
                    .hasMessageNotContaining(digits);
        }
    }

    @Nested
    class Order {

        @Test
        void ofTextIsByCodePoint() {
            // U+FF5E is one char, U+1F600 two, of which the first is less than U+FF5E.
            assertAscending(
                    Value.text(""),
                    Value.text("A"),
                    Value.text("a"),
                    Value.text("aa"),
                    Value.text("b"),
                    Value.text("é"),
                    Value.text("\uFF5E"),
                    Value.text("\uD83D\uDE00"),
                    Value.text("\uD83D\uDE01"));
        }

        @Test
        void ofNumbersIsByValue() {
            assertAscending(
                    Value.number("-1E+100"),
                    Value.number("-2"),
                    Value.number("-1.5"),
                    Value.number("0"),
                    Value.number("1E-100"),
                    Value.number("9"),
                    Value.number("10"));
        }

        @Test
        void ofBinariesIsUnsigned() {
            Value empty = Value.binary(new byte[0]);
            assertAscending(empty, bytes(0), bytes(1), bytes(127), bytes(-128));
        }

        @Test
        void acrossTypesIsByType() {
            assertAscending(
                    Value.text("z"),
                    Value.number(0),
                    bytes(0),
                    Value.FALSE,
                    Value.TRUE,
                    Value.NULL);
        }

        @Test
        void isOnlyForScalars() {
            Value list = Value.list(List.of());
            assertThatThrownBy(() -> list.compareTo(list))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("values of type L have no order");
        }

        private void assertAscending(Value... values) {
            List<Value> sorted = new ArrayList<>(Arrays.asList(values));
            Collections.reverse(sorted);
            Collections.sort(sorted);
            assertThat(sorted).containsExactly(values);
        }
    }

    @Nested
    class Immutability {

        @Test
        void bytesAreCopiedInAndOut() {
            byte[] mine = {1, 2};
            Value value = Value.binary(mine);
            mine[0] = 9;
            value.asBytes()[1] = 9;
            assertThat(value.asBytes()).containsExactly(1, 2);
        }

        @Test
        void collectionsAreCopiedInAndNotModifiable() {
            List<Value> mine = new ArrayList<>(List.of(Value.TRUE));
            Value list = Value.list(mine);
            mine.clear();
            assertThat(list.elements()).containsExactly(Value.TRUE);
            assertThatThrownBy(() -> list.elements().clear())
                    .isInstanceOf(UnsupportedOperationException.class);
            Value map = Value.map(Map.of("a", Value.TRUE));
            assertThatThrownBy(() -> map.fields().clear())
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void aSetHoldsOneTypeOnly() {
        List<Value> mixed = List.of(Value.text("a"), Value.number(1));
        assertThatThrownBy(() -> Value.set(Type.SS, mixed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot put a value of type N into a SS");
        assertThatThrownBy(() -> Value.set(Type.L, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("L is no set type");
    }

    @Test
    void asksForTheRightType() {
        assertThatThrownBy(() -> Value.text("secret").asNumber())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a value of type S is no N");
        assertThatThrownBy(() -> Value.NULL.elements())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a value of type NULL has no elements");
    }

    @Test
    void neverShowsItsContent() {
        Value secret = Value.text("secret");
        assertThat(secret).hasToString("a S");
        assertThat(Value.map(Map.of("name", secret)).toString()).doesNotContain("secret");
        assertThat(Item.of(Map.of("Title", secret))).hasToString("item with [Title]");
    }

    private static Value numbers(String... digits) {
        List<Value> values = new ArrayList<>();
        for (String each : digits) {
            values.add(Value.number(each));
        }
        return Value.set(Type.NS, values);
    }

    private static Value bytes(int b) {
        return Value.binary(new byte[] {(byte) b});
    }
}
