package dev.tally.sink;

import static dev.tally.sink.SinkViews.group;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.change.DeadLetter;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.sink.RowTable.Result;
import dev.tally.testing.FaultyProxy;
import dev.tally.testing.FaultyProxy.Fault;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.Row;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.Target.ExistingRows;
import dev.tally.view.TargetRow;
import dev.tally.view.ViewSpec;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows repaired and brought back by hand, beside a job that writes too. */
class RowTableITCase {

    private static final Value[] WANTED = {Value.number(3), Value.number(30), null};
    private static final String GUARD_0 = "0000000000-0000000000000000-0000000000/";

    private final SinkTable table = new SinkTable();
    private RowTable rows = rows(EmptyGroup.ZERO, ExistingRows.REFUSE, null);

    @AfterEach
    void close() {
        rows.close();
    }

    private RowTable rows(EmptyGroup empty, ExistingRows existing, FaultyProxy proxy) {
        TargetSettings settings =
                proxy == null
                        ? SinkTable.settings()
                        : SinkTable.settings(proxy.endpoint().toString());
        return new RowTable(view(empty, existing), SinkViews.KEY, settings);
    }

    private ViewSpec view(EmptyGroup empty, ExistingRows existing) {
        return SinkViews.view(table.name(), 0, empty, existing);
    }

    private void written(Row row) {
        SinkTable.write(view(EmptyGroup.ZERO, ExistingRows.REFUSE), row);
    }

    private TargetRow seen(String list) {
        Item row = table.get(list);
        Value[] measures = {row.get("TaskCount"), row.get("Size.Total"), row.get("Last")};
        Value guard = row.get(SinkViews.GUARD);
        boolean ours = guard != null && Guard.parse(guard.asText()).isPresent();
        return new TargetRow(group(list), measures, guard != null, 0, ours ? guard.asText() : null);
    }

    @Test
    void aRepairKeepsTheGuardSoThatTheJobsNextRowWins() {
        written(SinkViews.row("home", 7, 5));
        table.set("home", "Owner", Value.text("someone"));
        Value guard = table.get("home").get(SinkViews.GUARD);
        assertThat(rows.repair(group("home"), seen("home"), WANTED)).isEqualTo(Result.WRITTEN);
        assertThat(table.count("home")).isEqualTo(3);
        assertThat(table.get("home").get("Last")).isNull();
        assertThat(table.get("home").get("Owner")).isEqualTo(Value.text("someone"));
        assertThat(table.get("home").get(SinkViews.GUARD)).isEqualTo(guard);
        written(SinkViews.row("home", 4, 6));
        assertThat(table.count("home")).isEqualTo(4);
    }

    @Test
    void aRowThatMovedMeanwhileIsLeftAlone() {
        written(SinkViews.row("home", 7, 5));
        TargetRow seen = seen("home");
        written(SinkViews.row("home", 8, 6));
        assertThat(rows.repair(group("home"), seen, WANTED)).isEqualTo(Result.MOVED);
        assertThat(rows.repair(group("home"), null, WANTED)).isEqualTo(Result.MOVED);
        assertThat(table.count("home")).isEqualTo(8);
    }

    @Test
    void aMissingRowIsPutBelowEveryJob() {
        assertThat(rows.repair(group("home"), null, WANTED)).isEqualTo(Result.WRITTEN);
        assertThat(table.count("home")).isEqualTo(3);
        assertThat(table.get("home").get(SinkViews.GUARD)).isEqualTo(Value.text(GUARD_0));
        written(SinkViews.row("home", 1, 1));
        assertThat(table.count("home")).isEqualTo(1);
    }

    @Test
    void aGhostIsEmptiedOrBecomesATombstone() {
        written(SinkViews.row("a", 7, 5));
        written(SinkViews.row("b", 7, 5));
        assertThat(rows.repair(group("a"), seen("a"), null)).isEqualTo(Result.WRITTEN);
        assertThat(table.count("a")).isZero();
        rows.close();
        rows = rows(EmptyGroup.DELETE, ExistingRows.REFUSE, null);
        assertThat(rows.repair(group("b"), seen("b"), null)).isEqualTo(Result.WRITTEN);
        assertThat(SinkTable.names(table.get("b"))).containsExactly("ListId", SinkViews.GUARD);
    }

    @Test
    void rowsOfOthersAreLeftUnlessAdopted() {
        table.put("home", Map.of("TaskCount", Value.number(9)));
        assertThat(rows.repair(group("home"), seen("home"), WANTED)).isEqualTo(Result.FOREIGN);
        table.put(
                "guarded", Map.of("TaskCount", Value.number(9), SinkViews.GUARD, Value.text("x")));
        assertThat(rows.repair(group("guarded"), seen("guarded"), WANTED))
                .isEqualTo(Result.FOREIGN);
        rows.close();
        rows = rows(EmptyGroup.ZERO, ExistingRows.ADOPT, null);
        assertThat(rows.repair(group("home"), seen("home"), WANTED)).isEqualTo(Result.WRITTEN);
        assertThat(table.count("home")).isEqualTo(3);
        assertThat(table.count("guarded")).isEqualTo(9);
    }

    @Test
    void aRefusedRowIsWrittenAgainUnderItsOwnGuard() {
        ViewSpec view = view(EmptyGroup.ZERO, ExistingRows.REFUSE);
        TargetTable of = new TargetTable(view, SinkViews.KEY, 2);
        DeadLetter letter = of.refused(SinkViews.row("home", 7, 5), "too large");
        table.put("home", Map.of("Title", Value.text("x".repeat(409_500))));
        assertThat(rows.again(letter)).isEqualTo(Result.REFUSED);
        table.put("home", Map.of("Title", Value.text("short")));
        assertThat(rows.again(letter)).isEqualTo(Result.WRITTEN);
        assertThat(rows.again(letter)).as("twice").isEqualTo(Result.WRITTEN);
        assertThat(table.count("home")).isEqualTo(7);
        assertThat(table.get("home").get(SinkViews.GUARD))
                .isEqualTo(
                        Value.text(
                                "0000000002-0000000000000005-0000000000/1970-01-01T00:00:01.005Z"));
        LocalDynamoDb.shared().client().updateItem(of.put(SinkViews.row("home", 8, 6)));
        assertThat(rows.again(letter)).as("a newer one is there").isEqualTo(Result.MOVED);
        assertThat(table.count("home")).isEqualTo(8);
    }

    @Test
    void aDeletedGroupDoesNotComeBack() {
        TargetTable of =
                new TargetTable(view(EmptyGroup.DELETE, ExistingRows.REFUSE), SinkViews.KEY, 2);
        DeadLetter letter = of.refused(SinkViews.row("home", 7, 5), "too large");
        rows.close();
        rows = rows(EmptyGroup.DELETE, ExistingRows.REFUSE, null);
        assertThat(rows.again(letter)).isEqualTo(Result.ABSENT);
        assertThat(table.get("home")).isEqualTo(Item.EMPTY);
        assertThat(rows.repair(group("home"), null, WANTED)).isEqualTo(Result.WRITTEN);
        assertThat(rows.again(letter)).isEqualTo(Result.WRITTEN);
        assertThat(table.count("home")).isEqualTo(7);
    }

    @Test
    void whateverHappensOnTheWayTheRowEndsAsWanted() {
        rows.close();
        try (FaultyProxy proxy = new FaultyProxy(LocalDynamoDb.shared().endpoint(), 3)) {
            rows = rows(EmptyGroup.ZERO, ExistingRows.REFUSE, proxy);
            proxy.delay(Duration.ofMillis(20));
            for (Fault fault :
                    new Fault[] {
                        Fault.FAIL,
                        Fault.THROTTLE,
                        Fault.RESET,
                        Fault.LOSE_ANSWER,
                        Fault.TEAR_ANSWER,
                        Fault.LAND_LATE,
                        Fault.SLOW
                    }) {
                String list = fault.name();
                proxy.next(2, "UpdateItem", list, fault);
                assertThat(rows.repair(group(list), null, WANTED)).isEqualTo(Result.WRITTEN);
                table.set(list, "TaskCount", Value.number(11));
                proxy.next(2, "UpdateItem", list, fault);
                assertThat(rows.repair(group(list), seen(list), WANTED)).isEqualTo(Result.WRITTEN);
                proxy.landed().join();
                assertThat(table.count(list)).as(list).isEqualTo(3);
                assertThat(proxy.injected(fault)).isPositive();
            }
        }
    }
}
