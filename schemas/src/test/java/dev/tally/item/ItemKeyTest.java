package dev.tally.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Value.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ItemKeyTest {

    private static final KeySchema SCHEMA =
            KeySchema.of(
                    new KeySchema.Attribute("ListId", Type.S),
                    new KeySchema.Attribute("Position", Type.N));

    private final Item item =
            Item.of(
                    Map.of(
                            "ListId", Value.text("home"),
                            "Position", Value.number("1.0"),
                            "Title", Value.text("milk")));

    @Test
    void isTakenFromTheKeyAttributesInTheirOrder() {
        ItemKey key = ItemKey.of(SCHEMA, item);
        assertThat(key.values()).containsExactly(Value.text("home"), Value.number(1));
        assertThat(key.toItem(SCHEMA)).isEqualTo(item.without("Title"));
    }

    @Test
    void isOneForNumbersOfOneValue() {
        ItemKey one = ItemKey.of(SCHEMA, item);
        ItemKey same = ItemKey.of(SCHEMA, item.with("Position", Value.number("1E0")));
        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isEqualByComparingTo(same);
    }

    @Test
    void keepsPartsApart() {
        ItemKey a = ItemKey.of(List.of(Value.text("ab"), Value.text("c")));
        ItemKey b = ItemKey.of(List.of(Value.text("a"), Value.text("bc")));
        assertThat(a).isNotEqualTo(b);
        assertThat(ItemKey.of(List.of(Value.text("1"))))
                .isNotEqualTo(ItemKey.of(List.of(Value.number(1))))
                .isNotEqualTo(ItemKey.of(List.of(Value.binary(new byte[] {'1'}))));
    }

    /** Flink sends a key to the same task in every JVM and every release. */
    @Test
    void hasAHashOfItsBytes() {
        byte[] bytes = {0, 4, 'h', 'o', 'm', 'e'};
        assertThat(ItemKey.of(List.of(Value.text("home"))).hashCode())
                .isEqualTo(Arrays.hashCode(bytes));
    }

    @Test
    void needsEveryAttributeInItsType() {
        Item missing = item.without("Position");
        assertThatThrownBy(() -> ItemKey.of(SCHEMA, missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot take the key of an item: attribute Position (N) is missing");
        Item wrong = item.with("Position", Value.text("secret"));
        assertThatThrownBy(() -> ItemKey.of(SCHEMA, wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot take the key of an item: attribute Position (N) is a S");
    }

    @Test
    void neverShowsItsValues() {
        assertThat(ItemKey.of(SCHEMA, item).toString()).matches("key #[0-9a-f]{8}");
    }
}
