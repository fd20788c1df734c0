package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.AttributePath;
import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.GroupKey;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Row;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys, numbers and names of every shape, and views that share rows. */
class RowSinkShapesITCase {

    private static final KeySchema NUMBER_AND_BYTES =
            KeySchema.of(
                    new KeySchema.Attribute("Year.of", Type.N),
                    new KeySchema.Attribute("size", Type.B));

    @Test
    void keysOfTwoAttributesOfAnyTypeAndNumbersOf38Digits() throws Exception {
        SinkTable table = new SinkTable(NUMBER_AND_BYTES);
        Value year = Value.number("12345678901234567890123456789012345678");
        Value size = Value.binary(new byte[] {0, -1, 127});
        Value sum = Value.number("-0.12345678901234567890123456789012345678");
        Value last = Value.binary(new byte[] {1, 2});
        GroupKey group = GroupKey.of(SinkViews.NAME, List.of(year, size));
        Value[] measures = {Value.number(1), sum, last};
        ViewSpec view = SinkViews.view(table.name());
        try (SinkHarness sink = SinkHarness.start(sink(view, NUMBER_AND_BYTES))) {
            sink.checkpoint(1, new Row(group, measures, false, 1, 0, 0));
            sink.awaitIdle();
            assertThat(sink.deadLetters()).isEmpty();
        }

        Item key = Item.of(Map.of("Year.of", year, "size", size));
        Item row =
                AttributeValues.toItem(
                        LocalDynamoDb.shared()
                                .client()
                                .getItem(
                                        get ->
                                                get.tableName(table.name())
                                                        .key(AttributeValues.of(key)))
                                .item());
        assertThat(row.get("Size.Total")).isEqualTo(sum);
        assertThat(row.get("Last")).isEqualTo(last);
    }

    @Test
    void rowsTooLargeOrOfTheWrongKeyTypeBecomeDeadLetters() throws Exception {
        SinkTable table = new SinkTable();
        ViewSpec view = SinkViews.view(table.name());
        Value[] large = {Value.number(1), Value.number(1), Value.text("x".repeat(410_000))};
        Value[] small = {Value.number(1), Value.number(1), null};
        GroupKey wrong = GroupKey.of(SinkViews.NAME, List.of(Value.number(5)));
        try (SinkHarness sink = SinkHarness.start(sink(view, SinkViews.KEY))) {
            sink.checkpoint(
                    1,
                    new Row(SinkViews.group("large"), large, false, 1, 0, 0),
                    new Row(wrong, small, false, 1, 0, 0),
                    SinkViews.row("fine", 2, 1));
            sink.awaitIdle();

            assertThat(sink.counter("rowsRefused")).isEqualTo(2);
            assertThat(sink.deadLetters())
                    .extracting(letter -> letter.id().startsWith("row-"))
                    .containsExactly(true, true);
            assertThat(sink.deadLetters().get(0).id()).isNotEqualTo(sink.deadLetters().get(1).id());
        }
        assertThat(table.count("fine")).isEqualTo(2);
    }

    @Test
    void twoViewsShareARowEachUnderItsOwnGuard() throws Exception {
        SinkTable table = new SinkTable();
        ViewSpec tasks = SinkViews.view(table.name());
        ViewSpec notes = notes(table.name());
        GroupKey group = GroupKey.of("note-count", List.of(Value.text("groceries")));
        Value[] two = {Value.number(2)};
        try (SinkHarness first = SinkHarness.start(sink(tasks, SinkViews.KEY));
                SinkHarness second = SinkHarness.start(sink(notes, SinkViews.KEY))) {
            first.checkpoint(9, SinkViews.row("groceries", 3, 9));
            first.awaitIdle();
            second.checkpoint(1, new Row(group, two, false, 1, 0, 0));
            second.awaitIdle();
            first.checkpoint(10, SinkViews.row("groceries", 4, 10));
            first.awaitIdle();
        }

        assertThat(SinkTable.names(table.get("groceries")))
                .containsExactly(
                        "Last",
                        "ListId",
                        "Size.Total",
                        "TaskCount",
                        "_tally_note-count",
                        SinkViews.GUARD,
                        "status");
        assertThat(table.get("groceries").get("status")).isEqualTo(Value.number(2));
        assertThat(table.count("groceries")).isEqualTo(4);
    }

    /** Its only measure has a reserved word for a name. */
    private static ViewSpec notes(String table) {
        Target to =
                new Target(
                        table,
                        null,
                        null,
                        null,
                        null,
                        0,
                        "_tally_note-count",
                        Target.EmptyGroup.ZERO,
                        Target.Freshness.COMMITTED,
                        Target.ExistingRows.REFUSE);
        return new ViewSpec(
                "note-count",
                "notes",
                null,
                List.of(),
                List.of(
                        new MeasureSpec(
                                "status",
                                MeasureSpec.Kind.COUNT_DISTINCT,
                                AttributePath.ofName("NoteId"),
                                null)),
                to,
                ViewSpec.RemovedView.FAIL);
    }

    private static RowSink sink(ViewSpec view, KeySchema key) {
        return new RowSink(view, key, 7, SinkTable.settings(), WriteLimits.DEFAULTS, null);
    }
}
