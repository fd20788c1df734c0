package dev.tally.sink;

import static dev.tally.sink.SinkViews.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.testing.HoldingProxy;
import dev.tally.testing.HoldingProxy.Fate;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.GroupKey;
import dev.tally.view.TargetRow;
import dev.tally.view.TargetRows.Page;
import dev.tally.view.ViewSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class DynamoDbTargetRowsITCase {

    private final SinkTable table = new SinkTable();
    private final ViewSpec view = SinkViews.view(table.name());

    @Test
    void showsOurRowsAndThoseThatLookLikeThem() throws Exception {
        SinkTable.write(view, row("ours", 3, 1), SinkViews.empty("zero", 1));
        table.put("foreign", Map.of("Size.Total", Value.number(5)));
        table.put("guard only", Map.of(SinkViews.GUARD, Value.text("g")));
        table.put("unrelated", Map.of("Title", Value.text("x")));

        Map<GroupKey, TargetRow> rows = read(rows(SinkTable.settings()));

        assertThat(rows).hasSize(4);
        TargetRow ours = rows.get(SinkViews.group("ours"));
        assertThat(ours.guarded()).isTrue();
        assertThat(ours.measures())
                .containsExactly(Value.number(3), Value.number(30), Value.text("2026"));
        assertThat(rows.get(SinkViews.group("zero")).measures())
                .containsExactly(Value.number(0), Value.number(0), null);
        TargetRow foreign = rows.get(SinkViews.group("foreign"));
        assertThat(foreign.guarded()).isFalse();
        assertThat(foreign.measures()).containsExactly(null, Value.number(5), null);
        assertThat(rows.get(SinkViews.group("guard only")).tombstone()).isTrue();
    }

    @Test
    void readsAllPagesAlsoThoseWithoutARow() throws Exception {
        String large = "x".repeat(300_000);
        for (int i = 0; i < 12; i++) {
            boolean ours = i % 4 == 0;
            table.put(
                    "list-" + i,
                    Map.of(
                            "Text",
                            Value.text(large),
                            ours ? "TaskCount" : "Other",
                            Value.number(i)));
        }
        DynamoDbTargetRows rows = InstantiationUtil.clone(rows(SinkTable.settings()));

        assertThat(rows.read(view, null).join().next()).isNotNull();
        assertThat(read(rows)).hasSize(3);
        assertThat(rows.skipped()).isZero();
    }

    @Test
    void outlivesThrottlesAndServerErrors() throws Exception {
        SinkTable.write(view, row("ours", 3, 1));
        try (HoldingProxy proxy = new HoldingProxy(LocalDynamoDb.shared().endpoint())) {
            proxy.next(1, "Scan", "", Fate.THROTTLE);
            proxy.next(1, "Scan", "", Fate.FAIL);
            proxy.next(1, "Scan", "", Fate.LOSE_ANSWER);

            assertThat(read(rows(SinkTable.settings(proxy.endpoint())))).hasSize(1);
            assertThat(proxy.seen("Scan")).isEqualTo(4);
        }
    }

    @Test
    void failsByNameWithWhatMustBeMended() {
        table.drop();

        assertThatThrownBy(() -> rows(SinkTable.settings()).read(view, null).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(TargetException.class)
                .hasMessageContaining("cannot read the rows of view task-count in table")
                .hasMessageContaining("the table does not exist");
    }

    private DynamoDbTargetRows rows(TargetSettings settings) {
        return new DynamoDbTargetRows(
                Map.of(SinkViews.NAME, SinkViews.KEY), Map.of(SinkViews.NAME, settings));
    }

    private Map<GroupKey, TargetRow> read(DynamoDbTargetRows rows) {
        Map<GroupKey, TargetRow> found = new HashMap<>();
        Item after = null;
        do {
            Page page = rows.read(view, after).join();
            page.rows().forEach(row -> found.put(row.group(), row));
            after = page.next();
        } while (after != null);
        rows.close();
        return found;
    }
}
