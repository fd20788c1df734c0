package dev.tally.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.codec.RandomValues;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DynamoDbJsonTest {

    @Test
    void writesEachTypeUnderItsName() throws IOException {
        Item item =
                Item.of(
                        Map.of(
                                "s", Value.text("Grüße \"\u0000\uD83D\uDE00"),
                                "n", Value.number("-12.50"),
                                "b", Value.binary(new byte[] {0, 1, -1}),
                                "bool", Value.FALSE,
                                "null", Value.NULL,
                                "m", Value.map(Map.of("x.y", Value.number(1))),
                                "l", Value.list(List.of(Value.text(""), Value.list(List.of()))),
                                "ss", Value.textSet("b", "a"),
                                "ns", Value.set(Type.NS, List.of(Value.number("1E+3"))),
                                "bs", Value.set(Type.BS, List.of(Value.binary(new byte[] {7})))));

        byte[] json = DynamoDbJson.toBytes(item);

        assertThat(new String(json, UTF_8))
                .isEqualTo(
                        "{\"b\":{\"B\":\"AAH/\"},\"bool\":{\"BOOL\":false},"
                                + "\"bs\":{\"BS\":[\"Bw==\"]},"
                                + "\"l\":{\"L\":[{\"S\":\"\"},{\"L\":[]}]},"
                                + "\"m\":{\"M\":{\"x.y\":{\"N\":\"1\"}}},\"n\":{\"N\":\"-12.5\"},"
                                + "\"ns\":{\"NS\":[\"1000\"]},\"null\":{\"NULL\":true},"
                                + "\"s\":{\"S\":\"Grüße \\\"\\u0000\uD83D\uDE00\"},"
                                + "\"ss\":{\"SS\":[\"a\",\"b\"]}}");
        assertThat(DynamoDbJson.readItem(json)).isEqualTo(item);
    }

    @Test
    void losesNothing() throws IOException {
        RandomValues values = new RandomValues(21);
        for (int i = 0; i < 20_000; i++) {
            Item item = values.item();
            assertThat(DynamoDbJson.readItem(DynamoDbJson.toBytes(item))).isEqualTo(item);
        }
    }

    @Test
    void keepsAllDigitsAndTheWholeRange() throws IOException {
        String[] numbers = {
            "99999999999999999999999999999999999999",
            "-0.12345678901234567890123456789012345678",
            "9.9999999999999999999999999999999999999E+125",
            "1E-130",
            "0"
        };
        for (String digits : numbers) {
            Item item = Item.of(Map.of("n", Value.number(digits)));
            byte[] json = DynamoDbJson.toBytes(item);
            assertThat(new String(json, UTF_8)).doesNotContain("E+").doesNotContain("E-");
            assertThat(DynamoDbJson.readItem(json)).isEqualTo(item);
        }
    }

    @Test
    void readsNumbersInAnyFormThatDynamoDbAccepts() throws IOException {
        assertThat(read("{\"n\":{\"N\":\"1.50E1\"}}").get("n")).isEqualTo(Value.number(15));
    }

    /** The new image of a record as a Lambda function gets it. */
    @Test
    void readsImagesOfStreamRecords() throws IOException {
        String image =
                "{\"sk\":{\"S\":\"sk\"},\"List\":{\"L\":[{\"S\":\"First\"},{\"S\":\"Second\"}]},"
                        + "\"Map\":{\"M\":{\"Name\":{\"S\":\"Rafal\"},\"Age\":{\"N\":\"30\"}}},"
                        + "\"IntegerNumber\":{\"N\":\"223344\"},"
                        + "\"StringSet\":{\"SS\":[\"Test1\",\"Test2\"]}}";
        Item item = read(image);
        assertThat(item.get("List"))
                .isEqualTo(Value.list(List.of(Value.text("First"), Value.text("Second"))));
        assertThat(item.get("Map").fields().get("Age")).isEqualTo(Value.number(30));
        assertThat(item.get("StringSet")).isEqualTo(Value.textSet("Test2", "Test1"));
        assertThat(DynamoDbJson.readItem(DynamoDbJson.toBytes(item))).isEqualTo(item);
    }

    @Test
    void keepsNamesAndTextsOfTheLargestItem() throws IOException {
        Item item = Item.of(Map.of("n".repeat(65_535), Value.text("x".repeat(400_000))));
        assertThat(DynamoDbJson.readItem(DynamoDbJson.toBytes(item))).isEqualTo(item);
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        assertThatThrownBy(() -> read("[]"))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "cannot read JSON before byte 1: an item or map needs START_OBJECT and"
                                + " not START_ARRAY");
        assertThatThrownBy(() -> read("{\"a\":{\"X\":\"1\"}}"))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("it names no type of DynamoDB");
        assertThatThrownBy(() -> read("{\"a\":{\"N\":1}}"))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(
                        "a value of type N needs VALUE_STRING and not VALUE_NUMBER_INT");
        assertThatThrownBy(() -> read("{\"a\":{\"N\":\"1E999\"}}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("DynamoDB allows 38 digits");
        assertThatThrownBy(() -> read("{\"a\":{\"S\":\"1\",\"N\":\"1\"}}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the end of a value");
        assertThatThrownBy(() -> read("{\"a\":{")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("")).isInstanceOf(IOException.class);
    }

    private static Item read(String json) throws IOException {
        return DynamoDbJson.readItem(json.getBytes(UTF_8));
    }
}
