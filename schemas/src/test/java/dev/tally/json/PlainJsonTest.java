package dev.tally.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlainJsonTest {

    @Test
    void writesWhatPeopleWouldWrite() {
        Item item =
                Item.of(
                        Map.of(
                                "s", Value.text("milk"),
                                "n", Value.number("12345678901234567890123456789012345678"),
                                "h", Value.number("100"),
                                "b", Value.binary(new byte[] {0, 1, -1}),
                                "t", Value.TRUE,
                                "z", Value.NULL,
                                "m",
                                        Value.map(
                                                Map.of(
                                                        "x",
                                                        Value.list(List.of(Value.number("0.5"))))),
                                "ss", Value.textSet("b", "a"),
                                "ns",
                                        Value.set(
                                                Type.NS,
                                                List.of(Value.number(2), Value.number(1)))));

        assertThat(new String(PlainJson.toBytes(item), UTF_8))
                .isEqualTo(
                        "{\"b\":\"AAH/\",\"h\":100,\"m\":{\"x\":[0.5]},"
                                + "\"n\":12345678901234567890123456789012345678,"
                                + "\"ns\":[1,2],\"s\":\"milk\",\"ss\":[\"a\",\"b\"],\"t\":true,"
                                + "\"z\":null}");
    }

    @Test
    void readsWhatJsonKnows() throws IOException {
        Item item =
                Item.of(
                        Map.of(
                                "s", Value.text(""),
                                "n", Value.number("1E-130"),
                                "t", Value.FALSE,
                                "z", Value.NULL,
                                "m", Value.map(Map.of()),
                                "l", Value.list(List.of(Value.TRUE, Value.list(List.of())))));
        assertThat(PlainJson.readItem(PlainJson.toBytes(item))).isEqualTo(item);
    }

    @Test
    void readsSetsAsListsAndBinariesAsText() throws IOException {
        Item item =
                Item.of(
                        Map.of(
                                "ss", Value.textSet("a"),
                                "b", Value.binary(new byte[] {7})));
        Item read = PlainJson.readItem(PlainJson.toBytes(item));
        assertThat(read.get("ss")).isEqualTo(Value.list(List.of(Value.text("a"))));
        assertThat(read.get("b")).isEqualTo(Value.text("Bw=="));
    }

    @Test
    void refusesNumbersThatDynamoDbHasNot() {
        byte[] json = "{\"n\":123456789012345678901234567890123456789}".getBytes(UTF_8);
        assertThatThrownBy(() -> PlainJson.readItem(json))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("DynamoDB allows 38 digits");
        assertThatThrownBy(() -> PlainJson.readItem("3".getBytes(UTF_8)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("needs START_OBJECT");
    }
}
