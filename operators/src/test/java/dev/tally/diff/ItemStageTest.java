package dev.tally.diff;

import static dev.tally.diff.Stages.spec;
import static dev.tally.diff.Tasks.countPerList;
import static dev.tally.diff.Tasks.group;
import static dev.tally.diff.Tasks.moved;
import static dev.tally.diff.Tasks.scanned;
import static dev.tally.diff.Tasks.task;
import static dev.tally.view.Target.Freshness.COMMITTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.change.ItemChange;
import dev.tally.item.AttributePath;
import dev.tally.item.Value;
import dev.tally.view.Contribution;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Membership;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The item stage as an operator on RocksDB. Generation 100 is the first, 200 the second. */
class ItemStageTest {

    private static final long G1 = 100;
    private static final long G2 = 200;
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
    class Bundles {

        @Test
        void sendsWhatAnItemWasBeforeAndIsAfter() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(scanned("t", G1, "a"));
            stage.checkpoint(1);
            stage.output();

            stage.take(moved("t", G1, 1, "a", "b"), moved("t", G1, 2, "b", "c"));

            assertThat(stage.output()).as("before the barrier").isEmpty();
            stage.checkpoint(2);
            assertThat(stage.output()).containsExactly(retract("a", G1, 1002), add("c", G1, 1002));
            assertThat(stage.counter("flushes")).isEqualTo(2);
        }

        @Test
        void sendsNothingForAnItemThatEndsWhereItBegan() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(scanned("t", G1, "a"));
            stage.checkpoint(1);
            stage.output();

            stage.take(moved("t", G1, 1, "a", "b"), moved("t", G1, 2, "b", "a"));
            stage.checkpoint(2);

            assertThat(stage.output()).isEmpty();
            stage.take(moved("t", G1, 2, "b", "a"));
            assertThat(stage.counter("duplicates")).as("the version moved on").isEqualTo(1);
        }

        @Test
        void sendsOneContributionWithBothSidesWhenTheGroupStays() throws Exception {
            StageHarness stage = stages.start(spec(titles(MeasureSpec.Kind.COUNT_DISTINCT)));
            stage.take(scanned("t", G1, "a"));
            stage.checkpoint(1);
            stage.output();

            stage.take(retitled(1, "a title", Value.text("new")));
            stage.checkpoint(2);

            assertThat(stage.output())
                    .containsExactly(
                            new Contribution(
                                    group("count", "a"),
                                    G1,
                                    1001,
                                    new Value[] {Value.text("a title")},
                                    new Value[] {Value.text("new")}));
        }

        @Test
        void flushesWhatWasChangedLongestAgoWhenFull() throws Exception {
            StageHarness stage =
                    stages.start(
                            spec(Diffs.NONE, false, 3, 1 << 20, countPerList("count", COMMITTED)));
            stage.take(moved("t", G1, 1, null, "a"), moved("u", G1, 2, null, "b"));
            stage.take(moved("t", G1, 3, "a", "c"));
            assertThat(stage.output()).isEmpty();
            stage.take(moved("v", G1, 4, null, "d"));

            assertThat(stage.output()).containsExactly(add("b", G1, 1002));
            stage.checkpoint(1);
            assertThat(stage.output()).containsExactly(add("c", G1, 1003), add("d", G1, 1004));
        }

        @Test
        void whatIsSweptIsGoneFromTheHeapToo() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(scanned("t", G1, "a"));
            stage.watermark(G1);
            stage.watermark(G2);
            stage.output();
            stage.take(moved("t", G2, 1, null, "b"));
            stage.checkpoint(1);
            assertThat(stage.output()).containsExactly(add("b", G2, 1001));
        }

        @Test
        void flushesWhenHeavy() throws Exception {
            StageHarness stage =
                    stages.start(
                            spec(Diffs.NONE, false, 1000, 2500, countPerList("count", COMMITTED)));
            stage.take(scanned("t", G1, "a"));
            assertThat(stage.output()).isEmpty();

            stage.take(scanned("u", G1, "x".repeat(2000)));

            assertThat(stage.output()).hasSize(1);
            stage.checkpoint(1);
            assertThat(stage.output()).hasSize(1);
        }

        @Test
        void flushesAtTheEndOfInput() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(scanned("t", G1, "a"));
            stage.endInput();

            assertThat(stage.output()).containsExactly(add("a", G1, G1 + 5));
        }

        @Test
        void carriesTheNewestStampAndTime() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(moved("t", G2, 2000, null, "a"), moved("t", G1, 2001, "a", "b"));
            stage.take(moved("u", G1, 5, null, "a"));
            stage.checkpoint(1);

            assertThat(stage.output()).containsExactly(add("b", G2, 3001), add("a", G1, 1005));
        }

        @Test
        void tellsEachViewOfTheTable() throws Exception {
            StageHarness stage =
                    stages.start(
                            spec(
                                    countPerList("count", COMMITTED),
                                    countPerList("other", COMMITTED)));
            stage.take(scanned("t", G1, "a"));
            stage.checkpoint(1);

            assertThat(stage.output())
                    .containsExactly(
                            add("a", G1, G1 + 5),
                            new Contribution(group("other", "a"), G1, G1 + 5, null, ONE));
        }
    }

    @Nested
    class Watermarks {

        @Test
        void areForwardedAfterTheBundle() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(scanned("t", G1, "a"));
            stage.watermark(G1);

            assertThat(stage.output()).containsExactly(add("a", G1, G1 + 5), G1);
        }

        @Test
        void sweepItemsThatTheGenerationHasNotTouched() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(scanned("gone", G1, "a"), scanned("stays", G1, "a"));
            stage.watermark(G1);
            stage.output();

            stage.take(scanned("stays", G2, "a"));
            stage.watermark(G2);

            assertThat(stage.output()).containsExactly(retract("a", G2, G2), G2);
            assertThat(stage.counter("swept")).isEqualTo(1);
            assertThat(stage.items()).isEqualTo(1);
        }

        @Test
        void sweepInSlicesWithChangesBetween() throws Exception {
            int items = 2 * ItemStage.SLICE_ITEMS + 10;
            StageHarness stage = stages.start(counting());
            for (int i = 0; i < items; i++) {
                stage.take(scanned("t" + i, G1, "a"));
            }
            stage.watermark(G1);
            stage.advanceTime(ItemStage.SLICE_PAUSE);
            stage.advanceTime(ItemStage.SLICE_PAUSE);
            assertThat(stage.output()).last().isEqualTo(G1);

            stage.take(scanned("new", G2, "b"));
            stage.watermark(G2);
            assertThat(stage.counter("swept")).isEqualTo(ItemStage.SLICE_ITEMS);
            List<OperatorSubtaskState> between = List.of(stage.checkpoint(1));
            stage.take(moved("new", G2, 1, "b", null), moved("t0", G2, 2, null, "c"));
            stage.checkpoint(2);
            assertThat(stage.output()).doesNotContain(G2);
            stage.advanceTime(ItemStage.SLICE_PAUSE);
            stage.advanceTime(ItemStage.SLICE_PAUSE);

            assertThat(stage.output()).last().isEqualTo(G2);
            assertThat(stage.items()).as("t0; of new not even a tombstone").isEqualTo(1);

            StageHarness restored = stages.restore(counting(), between, 1).get(0);
            restored.watermark(G2);
            restored.advanceTime(ItemStage.SLICE_PAUSE);
            restored.advanceTime(ItemStage.SLICE_PAUSE);
            assertThat(restored.output()).last().isEqualTo(G2);
            assertThat(restored.items()).as("new").isEqualTo(1);
        }

        @Test
        void waitForTheSweepOfTheOneBefore() throws Exception {
            StageHarness stage = stages.start(counting());
            for (int i = 0; i <= ItemStage.SLICE_ITEMS; i++) {
                stage.take(scanned("t" + i, G1, "a"));
            }
            stage.watermark(G1);
            stage.watermark(G2);
            assertThat(stage.output()).doesNotContain(G1, G2);

            stage.advanceTime(ItemStage.SLICE_PAUSE);
            stage.advanceTime(ItemStage.SLICE_PAUSE);

            assertThat(stage.output()).contains(G1).last().isEqualTo(G2);
            assertThat(stage.items()).isZero();
        }

        @Test
        void forgetTombstones() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(moved("t", G1, 1, "a", null), scanned("t", G1, "a"));
            stage.checkpoint(1);
            assertThat(stage.items()).as("the tombstone").isEqualTo(1);
            assertThat(stage.counter("skippedScanLate")).isEqualTo(1);

            stage.watermark(G1);

            assertThat(stage.output()).containsExactly(G1);
            assertThat(stage.counter("forgotten")).isEqualTo(1);
            assertThat(stage.items()).isZero();
        }

        @Test
        void areNotSweptForTwice() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(scanned("t", G1, "a"));
            stage.watermark(G1);
            StageHarness restored =
                    stages.restore(counting(), List.of(stage.checkpoint(1)), 1).get(0);

            restored.watermark(G1);

            assertThat(restored.output()).containsExactly(G1);
            assertThat(restored.counter("swept")).isZero();
        }

        @Test
        void ofTheEndOfInputSweepNothingAndGoNoFurther() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(scanned("t", G1, "a"));
            stage.watermark(G1);
            stage.output();

            stage.watermark(Long.MAX_VALUE);

            assertThat(stage.output()).isEmpty();
            assertThat(stage.counter("ignoredMaxWatermarks")).isEqualTo(1);
            assertThat(stage.counter("swept")).isZero();
            assertThat(stage.items()).isEqualTo(1);
        }

        @Test
        void decideWhetherRemovalsLeaveTombstones() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(scanned("t", G1, "a"), scanned("u", G1, "a"));
            stage.watermark(G1);

            stage.take(moved("t", G1, 1, "a", null));
            stage.checkpoint(1);
            assertThat(stage.items()).as("none is open").isEqualTo(1);

            stage.take(scanned("v", G2, "a"), moved("u", G2, 2, "a", null));
            stage.checkpoint(2);
            assertThat(stage.items()).as("a tombstone, and v").isEqualTo(2);
        }
    }

    @Nested
    class Restores {

        @Test
        void knowDuplicatesAgain() throws Exception {
            StageHarness stage = stages.start(counting());
            stage.take(moved("t", G1, 1, null, "a"), moved("t", G1, 2, "a", "b"));
            StageHarness restored =
                    stages.restore(counting(), List.of(stage.checkpoint(1)), 1).get(0);

            restored.take(moved("t", G1, 1, null, "a"), moved("t", G1, 2, "a", "b"));
            restored.take(moved("t", G1, 3, "b", "c"));
            restored.checkpoint(2);

            assertThat(restored.output())
                    .containsExactly(retract("b", G1, 1003), add("c", G1, 1003));
            assertThat(restored.counter("duplicates")).isEqualTo(2);
            assertThat(restored.counter("drift")).isZero();
        }

        @Test
        void spreadItemsOverMoreSubtasks() throws Exception {
            int items = 50;
            StageHarness stage = stages.start(counting());
            for (int i = 0; i < items; i++) {
                stage.take(scanned("t" + i, G1, "a"));
            }
            stage.watermark(G1);
            List<OperatorSubtaskState> states = List.of(stage.checkpoint(1));

            for (int parallelism : new int[] {2, 5}) {
                List<StageHarness> subtasks = stages.restore(counting(), states, parallelism);
                long restored = 0;
                states = new ArrayList<>();
                for (StageHarness subtask : subtasks) {
                    assertThat(subtask.items()).isLessThan(items);
                    restored += subtask.items();
                    states.add(subtask.checkpoint(parallelism));
                }
                assertThat(restored).isEqualTo(items);
            }

            List<StageHarness> one = stages.restore(counting(), states, 1);
            one.get(0).take(moved("t0", G1, 1, "a", null));
            one.get(0).checkpoint(9);
            assertThat(one.get(0).items()).as("ready came along: no tombstone").isEqualTo(49);
        }

        @Test
        void takeFewerViews() throws Exception {
            StageHarness stage =
                    stages.start(
                            spec(
                                    countPerList("count", COMMITTED),
                                    countPerList("other", COMMITTED)));
            stage.take(scanned("t", G1, "a"));
            List<OperatorSubtaskState> states = List.of(stage.checkpoint(1));

            StageHarness restored = stages.restore(counting(), states, 1).get(0);
            restored.take(moved("t", G1, 1, "a", null));
            restored.checkpoint(2);

            assertThat(restored.output()).containsExactly(retract("a", G1, 1001));
        }
    }
}
