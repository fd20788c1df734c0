package dev.tally.diff;

import static dev.tally.diff.Stages.spec;
import static dev.tally.diff.Tasks.countPerList;
import static dev.tally.diff.Tasks.group;
import static dev.tally.diff.Tasks.moved;
import static dev.tally.diff.Tasks.movedNewOnly;
import static dev.tally.diff.Tasks.scanned;
import static dev.tally.diff.Tasks.task;
import static dev.tally.view.Target.Freshness.COMMITTED;
import static dev.tally.view.Target.Freshness.EAGER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.change.DeadLetter;
import dev.tally.change.ItemChange;
import dev.tally.change.ItemDiff;
import dev.tally.item.AttributePath;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.view.Contribution;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Membership;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the item stage tells eager views, feeds and dead letters. Generation 100 is the first, 200
 * the second.
 */
class ItemStageOutputTest {

    private static final long G1 = 100;
    private static final Value[] ONE = {Value.TRUE};

    @RegisterExtension private final Stages stages = new Stages();

    private static ItemStageSpec counting() {
        return spec(countPerList("count", COMMITTED));
    }

    private static Contribution retract(String list, long generation, long time) {
        return new Contribution(group("count", list), generation, time, ONE, null);
    }

    private static Contribution add(String list, long generation, long time) {
        return new Contribution(group("count", list), generation, time, null, ONE);
    }

    /** One measure over the titles. */
    private static Membership titles(MeasureSpec.Kind kind) {
        return Tasks.view(
                "count",
                COMMITTED,
                List.of(new MeasureSpec("Titles", kind, AttributePath.ofName("Title"), null)));
    }

    /** Task t on list a gets another title, of any type. */
    private static ItemChange retitled(long sequence, String before, Value after) {
        return ItemChange.streamed(
                Tasks.key("t"),
                G1,
                Tasks.version(sequence),
                task("t", "a", before),
                task("t", "a").with("Title", after),
                1000 + sequence,
                "event-" + sequence,
                false);
    }

    @Nested
    class EagerViews {

        private ItemStageSpec eager() {
            return spec(countPerList("count", EAGER));
        }

        private Contribution touch(String list, long time) {
            return new Contribution(group("count", list), G1, time, null, null);
        }

        @Test
        void flushAnIntervalAfterTheFirstChange() throws Exception {
            StageHarness stage = stages.start(eager());
            assertThat(stage.timers()).as("idle").isZero();
            stage.take(scanned("t", G1, "a"));
            stage.advanceTime(100);
            stage.take(scanned("u", G1, "a"));
            assertThat(stage.timers()).isEqualTo(1);
            assertThat(stage.output()).isEmpty();

            stage.advanceTime(100);

            assertThat(stage.output()).hasSize(2);
            assertThat(stage.timers()).isZero();
        }

        @Test
        void touchGroupsThatAreOnlyPassedThrough() throws Exception {
            StageHarness stage = stages.start(eager());
            stage.take(moved("t", G1, 1, null, "a"));
            stage.checkpoint(1);
            stage.output();

            stage.take(moved("t", G1, 2, "a", "b"), moved("t", G1, 3, "b", "c"));
            stage.checkpoint(2);

            assertThat(stage.output())
                    .containsExactly(retract("a", G1, 1003), add("c", G1, 1003), touch("b", 1003));
        }

        @Test
        void touchGroupsOfAnItemThatEndsWhereItBegan() throws Exception {
            StageHarness stage = stages.start(eager());
            stage.take(moved("t", G1, 1, null, "a"));
            stage.checkpoint(1);
            stage.output();

            stage.take(moved("t", G1, 2, "a", "b"), moved("t", G1, 3, "b", "a"));
            stage.checkpoint(2);

            assertThat(stage.output()).containsExactly(touch("b", 1003), touch("a", 1003));
        }

        @Test
        void doNotTouchGroupsOfCommittedViews() throws Exception {
            StageHarness stage =
                    stages.start(
                            spec(countPerList("count", EAGER), countPerList("slow", COMMITTED)));

            stage.take(moved("t", G1, 1, null, "b"), moved("t", G1, 2, "b", null));
            stage.checkpoint(1);

            assertThat(stage.output()).containsExactly(touch("b", 1002));
        }

        @Test
        void areTheOnlyReasonForATimer() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(scanned("t", G1, "a"));

            assertThat(stage.timers()).isZero();
        }
    }

    @Nested
    class Feeds {

        @Test
        void getEachDiffAtOnce() throws Exception {
            StageHarness stage =
                    stages.start(
                            spec(
                                    Diffs.RECORDS,
                                    false,
                                    1000,
                                    1 << 20,
                                    countPerList("count", COMMITTED)));

            stage.take(scanned("t", G1, "c"), moved("t", G1, 1, "a", "b"));
            stage.take(moved("t", G1, 2, "b", "c"), moved("t", G1, 2, "b", "c"));
            stage.take(moved("t", G1, 3, "c", null), moved("t", G1, 4, null, "d"));

            List<ItemDiff> diffs = stage.diffs();
            assertThat(diffs)
                    .as("one per record, also of those that the scan was ahead of")
                    .extracting(ItemDiff::eventId)
                    .containsExactly("event-1", "event-2", "event-3", "event-4");
            assertThat(diffs)
                    .extracting(ItemDiff::kind)
                    .containsExactly(
                            ItemDiff.Kind.MODIFY,
                            ItemDiff.Kind.MODIFY,
                            ItemDiff.Kind.REMOVE,
                            ItemDiff.Kind.INSERT);
            assertThat(diffs.get(0).before()).isEqualTo(task("t", "a"));
            assertThat(diffs.get(0).after()).isEqualTo(task("t", "b"));
            assertThat(stage.counter("skippedScanAhead")).isEqualTo(1);
            assertThat(stage.counter("inStep")).isEqualTo(1);
            assertThat(stage.counter("duplicates")).isEqualTo(1);
            assertThat(stage.counter("accepted")).isEqualTo(3);
        }

        @Test
        void getNothingWhenThereAreNone() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(moved("t", G1, 1, null, "a"));

            assertThat(stage.diffs()).isEmpty();
        }

        @Test
        void getScanRowsWhenTheyWantThem() throws Exception {
            ItemStageSpec spec =
                    spec(
                            Diffs.RECORDS_AND_SNAPSHOT,
                            false,
                            9,
                            1 << 20,
                            countPerList("count", COMMITTED));
            StageHarness stage = stages.start(spec);
            stage.take(scanned("t", G1, "a"), scanned("u", G1, "a"));
            StageHarness again = stages.start(spec);
            again.take(scanned("t", G1, "a"));

            List<ItemDiff> diffs = stage.diffs();
            assertThat(diffs).extracting(ItemDiff::kind).containsOnly(ItemDiff.Kind.READ);
            assertThat(diffs.get(0).after()).isEqualTo(task("t", "a"));
            assertThat(diffs.get(0).eventId()).matches("tasks/100/[0-9a-f]{32}");
            assertThat(diffs.get(0).eventId()).isNotEqualTo(diffs.get(1).eventId());
            assertThat(again.diffs()).containsExactly(diffs.get(0));
        }

        @Test
        void takeBeforeFromTheStateWhenRecordsHaveNoOldImage() throws Exception {
            StageHarness stage =
                    stages.start(
                            spec(
                                    Diffs.RECORDS,
                                    true,
                                    1000,
                                    1 << 20,
                                    countPerList("count", COMMITTED)));
            stage.take(scanned("t", G1, "a"), movedNewOnly("t", G1, 1, "b"));
            stage.take(movedNewOnly("t", G1, 2, "c"));
            stage.take(scanned("u", G1, "a"));
            stage.watermark(G1);
            stage.take(movedNewOnly("u", G1, 3, null));

            List<ItemDiff> diffs = stage.diffs();
            assertThat(diffs.get(0).before()).as("the scan may be ahead: unknown").isNull();
            assertThat(diffs.get(0).kind()).isEqualTo(ItemDiff.Kind.MODIFY);
            assertThat(diffs.get(1).before()).as("whole").isEqualTo(task("t", "b"));
            assertThat(diffs.get(2).before()).as("ready").isEqualTo(task("u", "a"));
            assertThat(diffs.get(2).kind()).isEqualTo(ItemDiff.Kind.REMOVE);
        }
    }

    @Nested
    class DeadLetters {

        @Test
        void tellWhatAMeasureCannotUse() throws Exception {
            StageHarness stage = stages.start(spec(titles(MeasureSpec.Kind.SUM)));
            stage.take(scanned("t", G1, "a"));
            stage.checkpoint(1);

            List<DeadLetter> letters = stage.deadLetters();
            assertThat(letters).hasSize(1);
            DeadLetter letter = letters.get(0);
            assertThat(letter.id()).matches("tasks/100/[0-9a-f]{32}/count/[0-9a-f]{8}");
            assertThat(letter.source()).isEqualTo("view count");
            assertThat(letter.reason())
                    .contains("Title", "Titles", "a S")
                    .doesNotContain("a title");
            assertThat(letter.keys()).isEqualTo(Item.of(Map.of("TaskId", Value.text("t"))));
            assertThat(stage.counter("valueUnusable")).isEqualTo(1);
            assertThat(stage.output())
                    .as("the item counts, its value does not")
                    .containsExactly(
                            new Contribution(
                                    group("count", "a"), G1, G1 + 5, null, new Value[] {null}));
        }

        @Test
        void areNotRepeatedWhenTheProblemStays() throws Exception {
            StageHarness stage = stages.start(spec(titles(MeasureSpec.Kind.SUM)));
            stage.take(scanned("t", G1, "a"));
            stage.checkpoint(1);
            stage.deadLetters();

            stage.take(retitled(1, "a title", Value.text("another")));
            stage.checkpoint(2);
            stage.take(moved("t", G1, 2, "a", null));
            stage.checkpoint(3);

            assertThat(stage.deadLetters()).isEmpty();
            assertThat(stage.counter("valueUnusable")).isEqualTo(1);
        }

        @Test
        void comeAgainWhenTheProblemComesAgain() throws Exception {
            StageHarness stage = stages.start(spec(titles(MeasureSpec.Kind.SUM)));
            stage.take(scanned("t", G1, "a"));
            stage.checkpoint(1);
            stage.take(retitled(1, "a title", Value.number(3)));
            stage.checkpoint(2);
            stage.deadLetters();

            stage.take(retitled(2, "x", Value.text("text again")));
            stage.checkpoint(3);

            assertThat(stage.deadLetters()).extracting(DeadLetter::version).hasSize(1);
            assertThat(stage.counter("valueUnusable")).isEqualTo(2);
            assertThat(stage.counter("drift")).as("x was never its title").isEqualTo(1);
        }

        @Test
        void tellWhatCannotBeAGroup() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(
                    ItemChange.scanned(
                            Tasks.key("t"),
                            G1,
                            task("t", "a").with("ListId", Value.bool(true)),
                            G1));
            stage.checkpoint(1);

            assertThat(stage.deadLetters())
                    .extracting(DeadLetter::source)
                    .containsOnly("view count");
            assertThat(stage.counter("groupUnusable")).isEqualTo(1);
            assertThat(stage.output()).isEmpty();
        }

        @Test
        void areNotWrittenForAMissingGroup() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(
                    ItemChange.scanned(Tasks.key("t"), G1, task("t", "a").without("ListId"), G1));
            stage.checkpoint(1);

            assertThat(stage.deadLetters()).isEmpty();
            assertThat(stage.counter("groupMissing")).isEqualTo(1);
        }
    }
}
