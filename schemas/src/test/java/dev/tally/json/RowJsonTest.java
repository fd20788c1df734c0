package dev.tally.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Value;
import dev.tally.view.FeedSpec.Format;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import dev.tally.view.ViewSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowJsonTest {

    @Test
    void writesARowWithItsVersion() {
        Row row = Rows.row(List.of(Value.text("home")), 42, 3, Value.number(12), null);
        assertThat(write(row, Rows.byList(), Format.DYNAMODB_JSON))
                .isEqualTo(
                        "{\"view\":\"task-count\",\"keys\":{\"ListId\":{\"S\":\"home\"}},"
                                + "\"measures\":{\"TaskCount\":{\"N\":\"12\"}},\"empty\":false,"
                                + "\"version\":\"0000000007-0000000000000042-0000000003\","
                                + "\"time\":\"2026-11-20T19:00:00.000Z\"}");
    }

    @Test
    void writesARowInPlainJson() {
        Row row = Rows.row(List.of(Value.number(1)), 1, 0, Value.number(0), Value.number("0.5"));
        assertThat(write(row, Rows.byList(), Format.JSON))
                .contains("\"keys\":{\"ListId\":1},\"measures\":{\"TaskCount\":0,\"Mean\":0.5}");
    }

    @Test
    void writesTheRowOfAWholeTableWithoutKeys() {
        Row row = Rows.row(List.of(), 1, 0, Value.number(0), null);
        assertThat(write(row, Rows.whole(), Format.DYNAMODB_JSON)).contains("\"keys\":{},");
    }

    @Test
    void namesKeysAfterTheMappingOfTheTarget() {
        Row row = Rows.row(List.of(Value.text("LIST#home")), 1, 0, Value.number(0), null);
        assertThat(write(row, Rows.mapped(), Format.DYNAMODB_JSON))
                .contains("\"keys\":{\"PK\":{\"S\":\"LIST#home\"}}");
    }

    @Test
    void ordersVersionsAsText() {
        String before = version(Rows.row(List.of(Value.text("a")), 9, 12, Value.NULL, null));
        String after = version(Rows.row(List.of(Value.text("a")), 10, 0, Value.NULL, null));
        assertThat(before).isLessThan(after);
    }

    private static String version(Row row) {
        String json = write(row, Rows.byList(), Format.JSON);
        int at = json.indexOf("\"version\":\"") + 11;
        return json.substring(at, json.indexOf('"', at));
    }

    @Test
    void refusesARowOfAnotherView() {
        Row row = new Row(GroupKey.of("task-count", List.of()), new Value[2], true, 1, 0, 0);
        RowJson json = new RowJson(Rows.byList(), Format.JSON, 7);
        assertThatThrownBy(() -> json.write(row))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("it has 0 values for [ListId]");
    }

    private static String write(Row row, ViewSpec view, Format format) {
        return new String(new RowJson(view, format, 7).write(row), UTF_8);
    }
}
