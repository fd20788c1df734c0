package dev.tally.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.tally.change.ItemDiff;
import dev.tally.change.ItemDiff.Kind;
import dev.tally.codec.RandomValues;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.view.FeedSpec.Format;
import dev.tally.view.ViewSpec;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What feeds and rows write is what their published schemas say.
 *
 * <p>Every kind of entry, in both formats, and random images are checked against the schemas with
 * another implementation of JSON and JSON Schema; broken entries are shown to be refused, so that
 * the schemas are no empty promise.
 */
class JsonContractTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final JsonSchema feed = schema("feed-record", null);
    private final JsonSchema typedItem = schema("feed-record", "#/$defs/typedItem");
    private final JsonSchema row = schema("row-record", null);

    @Test
    void feedsKeepTheirContract() throws IOException {
        RandomValues values = new RandomValues(41);
        Item t = Diffs.task("home", 1);
        List<ItemDiff> diffs =
                List.of(
                        Diffs.diff(Kind.INSERT, null, t),
                        Diffs.diff(Kind.MODIFY, t, Diffs.task("work", 2)),
                        Diffs.diff(Kind.MODIFY, null, t),
                        Diffs.diff(Kind.REMOVE, t, null),
                        Diffs.removalWithoutImage(),
                        Diffs.read(values.item().with("TaskId", Value.text("t"))));
        for (Format format : Format.values()) {
            for (ItemDiff diff : diffs) {
                assertThat(feed.validate(write(diff, format, 1 << 20))).isEmpty();
                assertThat(feed.validate(write(diff, format, 0))).as("truncated").isEmpty();
            }
        }
    }

    @Test
    void imagesInDynamoDbJsonAreTypedThroughout() throws IOException {
        RandomValues values = new RandomValues(42);
        for (int i = 0; i < 500; i++) {
            JsonNode json = MAPPER.readTree(DynamoDbJson.toBytes(values.item()));
            assertThat(typedItem.validate(json)).isEmpty();
        }
    }

    @Test
    void rowsKeepTheirContract() throws IOException {
        assertThat(row.validate(row(Rows.byList(), List.of(Value.text("home"))))).isEmpty();
        assertThat(row.validate(row(Rows.mapped(), List.of(Value.number(1))))).isEmpty();
        assertThat(row.validate(row(Rows.whole(), List.of()))).isEmpty();

        RowJson json = new RowJson(Rows.whole(), Format.DYNAMODB_JSON, 7);
        byte[] truncated = json.truncated(Rows.row(List.of(), 42, 0, Value.NULL, null));
        assertThat(row.validate(MAPPER.readTree(truncated))).isEmpty();
    }

    @Test
    void theSchemasRefuseWhatBreaksTheContract() throws IOException {
        ItemDiff diff = Diffs.diff(Kind.INSERT, null, Diffs.task("home", 1));
        for (String field :
                new String[] {"eventId", "keys", "before", "after", "version", "time"}) {
            ObjectNode without = write(diff, Format.DYNAMODB_JSON, 1 << 20);
            without.remove(field);
            assertThat(feed.validate(without)).as("without " + field).isNotEmpty();
        }
        ObjectNode kind = write(diff, Format.JSON, 1 << 20).put("kind", "insert");
        assertThat(feed.validate(kind)).isNotEmpty();
        ObjectNode both = write(diff, Format.JSON, 1 << 20).put("truncated", true);
        assertThat(feed.validate(both)).isNotEmpty();
        JsonNode plain = MAPPER.readTree("{\"n\":{\"N\":3}}");
        assertThat(typedItem.validate(plain)).isNotEmpty();
        ObjectNode wrongRow = row(Rows.whole(), List.of()).put("version", "7-42-0");
        assertThat(row.validate(wrongRow)).isNotEmpty();
        ObjectNode rowOfBoth = row(Rows.whole(), List.of()).put("truncated", true);
        assertThat(row.validate(rowOfBoth)).isNotEmpty();
        ObjectNode rowOfNeither = row(Rows.whole(), List.of());
        rowOfNeither.remove("measures");
        assertThat(row.validate(rowOfNeither)).isNotEmpty();
    }

    private static ObjectNode write(ItemDiff diff, Format format, int bytesMax) throws IOException {
        return (ObjectNode) MAPPER.readTree(Diffs.feed(format).write(diff, bytesMax));
    }

    private static ObjectNode row(ViewSpec view, List<Value> keys) throws IOException {
        RowJson json = new RowJson(view, Format.DYNAMODB_JSON, 7);
        byte[] bytes = json.write(Rows.row(keys, 42, 0, Value.number(3), null));
        return (ObjectNode) MAPPER.readTree(bytes);
    }

    private static JsonSchema schema(String name, String part) {
        String path = "/schema/" + name + ".schema.json";
        try (InputStream in = JsonContractTest.class.getResourceAsStream(path)) {
            JsonNode schema = MAPPER.readTree(in);
            if (part != null) {
                ObjectNode whole = ((ObjectNode) schema).deepCopy();
                whole.retain("$schema", "$id", "$defs");
                schema = whole.put("$ref", part);
            }
            return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + path, e);
        }
    }
}
