package dev.tally.diff;

import static dev.tally.diff.Tasks.kept;
import static dev.tally.diff.Tasks.moved;
import static dev.tally.diff.Tasks.movedNewOnly;
import static dev.tally.diff.Tasks.scanned;
import static dev.tally.diff.Tasks.task;
import static dev.tally.diff.Tasks.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tally.change.ItemChange;
import dev.tally.change.ItemVersion;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The truth table of the item stage, as a table. Generation 100 is ready, 200 is open. */
class ReconcilerTest {

    private static final long OLD = 100;
    private static final long NEW = 200;

    private final Reconciler reconciler =
            new Reconciler(
                    "tasks",
                    HeldImages.always(KeptAttributes.named(List.of("ListId"))),
                    Diffs.RECORDS);

    @ParameterizedTest(name = "{0}")
    @MethodSource("streamRows")
    void decidesStreamRecord(
            String row, ItemState state, ItemChange change, Verdict verdict, ItemState next) {
        Outcome outcome = reconciler.apply(state, change, OLD, NEW);

        assertThat(outcome.verdict()).isEqualTo(verdict);
        assertThat(outcome.state()).isEqualTo(next);
        assertThat(outcome.diff() == null).isEqualTo(verdict == Verdict.DUPLICATE);
    }

    static Stream<Arguments> streamRows() {
        ItemState streamed = ItemState.streamed(NEW, version(5), kept("a"));
        ItemState tombstone = ItemState.tombstone(NEW, version(5));
        ItemState old = ItemState.streamed(OLD, version(5), kept("a"));
        return Stream.of(
                row(
                        "same version",
                        streamed,
                        moved("t", NEW, 5, "a", "b"),
                        Verdict.DUPLICATE,
                        streamed),
                row(
                        "older version",
                        streamed,
                        moved("t", NEW, 4, "a", "b"),
                        Verdict.DUPLICATE,
                        streamed),
                row(
                        "older than a tombstone",
                        tombstone,
                        moved("t", NEW, 4, null, "b"),
                        Verdict.DUPLICATE,
                        tombstone),
                row(
                        "older than what a scan row came after",
                        ItemState.scanned(NEW, version(5), kept("a")),
                        moved("t", NEW, 4, "a", "b"),
                        Verdict.DUPLICATE,
                        ItemState.scanned(NEW, version(5), kept("a"))),
                row(
                        "put of unknown",
                        null,
                        moved("t", NEW, 5, null, "a"),
                        Verdict.STREAM_FIRST,
                        streamed),
                row(
                        "removal of unknown",
                        null,
                        moved("t", NEW, 5, "x", null),
                        Verdict.STREAM_FIRST,
                        tombstone),
                row(
                        "put",
                        streamed,
                        moved("t", NEW, 6, "a", "b"),
                        Verdict.STREAM_NEXT,
                        ItemState.streamed(NEW, version(6), kept("b"))),
                row(
                        "removal",
                        streamed,
                        moved("t", NEW, 6, "a", null),
                        Verdict.STREAM_NEXT,
                        ItemState.tombstone(NEW, version(6))),
                row(
                        "put after removal",
                        tombstone,
                        moved("t", NEW, 6, null, "b"),
                        Verdict.STREAM_NEXT,
                        ItemState.streamed(NEW, version(6), kept("b"))),
                row(
                        "put stamped before the state keeps its generation",
                        streamed,
                        moved("t", OLD, 6, "a", "b"),
                        Verdict.STREAM_NEXT,
                        ItemState.streamed(NEW, version(6), kept("b"))),
                row(
                        "old image is another",
                        streamed,
                        moved("t", NEW, 6, "x", "b"),
                        Verdict.STREAM_DRIFTED,
                        ItemState.streamed(NEW, version(6), kept("b"))),
                row(
                        "old image where there should be none",
                        tombstone,
                        moved("t", NEW, 6, "x", "b"),
                        Verdict.STREAM_DRIFTED,
                        ItemState.streamed(NEW, version(6), kept("b"))),
                row(
                        "old image is another, across the start of a generation",
                        old,
                        moved("t", NEW, 6, "x", "b"),
                        Verdict.STREAM_HEALED,
                        ItemState.streamed(NEW, version(6), kept("b"))),
                row(
                        "no old image to compare",
                        streamed,
                        movedNewOnly("t", NEW, 6, "b"),
                        Verdict.STREAM_NEXT,
                        ItemState.streamed(NEW, version(6), kept("b"))),
                row(
                        "a new incarnation of the stream orders above",
                        streamed,
                        ItemChange.streamed(
                                Tasks.key("t"),
                                NEW,
                                ItemVersion.of(2, "1"),
                                task("t", "a"),
                                task("t", "b"),
                                1,
                                "e",
                                false),
                        Verdict.STREAM_NEXT,
                        ItemState.streamed(NEW, ItemVersion.of(2, "1"), kept("b"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overScanRows")
    void decidesStreamRecordOverScanRow(
            String row, ItemState state, ItemChange change, Verdict verdict, ItemState next) {
        decidesStreamRecord(row, state, change, verdict, next);
    }

    static Stream<Arguments> overScanRows() {
        ItemState row = ItemState.scanned(NEW, null, kept("c"));
        ItemState seen = ItemState.scanned(NEW, version(5), kept("c"));
        ItemState oldRow = ItemState.scanned(OLD, version(5), kept("c"));
        ItemState taken = ItemState.streamed(NEW, version(6), kept("d"));
        return Stream.of(
                row(
                        "of an older generation",
                        oldRow,
                        moved("t", NEW, 6, "x", "d"),
                        Verdict.STREAM_AFTER_OLD_SCAN,
                        taken),
                row(
                        "of an older generation, new only",
                        oldRow,
                        movedNewOnly("t", NEW, 6, "d"),
                        Verdict.STREAM_AFTER_OLD_SCAN,
                        taken),
                row(
                        "starts where the scan stands",
                        row,
                        moved("t", NEW, 6, "c", "d"),
                        Verdict.STREAM_FOLLOWS_SCAN,
                        taken),
                row(
                        "so, stamped before the fence",
                        row,
                        moved("t", OLD, 6, "c", "d"),
                        Verdict.STREAM_FOLLOWS_SCAN,
                        taken),
                row(
                        "removes what the scan saw",
                        seen,
                        moved("t", NEW, 6, "c", null),
                        Verdict.STREAM_FOLLOWS_SCAN,
                        ItemState.tombstone(NEW, version(6))),
                row(
                        "ends where the scan stands",
                        row,
                        moved("t", NEW, 6, "b", "c"),
                        Verdict.IN_STEP,
                        ItemState.streamed(NEW, version(6), kept("c"))),
                row(
                        "so, stamped before the fence",
                        row,
                        moved("t", OLD, 6, "b", "c"),
                        Verdict.IN_STEP,
                        ItemState.streamed(NEW, version(6), kept("c"))),
                row(
                        "the scan is ahead",
                        row,
                        moved("t", NEW, 6, "a", "b"),
                        Verdict.SCAN_AHEAD,
                        ItemState.scanned(NEW, version(6), kept("c"))),
                row(
                        "the scan is ahead of an insert",
                        seen,
                        moved("t", NEW, 6, null, "b"),
                        Verdict.SCAN_AHEAD,
                        ItemState.scanned(NEW, version(6), kept("c"))),
                row(
                        "the scan is ahead of a removal",
                        seen,
                        moved("t", NEW, 6, "b", null),
                        Verdict.SCAN_AHEAD,
                        ItemState.scanned(NEW, version(6), kept("c"))),
                row(
                        "new only, before the fence",
                        row,
                        movedNewOnly("t", OLD, 6, "b"),
                        Verdict.SCAN_HAS_IT,
                        ItemState.scanned(NEW, version(6), kept("c"))),
                row(
                        "new only, removal before the fence",
                        row,
                        movedNewOnly("t", OLD, 6, null),
                        Verdict.SCAN_HAS_IT,
                        ItemState.scanned(NEW, version(6), kept("c"))),
                row(
                        "new only",
                        seen,
                        movedNewOnly("t", NEW, 6, "d"),
                        Verdict.STREAM_OVER_SCAN,
                        taken),
                row(
                        "new only, removal",
                        seen,
                        movedNewOnly("t", NEW, 6, null),
                        Verdict.STREAM_OVER_SCAN,
                        ItemState.tombstone(NEW, version(6))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scanRows")
    void decidesScanRow(
            String row, ItemState state, ItemChange change, Verdict verdict, ItemState next) {
        Outcome outcome = reconciler.apply(state, change, OLD, NEW);

        assertThat(outcome.verdict()).isEqualTo(verdict);
        assertThat(outcome.state()).isEqualTo(next);
        assertThat(outcome.diff()).as("a scan row makes no diff unless asked for").isNull();
    }

    static Stream<Arguments> scanRows() {
        ItemChange change = scanned("t", NEW, "c");
        ItemState streamed = ItemState.streamed(NEW, version(5), kept("a"));
        ItemState row = ItemState.scanned(NEW, null, kept("a"));
        ItemState tombstone = ItemState.tombstone(NEW, version(5));
        ItemState later = ItemState.streamed(NEW + 1, version(5), kept("a"));
        ItemState taken = ItemState.scanned(NEW, version(5), kept("c"));
        return Stream.of(
                row(
                        "unknown item",
                        null,
                        change,
                        Verdict.SCAN_FIRST,
                        ItemState.scanned(NEW, null, kept("c"))),
                row("touched by the stream", streamed, change, Verdict.SCAN_LATE, streamed),
                row("touched by the scan", row, change, Verdict.SCAN_LATE, row),
                row("removed by the stream", tombstone, change, Verdict.SCAN_LATE, tombstone),
                row("touched by a later generation", later, change, Verdict.SCAN_LATE, later),
                row(
                        "older stream state",
                        ItemState.streamed(OLD, version(5), kept("a")),
                        change,
                        Verdict.SCAN_NEWER,
                        taken),
                row(
                        "older scan row",
                        ItemState.scanned(OLD, null, kept("a")),
                        change,
                        Verdict.SCAN_NEWER,
                        ItemState.scanned(NEW, null, kept("c"))),
                row(
                        "older tombstone",
                        ItemState.tombstone(OLD, version(5)),
                        change,
                        Verdict.SCAN_NEWER,
                        taken));
    }

    private static Arguments row(
            String row, ItemState state, ItemChange change, Verdict verdict, ItemState next) {
        return arguments(row, state, change, verdict, next);
    }

    @Test
    void sweepsAndForgetsWhenReady() {
        assertThat(reconciler.atReady(ItemState.streamed(OLD, version(1), kept("a")), NEW))
                .isEqualTo(Verdict.SWEPT);
        assertThat(reconciler.atReady(ItemState.scanned(OLD, null, kept("a")), NEW))
                .isEqualTo(Verdict.SWEPT);
        assertThat(reconciler.atReady(ItemState.streamed(NEW, version(1), kept("a")), NEW))
                .isEqualTo(Verdict.KEPT);
        assertThat(reconciler.atReady(ItemState.scanned(NEW, null, kept("a")), NEW))
                .isEqualTo(Verdict.KEPT);
        assertThat(reconciler.atReady(ItemState.tombstone(NEW, version(1)), NEW))
                .isEqualTo(Verdict.FORGOTTEN);
        assertThat(reconciler.atReady(ItemState.tombstone(OLD, version(1)), NEW))
                .isEqualTo(Verdict.FORGOTTEN);
        assertThat(reconciler.atReady(ItemState.tombstone(NEW + 1, version(1)), NEW))
                .as("a still later generation is open")
                .isEqualTo(Verdict.KEPT);
    }

    @Test
    void removalLeavesNothingWhenNoGenerationIsOpen() {
        ItemState streamed = ItemState.streamed(NEW, version(5), kept("a"));
        Outcome outcome = reconciler.apply(streamed, moved("t", NEW, 6, "a", null), NEW, NEW);

        assertThat(outcome.verdict()).isEqualTo(Verdict.STREAM_NEXT);
        assertThat(outcome.state()).isNull();
    }

    @Test
    void removalOpensTheGenerationItIsStampedWith() {
        ItemState streamed = ItemState.streamed(OLD, version(5), kept("a"));
        Outcome outcome = reconciler.apply(streamed, moved("t", NEW, 6, "a", null), OLD, OLD);

        assertThat(outcome.state()).isEqualTo(ItemState.tombstone(NEW, version(6)));
    }

    @Test
    void comparesOnlyWhatIsKept() {
        ItemState streamed = ItemState.streamed(NEW, version(5), kept("a"));
        ItemChange otherTitle =
                ItemChange.streamed(
                        Tasks.key("t"),
                        NEW,
                        version(6),
                        task("t", "a", "a title the state never knew"),
                        task("t", "b", "another"),
                        1,
                        "e",
                        false);

        Outcome outcome = reconciler.apply(streamed, otherTitle, NEW, NEW);

        assertThat(outcome.verdict()).isEqualTo(Verdict.STREAM_NEXT);
        assertThat(outcome.state().image()).isEqualTo(kept("b"));
        assertThat(outcome.diff().before().get("Title").asText())
                .as("diffs carry the record's own images, whole")
                .isEqualTo("a title the state never knew");
    }

    @Test
    void everyVerdictStandsInTheTable() {
        Set<Verdict> shown = EnumSet.noneOf(Verdict.class);
        Stream.of(streamRows(), overScanRows(), scanRows())
                .flatMap(rows -> rows)
                .forEach(row -> shown.add((Verdict) row.get()[3]));
        shown.addAll(Set.of(Verdict.SWEPT, Verdict.FORGOTTEN, Verdict.KEPT));

        assertThat(shown).containsExactlyInAnyOrder(Verdict.values());
    }
}
