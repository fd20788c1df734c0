package dev.tally.sink;

import static dev.tally.sink.SinkViews.empty;
import static dev.tally.sink.SinkViews.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.testing.HoldingProxy;
import dev.tally.testing.HoldingProxy.Fate;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.Row;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.Target.ExistingRows;
import dev.tally.view.ViewSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A row sink before a target that is slow, deaf, or answers in the wrong order. */
class RowSinkFaultsITCase {

    private static final long SUBMISSION = 7;
    private static final WriteLimits HASTY =
            new WriteLimits(
                    8, 1 << 20, Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofHours(1));

    private final SinkTable table = new SinkTable();
    private final HoldingProxy proxy = new HoldingProxy(LocalDynamoDb.shared().endpoint());

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void aPutHeldBackLandsAfterItsGroupBecameEmptyAndIsRefused() throws Exception {
        proxy.next(1, "UpdateItem", "groceries", Fate.HOLD);
        try (SinkHarness sink = SinkHarness.start(sink(EmptyGroup.ZERO))) {
            sink.checkpoint(1, row("groceries", 3, 1));
            sink.awaitIdle();
            assertThat(table.count("groceries")).isEqualTo(3);
            assertThat(sink.counter("writesUnknown")).isPositive();
            sink.checkpoint(2, empty("groceries", 2));
            sink.awaitIdle();
            assertThat(proxy.held()).isEqualTo(1);

            proxy.release().join();
        }
        assertThat(table.count("groceries")).isZero();
    }

    @Test
    void aPutHeldBackDoesNotResurrectADeletedRow() throws Exception {
        proxy.next(1, "UpdateItem", "groceries", Fate.HOLD);
        try (SinkHarness sink = SinkHarness.start(sink(EmptyGroup.DELETE))) {
            sink.checkpoint(1, row("groceries", 3, 1));
            sink.awaitIdle();
            sink.checkpoint(2, empty("groceries", 2));
            sink.awaitIdle();

            proxy.release().join();
        }
        assertThat(SinkTable.names(table.get("groceries")))
                .containsExactly("ListId", SinkViews.GUARD);
    }

    @Test
    void aPutThatLandedWithoutAnAnswerIsRepeatedAndFoundThere() throws Exception {
        proxy.next(1, "UpdateItem", "groceries", Fate.LOSE_ANSWER);
        try (SinkHarness sink = SinkHarness.start(sink(EmptyGroup.ZERO))) {
            sink.checkpoint(1, row("groceries", 3, 1));
            sink.awaitIdle();

            assertThat(sink.counter("writesUnknown")).isEqualTo(1);
            assertThat(sink.counter("writeRetries")).isEqualTo(1);
            assertThat(sink.counter("rowsDuplicate")).isEqualTo(1);
            assertThat(sink.counter("rowsWritten")).isZero();
        }
        assertThat(table.count("groceries")).isEqualTo(3);
    }

    @Test
    void throttlingAndServerErrorsDelayRowsAndLoseNone() throws Exception {
        proxy.next(20, "UpdateItem", "", Fate.THROTTLE);
        proxy.next(10, "UpdateItem", "", Fate.FAIL);
        try (SinkHarness sink = SinkHarness.start(sink(EmptyGroup.ZERO))) {
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                rows.add(row("list-" + i, i, 1));
            }
            sink.checkpoint(1, rows.toArray(new Row[0]));
            sink.awaitIdle();

            assertThat(sink.counter("writesThrottled")).isEqualTo(20);
            assertThat(sink.counter("writesUnknown")).isEqualTo(10);
            assertThat(sink.counter("writeRetries")).isEqualTo(30);
            assertThat(sink.counter("rowsWritten")).isEqualTo(30);
        }
        for (int i = 0; i < 30; i++) {
            assertThat(table.count("list-" + i)).isEqualTo(i);
        }
    }

    @Test
    void onlyTheNewestRowOfAGroupIsWrittenOnceTheTargetAnswersAgain() throws Exception {
        proxy.next(1, "UpdateItem", "", Fate.THROTTLE);
        try (SinkHarness sink = SinkHarness.start(sink(EmptyGroup.ZERO))) {
            sink.checkpoint(1, row("groceries", 1, 1));
            sink.await(() -> sink.counter("writesThrottled") == 1);
            for (int checkpoint = 2; checkpoint <= 9; checkpoint++) {
                sink.checkpoint(checkpoint, row("groceries", checkpoint, checkpoint));
            }
            sink.awaitIdle();

            assertThat(proxy.seen("UpdateItem")).isLessThanOrEqualTo(3);
        }
        assertThat(table.count("groceries")).isEqualTo(9);
    }

    @Test
    void aTombstoneThatCannotBeRemovedNowIsRemovedLater() throws Exception {
        proxy.next(1, "GetItem", "", Fate.FAIL);
        proxy.next(1, "DeleteItem", "", Fate.THROTTLE);
        try (SinkHarness sink = SinkHarness.start(sink(EmptyGroup.DELETE))) {
            sink.checkpoint(1, empty("groceries", 1));
            sink.awaitIdle();
            sink.advanceTime(Duration.ofMinutes(61));
            sink.await(() -> sink.counter("tombstonesLater") == 1);
            sink.advanceTime(Duration.ofMinutes(3));
            sink.await(() -> sink.counter("tombstonesLater") == 2);
            sink.advanceTime(Duration.ofMinutes(3));
            sink.await(() -> sink.counter("tombstonesRemoved") == 1);
        }
        assertThat(table.get("groceries").attributes()).isEmpty();
    }

    @Test
    void aDeniedPermissionStopsTheJobByName() throws Exception {
        proxy.next(1, "UpdateItem", "", Fate.DENY);
        SinkHarness sink = SinkHarness.start(sink(EmptyGroup.ZERO));
        sink.checkpoint(1, row("groceries", 1, 1));

        assertThatThrownBy(sink::awaitIdle)
                .isInstanceOf(TargetException.class)
                .hasMessageStartingWith("cannot write a row to table " + table.name())
                .hasMessageContaining("permission is denied")
                .hasMessageEndingWith("`check` prints the policy.");
        sink.kill();
    }

    @Test
    void anOrderlyEndSaysSoIfTheLastRowsCannotBeWritten() throws Exception {
        proxy.next(1000, "UpdateItem", "", Fate.FAIL);
        WriteLimits impatient =
                new WriteLimits(8, 1 << 20, Duration.ofMillis(500), Duration.ZERO, Duration.ZERO);
        SinkHarness sink = SinkHarness.start(sink(EmptyGroup.ZERO, impatient));
        sink.checkpoint(1, row("groceries", 1, 1));

        assertThatThrownBy(sink::end)
                .isInstanceOf(SuppressRestartsException.class)
                .rootCause()
                .hasMessageContaining("1 are left after 0 s. The savepoint is good: restore");
    }

    private RowSink sink(EmptyGroup emptyGroup) {
        return sink(emptyGroup, HASTY);
    }

    private RowSink sink(EmptyGroup emptyGroup, WriteLimits limits) {
        ViewSpec view = SinkViews.view(table.name(), 0, emptyGroup, ExistingRows.REFUSE);
        TargetSettings settings = SinkTable.settings(proxy.endpoint());
        return new RowSink(view, SinkViews.KEY, SUBMISSION, settings, limits, null);
    }
}
