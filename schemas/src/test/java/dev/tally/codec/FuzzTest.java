package dev.tally.codec;

import dev.tally.item.AttributePath;
import dev.tally.item.Item;
import dev.tally.item.OrderedValueCodec;
import dev.tally.item.Value;
import dev.tally.json.DynamoDbJson;
import dev.tally.json.FeedEntry;
import dev.tally.json.PlainJson;
import dev.tally.view.FeedSpec.Format;
import dev.tally.view.file.FlatYaml;
import dev.tally.view.file.ViewsFile;
import dev.tally.view.file.ViewsFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is damaged, cut off or made up: every decoder and every reader of files says so, and does
 * not crash, hang or fill the memory.
 */
@Timeout(120)
class FuzzTest {

    private static final String VIEWS =
            "tables:\n  tasks: { name: todoListTask, start: snapshot }\n"
                    + "views:\n  v:\n    table: tasks\n"
                    + "    where: { Status: [{ anything-but: done }],"
                    + " Effort: [{ numeric: ['>', 1] }] }\n"
                    + "    group-by: [ListId, { each: 'Tags[0]' }]\n"
                    + "    measures: { N: count,"
                    + " S: { sum: Effort, where: { A: [{ exists: true }] } } }\n"
                    + "    to: { table: counts, key: { PK: 'L#{ListId}', SK: '{Tags[0]}' } }\n"
                    + "feeds:\n  f: { table: tasks, to: { stream: changes } }\n";

    static List<Golden.Entry<?>> entries() {
        return new ArrayList<>(Golden.all().values());
    }

    @ParameterizedTest
    @MethodSource("entries")
    <T> void bytesOfState(Golden.Entry<T> entry) {
        Fuzz fuzz =
                new Fuzz(
                        entry.type().getSimpleName(),
                        IOException.class,
                        bytes -> CodecSerializer.fromBytes(entry.codec(), bytes));
        for (T value : entry.values()) {
            fuzz.with(CodecSerializer.toBytes(entry.codec(), value));
        }
        fuzz.run();
    }

    @Test
    void orderedBytes() {
        RandomValues values = new RandomValues(7);
        Fuzz fuzz =
                new Fuzz("ordered value", IOException.class, OrderedValueCodec.CODEC::fromBytes);
        for (int i = 0; i < 50; i++) {
            fuzz.with(OrderedValueCodec.CODEC.toBytes(values.value(2)));
        }
        fuzz.run();
        new Fuzz(
                        "ordered number",
                        IOException.class,
                        bytes -> OrderedBytes.readNumber(new DataInputDeserializer(bytes)))
                .with(
                        new byte[] {(byte) 0xff, 0x7f, -1, -1, -1, 3, 3, 2},
                        new byte[] {(byte) 0xc0, 2})
                .run();
    }

    @Test
    void json() {
        Item item = new RandomValues(3).item().with("Deep", Value.list(List.of(Value.TRUE)));
        byte[] dynamo = DynamoDbJson.toBytes(item);
        new Fuzz("DynamoDB JSON", IOException.class, DynamoDbJson::readItem).with(dynamo).run();
        byte[] plain = PlainJson.toBytes(item);
        new Fuzz("plain JSON", IOException.class, PlainJson::readItem).with(plain).run();
        new Fuzz(
                        "feed record",
                        IOException.class,
                        bytes -> FeedEntry.read(bytes, Format.DYNAMODB_JSON))
                .with(
                        "{\"eventId\":\"e\",\"feed\":\"f\",\"table\":\"t\",\"kind\":\"INSERT\","
                                + "\"keys\":{\"A\":{\"S\":\"a\"}},\"after\":{\"A\":{\"S\":\"a\"}},"
                                + "\"changed\":[\"A\"],\"version\":\"1\",\"ttl\":false,"
                                + "\"time\":\"2026-11-20T19:00:00.000Z\"}")
                .run();
    }

    @Test
    void files() throws Exception {
        ViewsFile.parse("views.yaml", VIEWS, name -> null);
        views().with(VIEWS).run();
        settings().with("region: us-east-1\nsource: { scan.segments: 4, on-aws: false }\n").run();
    }

    @Test
    void paths() {
        new Fuzz("path", IllegalArgumentException.class, bytes -> AttributePath.parse(text(bytes)))
                .with("Address.Lines[0][\"name.with.dots\"].City")
                .run();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[", "{\"a\":", "{\"M\":{\"a\":", "{\"a\":{\"L\":[", "- ", "? ", "a:\n "})
    void whatNestsWithoutEnd(String opening) {
        byte[] deep = opening.repeat(20_000).getBytes(StandardCharsets.UTF_8);
        new Fuzz("DynamoDB JSON", IOException.class, DynamoDbJson::readItem).check(deep);
        new Fuzz("plain JSON", IOException.class, PlainJson::readItem).check(deep);
        views().check(deep);
        settings().check(deep);
    }

    @Test
    void valuesThatNestWithoutEnd() {
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 1);
        for (int i = 1; i < deep.length; i += 2) {
            deep[i] = (byte) Value.Type.L.ordinal();
        }
        new Fuzz("value", IOException.class, bytes -> CodecSerializer.fromBytes(Value.CODEC, bytes))
                .check(deep);
    }

    @Test
    void aliasesThatStandForMoreThanMemoryHolds() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append(String.format("a%d: &a%d [*a%d, *a%d]%n", i, i, i - 1, i - 1));
        }
        views().check(bomb.toString().getBytes(StandardCharsets.UTF_8));
        settings().check(bomb.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void numbersThatTakeForEverToRead() {
        String digits = "9".repeat(200_000);
        views().check(
                        (VIEWS.replace(", 1]", ", " + digits + "]"))
                                .getBytes(StandardCharsets.UTF_8));
        byte[] json = ("{\"a\":" + digits + "}").getBytes(StandardCharsets.UTF_8);
        new Fuzz("plain JSON", IOException.class, PlainJson::readItem).check(json);
        byte[] text = ("{\"a\":{\"N\":\"" + digits + "\"}}").getBytes(StandardCharsets.UTF_8);
        new Fuzz("DynamoDB JSON", IOException.class, DynamoDbJson::readItem).check(text);
    }

    private static Fuzz views() {
        return new Fuzz(
                "views file",
                ViewsFileException.class,
                bytes -> ViewsFile.parse("views.yaml", text(bytes), name -> null));
    }

    private static Fuzz settings() {
        return new Fuzz(
                "settings file",
                ViewsFileException.class,
                bytes -> FlatYaml.read("pipeline.yaml", text(bytes), name -> null));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
