package dev.tally.item;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.codec.RandomValues;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** Whatever comes, in whatever order: the image has the bytes that one made of a map has. */
class ItemWriterTest {

    private final ItemWriter writer = new ItemWriter();

    private void write(String name, Value value) {
        if (value.type() == Value.Type.S) {
            byte[] text = ("<" + value.asText() + ">").getBytes(StandardCharsets.UTF_8);
            writer.text(name, text, 1, text.length - 1);
        } else if (value.isLong()) {
            writer.number(name, value.asLong());
        } else {
            writer.value(name, value);
        }
    }

    private static byte[] bytes(Item item) throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        Item.CODEC.write(item, out);
        return out.getCopyOfBuffer();
    }

    @Test
    void anImageHasTheBytesOfOneThatIsMadeOfAMap() throws Exception {
        RandomValues values = new RandomValues(1);
        for (int i = 0; i < 2_000; i++) {
            Item expected = values.item();
            List<Map.Entry<String, Value>> fields =
                    new ArrayList<>(expected.attributes().entrySet());
            Collections.shuffle(fields, values.random());
            fields.forEach(field -> write(field.getKey(), field.getValue()));
            assertThat(bytes(writer.item())).isEqualTo(bytes(Item.of(expected.attributes())));
        }
    }

    @Test
    void ofTwoOfOneNameTheLaterOneCounts() {
        for (int i = 0; i < 100; i++) {
            write("b", Value.number(i));
            write(i % 2 == 0 ? "a" : "c", Value.text("x"));
            write("b", Value.text("later " + i));
            assertThat(writer.item())
                    .isEqualTo(
                            Item.of(
                                    Map.of(
                                            "b",
                                            Value.text("later " + i),
                                            i % 2 == 0 ? "a" : "c",
                                            Value.text("x"))));
        }
    }

    @Test
    void anImageMayHaveNothingOrAThousandAttributes() {
        assertThat(writer.item()).isEqualTo(Item.EMPTY);
        TreeMap<String, Value> many = new TreeMap<>();
        for (int i = 1_000; i > 0; i--) {
            Value value = Value.text("value " + i);
            many.put("name " + i, value);
            write("name " + i, value);
        }
        assertThat(writer.item()).isEqualTo(Item.of(many));
        assertThat(writer.item()).isEqualTo(Item.EMPTY);
    }
}
