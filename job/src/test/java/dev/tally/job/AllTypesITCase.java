package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import dev.tally.json.DynamoDbJson;
import dev.tally.json.FeedEntry;
import dev.tally.sink.KinesisStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesis.model.Record;

/** Whatever DynamoDB can hold, from its table through the job to rows, feeds and streams. */
class AllTypesITCase {

    /** The image of a record as a Lambda function gets it. */
    private static final String LAMBDA_IMAGE =
            "{'sk':{'S':'sk'},'pk':{'S':'pk'},'List':{'L':[{'S':'FirstString'},"
                    + "{'S':'SecondString'}]},'Map':{'M':{'Name':{'S':'Rafal'},'Age':{'N':'30'}}},"
                    + "'IntegerNumber':{'N':'223344'},'String':{'S':'Lorem Ipsum'},"
                    + "'StringSet':{'SS':['Test1','Test2']}}";

    private static final String DOTTED = "name.with.dots";
    private static final String DIGITS = "12345678901234567890.123456789012345678";
    private static final String NINES = "99999999999999999999999999999999999999";
    private static final int LARGE_BYTES = 399_000;
    private static final byte[] ID = {0, (byte) 0x80, (byte) 0xff};

    private static final KeySchema PAIR =
            KeySchema.of(
                    new KeySchema.Attribute("pk", Type.S), new KeySchema.Attribute("sk", Type.S));
    private static final KeySchema BINARY_PAIR =
            KeySchema.of(
                    new KeySchema.Attribute("Id", Type.B), new KeySchema.Attribute("At", Type.N));
    private static final KeySchema ROW_PAIR =
            KeySchema.of(
                    new KeySchema.Attribute("Id", Type.B),
                    new KeySchema.Attribute("Level", Type.N));

    private static final String[] VIEWS = {
        "tables:",
        "  docs: { name: types-docs }",
        "  blobs: { name: types-blobs }",
        "views:",
        "  dotted:",
        "    table: docs",
        "    group-by: ['[\"name.with.dots\"]']",
        "    measures:",
        "      Docs: count",
        "      Total: { sum: '[\"amount.exact\"]' }",
        "      Eldest: { max: Map.Age }",
        "    to:",
        "      table: types-dotted",
        "      key: { PK: 'NAME#{[\"name.with.dots\"]}', SK: COUNT }",
        "  elements:",
        "    table: docs",
        "    group-by: [{ each: StringSet }]",
        "    measures: { Docs: count }",
        "    to: { stream: types-elements }",
        "  pairs:",
        "    table: blobs",
        "    group-by: [Id, Level]",
        "    measures: { Blobs: count, First: { min: Payload, type: B } }",
        "    to: { table: types-pairs }",
        "feeds:",
        "  docs: { table: docs, to: { stream: types-docs-changes } }",
        "  blobs: { table: blobs, to: { stream: types-blobs-changes } }"
    };

    private final TestTable docs = new TestTable("types-docs", PAIR);
    private final TestTable blobs = new TestTable("types-blobs", BINARY_PAIR);

    @Test
    void passUnchangedToRowsFeedsAndStreams(@TempDir Path folder) throws Exception {
        Item lambda =
                DynamoDbJson.readItem(
                        LAMBDA_IMAGE.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        new TestTable("types-pairs", ROW_PAIR, null);
        try (TestJob job = TestJob.of(folder, VIEWS)) {
            docs.put(nested("scanned"));
            job.start(2);
            docs.put(lambda);
            docs.put(nested("streamed"));
            docs.put(large());
            docs.update(ItemKey.of(PAIR, large()), Map.of("Small", Value.text("after")), List.of());
            blobs.put(blob(1, new byte[] {1, 2, 3}));
            blobs.put(blob(2, new byte[] {(byte) 0xff}));
            job.awaitExact();
            docs.update(
                    ItemKey.of(PAIR, lambda),
                    Map.of("StringSet", Value.textSet("Test2", "Test3")),
                    List.of());
            job.awaitExact();
            job.stop();
            TestJob.Verdict verdict = job.verify();
            assertThat(verdict.text()).contains("view dotted: 1 groups").contains("all equal");
            assertThat(verdict.code()).isZero();
            rows(job.config());
        }
        feedOfDocs(lambda);
        feedOfBlobs();
        rowsOnAStream();
    }

    private void rows(PipelineConfig config) {
        Item dotted =
                TestTable.read(
                        config,
                        "types-dotted",
                        Map.of("PK", Value.text("NAME#a.b"), "SK", Value.text("COUNT")));
        assertThat(dotted.get("Docs")).isEqualTo(Value.number(2));
        assertThat(dotted.get("Total"))
                .isEqualTo(Value.number("24691357802469135780.246913578024691356"));
        assertThat(dotted.get("Eldest")).isEqualTo(Value.number(30));
        Item pair =
                TestTable.read(
                        config,
                        "types-pairs",
                        Map.of("Id", Value.binary(ID), "Level", Value.number(NINES)));
        assertThat(pair.get("Blobs")).isEqualTo(Value.number(2));
        assertThat(pair.get("First")).isEqualTo(Value.binary(new byte[] {1, 2, 3}));
    }

    private void feedOfDocs(Item lambda) throws Exception {
        Feed feed = Feed.read("types-docs-changes", PAIR);
        Map<String, FeedEntry> firsts = new TreeMap<>();
        FeedEntry truncated = null;
        for (FeedEntry entry : feed.byId().values()) {
            if (entry.truncated()) {
                truncated = entry;
            } else if (entry.before() == null) {
                firsts.put(entry.keys().get("pk").asText(), entry);
            }
        }
        assertThat(firsts.get("pk").after()).isEqualTo(lambda);
        assertThat(firsts.get("scanned").after()).isEqualTo(nested("scanned"));
        assertThat(firsts.get("streamed").after()).isEqualTo(nested("streamed"));
        assertThat(firsts.get("large").after()).isEqualTo(large());
        assertThat(truncated).isNotNull();
        assertThat(truncated.keys()).isEqualTo(large().only(List.of("pk", "sk")));
        assertThat(truncated.changed()).containsExactly("Small");
        assertThat(truncated.version()).isGreaterThan(firsts.get("large").version());
        assertThat(truncated.before()).isNull();
        assertThat(truncated.after()).isNull();
    }

    private void feedOfBlobs() throws Exception {
        Feed feed = Feed.read("types-blobs-changes", BINARY_PAIR);
        assertThat(feed.replay(Map.of())).isEqualTo(blobs.items());
    }

    /** Of the elements that the set has lost and got, the newest rows say so. */
    private static void rowsOnAStream() throws Exception {
        Map<String, String> newest = new TreeMap<>();
        Map<String, String> counts = new TreeMap<>();
        for (Record record : KinesisStream.existing("types-elements").records()) {
            String row = record.data().asUtf8String();
            String element = text(row, "\"StringSet\":{\"S\":\"");
            String version = text(row, "\"version\":\"");
            if (newest.getOrDefault(element, "").compareTo(version) < 0) {
                newest.put(element, version);
                counts.put(element, text(row, "\"Docs\":{\"N\":\""));
            }
        }
        assertThat(counts)
                .isEqualTo(Map.of("Test1", "0", "Test2", "1", "Test3", "1", "x.y", "2", "z", "2"));
    }

    private static String text(String json, String before) {
        int from = json.indexOf(before) + before.length();
        assertThat(from).as(json).isGreaterThanOrEqualTo(before.length());
        return json.substring(from, json.indexOf('"', from));
    }

    private static Item blob(int at, byte[] payload) {
        return Item.of(
                Map.of(
                        "Id",
                        Value.binary(ID),
                        "At",
                        Value.number(at + ".5"),
                        "Level",
                        Value.number(NINES),
                        "Payload",
                        Value.binary(payload)));
    }

    private static Item large() {
        byte[] bytes = new byte[LARGE_BYTES];
        Arrays.fill(bytes, (byte) 7);
        return Item.of(
                Map.of(
                        "pk",
                        Value.text("large"),
                        "sk",
                        Value.text("1"),
                        "Bytes",
                        Value.binary(bytes)));
    }

    /** Every type, at the top and within maps and lists, with values at their limits. */
    private static Item nested(String pk) {
        Map<String, Value> all = new TreeMap<>();
        all.put("S", Value.text(""));
        all.put("Unicode", Value.text("\u00e4\ud83d\ude00\u0000\"\\"));
        all.put("N", Value.number(NINES));
        all.put("Tiny", Value.number("-1E-130"));
        all.put("Huge", Value.number("9.9999999999999999999999999999999999999E+125"));
        all.put("B", Value.binary(new byte[0]));
        all.put("BOOL", Value.TRUE);
        all.put("NULL", Value.NULL);
        all.put("SS", Value.textSet("b", "a"));
        all.put("NS", Value.set(Type.NS, List.of(Value.number(2), Value.number("1.5"))));
        all.put("BS", Value.set(Type.BS, List.of(Value.binary(new byte[] {9}))));
        all.put("EmptyL", Value.list(List.of()));
        all.put("EmptyM", Value.map(Map.of()));
        Map<String, Value> item = new TreeMap<>(all);
        item.put("M", Value.map(all));
        item.put("L", Value.list(List.of(Value.map(Map.of("In", Value.map(all))), Value.NULL)));
        item.put("pk", Value.text(pk));
        item.put("sk", Value.text("1"));
        item.put(DOTTED, Value.text("a.b"));
        item.put("amount.exact", Value.number(DIGITS));
        item.put("Map", Value.map(Map.of("Age", Value.number(30))));
        item.put("StringSet", Value.textSet("x.y", "z"));
        return Item.of(item);
    }
}
