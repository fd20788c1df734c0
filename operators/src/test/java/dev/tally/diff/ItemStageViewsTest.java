package dev.tally.diff;

import static dev.tally.diff.Stages.spec;
import static dev.tally.diff.Tasks.countPerList;
import static dev.tally.diff.Tasks.group;
import static dev.tally.diff.Tasks.moved;
import static dev.tally.diff.Tasks.scanned;
import static dev.tally.diff.Tasks.task;
import static dev.tally.view.Target.Freshness.COMMITTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.change.DeadLetter;
import dev.tally.change.ItemDiff;
import dev.tally.item.AttributePath;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.view.Contribution;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Views that come, change and go between two submissions, and generations that heal or build.
 * Generation 100 is the first and ready, 200 the second.
 */
class ItemStageViewsTest {

    private static final long G1 = 100;
    private static final long G2 = 200;
    private static final long G3 = 300;
    private static final Value[] ONE = {Value.TRUE};
    private static final Membership COUNT = countPerList("count", COMMITTED);
    private static final Membership ADDED = countPerList("added", COMMITTED);

    @RegisterExtension private final Stages stages = new Stages();

    private static Contribution retract(String view, String list, long generation, long time) {
        return new Contribution(group(view, list), generation, time, ONE, null);
    }

    private static Contribution add(String view, String list, long generation, long time) {
        return new Contribution(group(view, list), generation, time, null, ONE);
    }

    /** Distinct titles per list: reads an attribute that a mere count does not. */
    private static Membership titles(String view) {
        return Tasks.view(
                view,
                COMMITTED,
                List.of(
                        new MeasureSpec(
                                "Titles",
                                MeasureSpec.Kind.COUNT_DISTINCT,
                                AttributePath.ofName("Title"),
                                null)));
    }

    /** Tasks t and u on list a in the first generation, which is ready. */
    private List<OperatorSubtaskState> ready(Membership... views) throws Exception {
        StageHarness stage = stages.start(spec(views));
        stage.take(scanned("t", G1, "a"), scanned("u", G1, "a"));
        stage.watermark(G1);
        return List.of(stage.checkpoint(1));
    }

    private StageHarness restored(List<OperatorSubtaskState> states, Membership... views)
            throws Exception {
        return stages.restore(spec(views), states, 1).get(0);
    }

    @Test
    void anAddedViewCountsAnItemOnceItsGenerationHasTouchedIt() throws Exception {
        StageHarness stage = restored(ready(COUNT), COUNT, ADDED);

        stage.take(moved("t", G1, 1, "a", "b"));
        stage.checkpoint(2);
        assertThat(stage.output())
                .containsExactly(retract("count", "a", G1, 1001), add("count", "b", G1, 1001));

        stage.take(scanned("t", G2, "b").withBase(G1));
        stage.take(moved("u", G2, 2, "a", "c").withBase(G1));
        stage.checkpoint(3);
        assertThat(stage.output())
                .containsExactly(
                        add("added", "b", G2, G2 + 5),
                        retract("count", "a", G1, 1002),
                        add("count", "c", G1, 1002),
                        add("added", "c", G2, 1002));

        stage.take(moved("t", G2, 3, "b", null).withBase(G1));
        stage.checkpoint(4);
        assertThat(stage.output())
                .containsExactly(retract("count", "b", G1, 1003), retract("added", "b", G2, 1003));
        assertThat(stage.counter("drift")).isZero();
        assertThat(stage.counter("healed")).isZero();
    }

    @Test
    void aChangedViewIsANewOne() throws Exception {
        StageHarness stage = restored(ready(COUNT), titles("count"));
        stage.take(moved("t", G1, 1, "a", null), scanned("u", G2, "a").withBase(G1));
        stage.checkpoint(2);
        Value[] title = {Value.text("a title")};
        assertThat(stage.output())
                .containsExactly(new Contribution(group("count", "a"), G2, G2 + 5, null, title));
    }

    @Test
    void aViewThatWentAndCameBackIsANewOne() throws Exception {
        StageHarness without = restored(ready(COUNT, ADDED), COUNT);
        StageHarness stage = restored(List.of(without.checkpoint(2)), COUNT, ADDED);
        stage.take(moved("t", G1, 1, "a", null));
        stage.checkpoint(3);
        assertThat(stage.output()).containsExactly(retract("count", "a", G1, 1001));
    }

    @Test
    void afterALossAllWaitForTheOpenGeneration() throws Exception {
        StageHarness stage = restored(ready(COUNT), COUNT, ADDED);
        stage.take(moved("t", G1, 1, "a", "b").withBase(G2));
        stage.checkpoint(2);
        assertThat(stage.output())
                .containsExactly(retract("count", "a", G2, 1001), add("count", "b", G2, 1001));

        stage.take(scanned("t", G2, "b"));
        stage.watermark(G2);
        stage.checkpoint(3);
        assertThat(stage.output())
                .containsExactly(add("added", "b", G2, G2 + 5), retract("count", "a", G2, G2), G2);
        assertThat(stage.counter("swept")).isEqualTo(1);
    }

    @Test
    void sweepsOfABuildDoNotHoldWhatWasComplete() throws Exception {
        StageHarness stage = restored(ready(COUNT), COUNT, ADDED);
        stage.take(scanned("t", G2, "a").withBase(G1));
        stage.watermark(G2);
        assertThat(stage.output())
                .containsExactly(add("added", "a", G2, G2 + 5), retract("count", "a", G1, G2), G2);
    }

    @Test
    void whatHadToBePutRightIsToldOnceACheckpointHasIt() throws Exception {
        List<String> told = new ArrayList<>();
        StageHarness stage = stages.startTelling(spec(COUNT), told);
        stage.take(moved("t", G1, 1, null, "a"), moved("t", G1, 2, "b", "c"));
        stage.completed(1);
        stage.completed(2);
        assertThat(told).containsExactly("0: swept 0, drift 1");

        stage.take(scanned("u", G2, "a"));
        stage.watermark(G2);
        stage.completed(3);
        assertThat(told).containsExactly("0: swept 0, drift 1", "0: swept 1, drift 1");
    }

    @Test
    void aBuiltViewIsCompleteForTheNextGeneration() throws Exception {
        StageHarness build = restored(ready(COUNT), COUNT, ADDED);
        build.take(scanned("t", G2, "a").withBase(G1));
        build.watermark(G2);
        Membership third = countPerList("third", COMMITTED);
        StageHarness stage = restored(List.of(build.checkpoint(2)), COUNT, ADDED, third);

        stage.take(moved("t", G3, 1, "a", "b").withBase(G2));
        stage.checkpoint(3);
        assertThat(stage.output())
                .containsExactly(
                        retract("count", "a", G2, 1001),
                        add("count", "b", G2, 1001),
                        retract("added", "a", G2, 1001),
                        add("added", "b", G2, 1001),
                        add("third", "b", G3, 1001));
    }

    /** The image in state is without Title: what the record says of it proves no drift. */
    @Test
    void imagesAreComparedByWhatTheyHold() throws Exception {
        StageHarness stage = restored(ready(COUNT), COUNT, titles("added"));
        stage.take(moved("t", G1, 1, "a", "b"), moved("t", G1, 2, "b", "c"));
        stage.checkpoint(2);
        assertThat(stage.output())
                .containsExactly(retract("count", "a", G1, 1002), add("count", "c", G1, 1002));
        assertThat(stage.counter("accepted")).isEqualTo(2);
        assertThat(stage.counter("skippedScanAhead")).isZero();
        assertThat(stage.counter("drift")).isZero();
    }

    @Test
    void aFeedTrustsOnlyImagesThatWereKeptWhole() throws Exception {
        ItemStageSpec feed = Stages.spec(Diffs.RECORDS, true, 1000, 1 << 20, COUNT);
        StageHarness stage = stages.restore(feed, ready(COUNT), 1).get(0);
        stage.take(Tasks.movedNewOnly("t", G1, 1, "b"), Tasks.movedNewOnly("u", G2, 2, "b"));
        stage.take(Tasks.movedNewOnly("u", G2, 3, "c"));

        List<ItemDiff> diffs = stage.diffs();
        assertThat(diffs.get(0).before()).as("cut down").isNull();
        assertThat(diffs.get(1).before()).as("cut down").isNull();
        assertThat(diffs.get(2).before()).isEqualTo(task("u", "b"));
    }

    @Test
    void subtasksThatHaveNotSeenTheNewGenerationAgreeWithThoseThatHave() throws Exception {
        List<StageHarness> two = stages.restore(spec(COUNT, ADDED), ready(COUNT), 2);
        int ofT =
                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        Tasks.key("t"), StageHarness.MAX_PARALLELISM, 2);
        two.get(ofT).take(scanned("t", G2, "a").withBase(G1));
        List<OperatorSubtaskState> states =
                List.of(two.get(0).checkpoint(2), two.get(1).checkpoint(2));
        StageHarness stage = stages.restore(spec(COUNT, ADDED), states, 1).get(0);
        stage.take(scanned("t", G2, "a").withBase(G1), scanned("u", G2, "a").withBase(G1));
        stage.watermark(G2);
        long added = 0;
        for (StageHarness any : List.of(two.get(0), two.get(1), stage)) {
            for (Object element : any.output()) {
                added += element.equals(add("added", "a", G2, G2 + 5)) ? 1 : 0;
            }
        }
        assertThat(added).isEqualTo(2);
    }

    @Test
    void aSavepointOfAnEarlierReleaseAmidItsFirstReadingTakesNoNewView() {
        StageMark mark =
                new StageMark(
                        StageMark.UNKNOWN,
                        StageMark.UNTOLD,
                        StageMark.UNKNOWN,
                        Map.of("count", new ViewMark(null, 0)),
                        HeldImages.always(KeptAttributes.named(List.of("ListId"))));

        assertThat(Coverage.restored(List.of(mark), spec(COUNT)).first("count")).isZero();
        assertThatThrownBy(() -> Coverage.restored(List.of(mark), spec(COUNT, ADDED)))
                .hasMessage(
                        "cannot restore the items of table tasks with view added: the savepoint is"
                                + " of an earlier release and was taken while the table was read"
                                + " for the first time. Start without it, or take one when the"
                                + " views are ready.");
    }

    @Test
    void aChangeThatCouldNotBeReadAsAWholeIsADeadLetter() throws Exception {
        StageHarness stage = stages.start(spec(COUNT));
        stage.take(moved("t", G1, 1, null, "a").withProblem("cannot read attribute X"));
        stage.take(moved("t", G1, 1, null, "a").withProblem("cannot read attribute X"));
        stage.checkpoint(1);

        DeadLetter expected =
                new DeadLetter(
                        "event-1",
                        "table tasks",
                        "cannot read attribute X",
                        Item.of(Map.of("TaskId", Value.text("t"))),
                        Tasks.version(1).toString(),
                        1001,
                        task("t", "a"));
        assertThat(stage.deadLetters()).containsExactly(expected);
        assertThat(stage.counter("unreadable")).isEqualTo(1);
        assertThat(stage.output()).containsExactly(add("count", "a", G1, 1001));
    }
}
