package dev.tally.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.codec.CodecSerializer;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ItemVersionTest {

    @Test
    void ordersBySequenceNumberAsANumber() {
        ItemVersion nine = ItemVersion.of(1, "999999999999999999999");
        ItemVersion ten = ItemVersion.of(1, "1000000000000000000000");
        assertThat(nine).isLessThan(ten);
        assertThat(ItemVersion.of(1, "007")).isEqualTo(ItemVersion.of(1, "7"));
        assertThat(ItemVersion.of(1, "007")).hasSameHashCodeAs(ItemVersion.of(1, "7"));
    }

    @Test
    void aLaterIncarnationOrdersAboveAnySequenceNumber() {
        ItemVersion last = ItemVersion.of(1, "9".repeat(40));
        ItemVersion first = ItemVersion.of(2, "0");
        assertThat(last).isLessThan(first);
    }

    /** Its bytes in state are those of the number, however long the digits are. */
    @Test
    void hasTheNumberOfItsDigits() {
        Random random = new Random(62);
        for (int digits = 1; digits <= 60; digits++) {
            for (int i = 0; i < 200; i++) {
                StringBuilder text = new StringBuilder();
                int zeros = random.nextInt(8) == 0 ? random.nextInt(digits + 1) : 0;
                for (int at = 0; at < digits; at++) {
                    text.append(at < zeros ? 0 : i == 0 ? 9 : random.nextInt(10));
                }
                assertBytes(text.toString());
            }
        }
        for (int power = 60; power < 132; power++) {
            BigInteger bound = BigInteger.ONE.shiftLeft(power);
            assertBytes(bound.toString());
            assertBytes(bound.subtract(BigInteger.ONE).toString());
        }
        String persian = "0123456789012345678901".replace('1', '\u06f1');
        assertThat(ItemVersion.of(1, persian))
                .isEqualTo(ItemVersion.of(1, "0123456789012345678901"));
        assertThatThrownBy(() -> ItemVersion.of(1, "12345678901234567890x"))
                .isInstanceOf(NumberFormatException.class);
    }

    private static void assertBytes(String digits) {
        byte[] number = new BigInteger(digits).toByteArray();
        byte[] expected = new byte[number.length + 2];
        expected[0] = 1;
        expected[1] = (byte) number.length;
        System.arraycopy(number, 0, expected, 2, number.length);
        byte[] version = CodecSerializer.toBytes(ItemVersion.CODEC, ItemVersion.of(1, digits));
        assertThat(Arrays.copyOfRange(version, version.length - expected.length, version.length))
                .as(digits)
                .isEqualTo(expected);
    }

    /** Consumers of feeds compare the texts. */
    @Test
    void itsTextHasTheSameOrder() {
        Random random = new Random(61);
        List<ItemVersion> versions = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            BigInteger sequence = new BigInteger(1 + random.nextInt(132), random);
            versions.add(ItemVersion.of(random.nextInt(3), sequence.toString()));
        }
        Collections.sort(versions);
        List<String> texts = new ArrayList<>();
        for (ItemVersion version : versions) {
            texts.add(version.toString());
        }
        assertThat(texts).isSorted();
        assertThat(texts).allMatch(text -> text.matches("[0-9]{6}-[0-9]{40}"));
    }
}
