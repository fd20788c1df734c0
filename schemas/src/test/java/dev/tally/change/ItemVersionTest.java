package dev.tally.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
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
