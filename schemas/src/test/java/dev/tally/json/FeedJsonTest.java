package dev.tally.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.change.ItemDiff;
import dev.tally.change.ItemDiff.Kind;
import dev.tally.codec.RandomValues;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.view.FeedSpec.Format;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FeedJsonTest {

    private static final int MAX = FeedJson.RECORD_BYTES_MAX;

    @Test
    void writesADiffInDynamoDbJson() {
        ItemDiff diff = Diffs.diff(Kind.MODIFY, Diffs.task("home", 3), Diffs.task("work", 3));
        assertThat(new String(Diffs.feed(Format.DYNAMODB_JSON).write(diff, MAX), UTF_8))
                .isEqualTo(
                        "{\"eventId\":\"e1\",\"feed\":\"task-changes\",\"table\":\"todoListTask\","
                                + "\"kind\":\"MODIFY\",\"keys\":{\"TaskId\":{\"S\":\"t1\"}},"
                                + "\"before\":{\"Effort\":{\"N\":\"3\"},"
                                + "\"ListId\":{\"S\":\"home\"},\"TaskId\":{\"S\":\"t1\"}},"
                                + "\"after\":{\"Effort\":{\"N\":\"3\"},\"ListId\":{\"S\":\"work\"},"
                                + "\"TaskId\":{\"S\":\"t1\"}},\"changed\":[\"ListId\"],"
                                + "\"version\":\"000001-0000000000000000000100000000000000000042\","
                                + "\"time\":\"2026-11-20T19:00:00.000Z\",\"ttl\":false}");
    }

    @Test
    void writesADiffInPlainJson() {
        ItemDiff diff = Diffs.diff(Kind.INSERT, null, Diffs.task("home", 3));
        assertThat(new String(Diffs.feed(Format.JSON).write(diff, MAX), UTF_8))
                .contains("\"keys\":{\"TaskId\":\"t1\"},\"before\":null,")
                .contains("\"after\":{\"Effort\":3,\"ListId\":\"home\",\"TaskId\":\"t1\"}");
    }

    @Test
    void readsBackWhatItWrote() throws IOException {
        ItemDiff diff = Diffs.diff(Kind.MODIFY, Diffs.task("home", 3), Diffs.task("work", 4));
        FeedEntry entry = write(diff, Format.DYNAMODB_JSON, MAX);
        assertThat(entry.eventId()).isEqualTo("e1");
        assertThat(entry.feed()).isEqualTo("task-changes");
        assertThat(entry.table()).isEqualTo("todoListTask");
        assertThat(entry.kind()).isEqualTo(Kind.MODIFY);
        assertThat(entry.keys()).isEqualTo(diff.key().toItem(Diffs.TASK_ID));
        assertThat(entry.before()).isEqualTo(diff.before());
        assertThat(entry.after()).isEqualTo(diff.after());
        assertThat(entry.changed()).containsExactly("Effort", "ListId");
        assertThat(entry.version()).isEqualTo(diff.version());
        assertThat(entry.time()).isEqualTo(Diffs.TIME);
        assertThat(entry.ttl()).isFalse();
        assertThat(entry.truncated()).isFalse();
    }

    @Test
    void losesNoImage() throws IOException {
        RandomValues values = new RandomValues(31);
        for (int i = 0; i < 5_000; i++) {
            Item before = values.item().with("TaskId", Value.text("t"));
            Item after = values.item().with("TaskId", Value.text("t"));
            FeedEntry entry =
                    write(Diffs.diff(Kind.MODIFY, before, after), Format.DYNAMODB_JSON, MAX);
            assertThat(entry.before()).isEqualTo(before);
            assertThat(entry.after()).isEqualTo(after);
            assertThat(patched(before, entry)).isEqualTo(after);
        }
    }

    /** What a consumer gets that applies only the changed attributes. */
    private static Item patched(Item before, FeedEntry entry) {
        Item item = before;
        for (String name : entry.changed()) {
            Value value = entry.after().get(name);
            item = value == null ? item.without(name) : item.with(name, value);
        }
        return item;
    }

    @Test
    void namesAllAttributesOfAnItemThatComesOrGoes() throws IOException {
        Item task = Diffs.task("home", 1);
        assertThat(write(Diffs.diff(Kind.INSERT, null, task), Format.JSON, MAX).changed())
                .containsExactly("Effort", "ListId", "TaskId");
        assertThat(write(Diffs.diff(Kind.REMOVE, task, null), Format.JSON, MAX).changed())
                .containsExactly("Effort", "ListId", "TaskId");
    }

    @Test
    void doesNotGuessWhatChanged() throws IOException {
        Item task = Diffs.task("home", 1);
        FeedEntry modified = write(Diffs.diff(Kind.MODIFY, null, task), Format.JSON, MAX);
        assertThat(modified.changed()).isNull();
        assertThat(modified.before()).isNull();

        FeedEntry scanned = write(Diffs.read(task), Format.DYNAMODB_JSON, MAX);
        assertThat(scanned.changed()).isNull();
        assertThat(scanned.version()).isNull();
        assertThat(scanned.after()).isEqualTo(task);

        FeedEntry removed = write(Diffs.removalWithoutImage(), Format.DYNAMODB_JSON, MAX);
        assertThat(removed.changed()).isNull();
        assertThat(removed.ttl()).isTrue();
        assertThat(removed.time()).isZero();
    }

    @Test
    void leavesOutImagesFromTheFirstByteTooMany() throws IOException {
        ItemDiff diff = Diffs.diff(Kind.MODIFY, Diffs.task("home", 3), Diffs.task("work", 3));
        FeedJson feed = Diffs.feed(Format.DYNAMODB_JSON);
        int length = feed.write(diff, MAX).length;

        assertThat(feed.write(diff, length)).hasSize(length);
        FeedEntry entry = write(diff, Format.DYNAMODB_JSON, length - 1);
        assertThat(entry.truncated()).isTrue();
        assertThat(entry.before()).isNull();
        assertThat(entry.after()).isNull();
        assertThat(entry.keys()).isEqualTo(diff.key().toItem(Diffs.TASK_ID));
        assertThat(entry.version()).isEqualTo(diff.version());
        assertThat(entry.changed()).containsExactly("ListId");
        assertThat(entry.time()).isEqualTo(Diffs.TIME);
    }

    @Test
    void leavesOutNamesThatAreTooLargeThemselves() throws IOException {
        Map<String, Value> names = new TreeMap<>();
        names.put("TaskId", Value.text("t1"));
        for (int i = 0; i < 4; i++) {
            names.put(i + "\u0001".repeat(60_000), Value.TRUE);
        }
        FeedEntry entry =
                write(Diffs.diff(Kind.INSERT, null, Item.of(names)), Format.DYNAMODB_JSON, MAX);
        assertThat(entry.truncated()).isTrue();
        assertThat(entry.changed()).isNull();
        assertThat(entry.keys().get("TaskId")).isEqualTo(Value.text("t1"));
    }

    @Test
    void readersSkipFieldsTheyDoNotKnow() throws IOException {
        String json =
                "{\"new\":{\"a\":[1]},\"eventId\":\"e\",\"kind\":\"REMOVE\",\"keys\":{\"k\":1}}";
        FeedEntry entry = FeedEntry.read(json.getBytes(UTF_8), Format.JSON);
        assertThat(entry.keys().get("k")).isEqualTo(Value.number(1));
    }

    @Test
    void readersSayWhatIsWrong() {
        assertRefused("{\"eventId\":\"e\"}", "eventId, kind or keys is missing");
        assertRefused("{\"kind\":\"MOVE\"}", "no such kind");
        assertRefused("{\"version\":\"1\"}", "two numbers with a dash");
        assertRefused("{\"time\":\"now\"}", "a time is written like");
    }

    private static void assertRefused(String json, String why) {
        assertThatThrownBy(() -> FeedEntry.read(json.getBytes(UTF_8), Format.JSON))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    private static FeedEntry write(ItemDiff diff, Format format, int bytesMax) throws IOException {
        byte[] json = Diffs.feed(format).write(diff, bytesMax);
        assertThat(json.length).isLessThanOrEqualTo(bytesMax);
        return FeedEntry.read(json, format);
    }
}
