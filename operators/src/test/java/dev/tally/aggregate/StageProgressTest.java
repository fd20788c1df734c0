package dev.tally.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which phase a subtask is in, and what of it survives. */
class StageProgressTest {

    private static final String VIEW = "v";

    private static StageProgress fresh(long submission, int first, int last) {
        return new StageProgress(submission, first, last, List.of(VIEW));
    }

    private static StageProgress live(long submission, int first, int last) {
        StageProgress progress = released(submission, first, last);
        progress.of(VIEW).released();
        return progress;
    }

    private static StageProgress released(long submission, int first, int last) {
        StageProgress progress = fresh(submission, first, last);
        progress.watermark(100);
        progress.of(VIEW).reconciled();
        return progress;
    }

    private static StageProgress restored(
            long submission, int first, int last, StageProgress... all) {
        StageProgress progress = fresh(submission, first, last);
        progress.restore(marks(all), Set.of());
        return progress;
    }

    private static List<StageMark> marks(StageProgress... all) {
        List<StageMark> marks = new ArrayList<>();
        for (StageProgress progress : all) {
            marks.addAll(progress.marks());
        }
        return marks;
    }

    private static boolean stamp(StageProgress progress, long generation) {
        return progress.stamp(progress.of(VIEW), generation);
    }

    private static boolean watermark(StageProgress progress, long generation) {
        return progress.watermark(generation).contains(VIEW);
    }

    @Test
    void isReadyAtAWatermarkThatNoStampExceeds() {
        StageProgress progress = fresh(1, 0, 7);
        stamp(progress, 100);
        stamp(progress, 99);

        assertThat(watermark(progress, 99)).isFalse();
        assertThat(progress.phase()).isEqualTo(Phase.HOLD);

        assertThat(watermark(progress, 100)).isTrue();
        assertThat(progress.phase()).isEqualTo(Phase.RECONCILE);
    }

    @Test
    void aRepeatedWatermarkChangesNothing() {
        StageProgress progress = live(1, 0, 7);
        assertThat(watermark(progress, 100)).isFalse();
        assertThat(progress.phase()).isEqualTo(Phase.LIVE);
    }

    @Test
    void aStampAboveTheReadyGenerationHoldsAgain() {
        StageProgress progress = live(1, 0, 7);

        assertThat(stamp(progress, 100)).isFalse();
        assertThat(stamp(progress, 101)).isTrue();
        assertThat(progress.phase()).isEqualTo(Phase.HOLD);
        assertThat(watermark(progress, 100)).isFalse();

        assertThat(watermark(progress, 101)).isTrue();
        assertThat(progress.of(VIEW).allReconciled()).isTrue();
    }

    @Test
    void aWatermarkRaisesTheReadyGenerationBeforeItsFirstStamp() {
        StageProgress progress = live(1, 0, 7);
        progress.watermark(200);
        assertThat(stamp(progress, 200)).isFalse();
    }

    @Test
    void phasesCannotBeSkipped() {
        assertThatThrownBy(() -> Phase.HOLD.to(Phase.LIVE))
                .hasMessage("cannot go from phase HOLD to LIVE");
        assertThatThrownBy(() -> Phase.LIVE.to(Phase.RELEASE))
                .hasMessage("cannot go from phase LIVE to RELEASE");
    }

    @Test
    void aFailureKeepsThePhaseOfTheSameSubmission() {
        assertThat(restored(1, 0, 7, live(1, 0, 7)).phase()).isEqualTo(Phase.LIVE);
        assertThat(restored(1, 0, 7, released(1, 0, 7)).phase()).isEqualTo(Phase.RELEASE);
        assertThat(stamp(restored(1, 0, 7, live(1, 0, 7)), 100)).isFalse();
    }

    @Test
    void aNewSubmissionHoldsAndReconcilesAgain() {
        StageProgress progress = restored(2, 0, 7, live(1, 0, 7));
        assertThat(progress.phase()).isEqualTo(Phase.HOLD);
        assertThat(progress.of(VIEW).isReconciled(0)).isFalse();
    }

    @Test
    void theHighestStampOutlivesASubmission() {
        StageProgress before = fresh(1, 0, 7);
        stamp(before, 100);

        StageProgress progress = restored(2, 0, 7, before);

        assertThat(watermark(progress, 99)).isFalse();
        assertThat(watermark(progress, 100)).isTrue();
    }

    @Test
    void unknownKeyGroupsHold() {
        StageProgress progress = restored(1, 0, 7, live(1, 0, 5));
        assertThat(progress.phase()).isEqualTo(Phase.HOLD);
        assertThat(progress.of(VIEW).isReconciled(5)).isTrue();
        assertThat(progress.of(VIEW).isReconciled(6)).isFalse();
    }

    @Test
    void theKeyGroupLeastFarDecidesAndReconciledOnesAreRemembered() {
        StageProgress reconciling = fresh(1, 4, 7);
        reconciling.watermark(100);

        StageProgress progress = restored(1, 0, 7, live(1, 0, 3), reconciling);

        assertThat(progress.phase()).isEqualTo(Phase.RECONCILE);
        assertThat(progress.of(VIEW).isReconciled(3)).isTrue();
        assertThat(progress.of(VIEW).isReconciled(4)).isFalse();
        assertThat(progress.marks()).hasSize(2);

        StageProgress again = restored(1, 0, 7, progress);
        assertThat(again.of(VIEW).isReconciled(3)).isTrue();
        assertThat(again.of(VIEW).isReconciled(4)).isFalse();
    }

    @Test
    void aSmallerRangeTakesOnlyItsOwnPhase() {
        StageProgress reconciling = fresh(1, 4, 7);
        reconciling.watermark(100);
        assertThat(restored(1, 0, 1, live(1, 0, 3), reconciling).phase()).isEqualTo(Phase.LIVE);
    }

    @Test
    void aViewThatIsNewWaitsForAGenerationThatNobodyHadHeardOf() {
        StageProgress before = live(1, 0, 7);
        before.watermark(150);
        StageProgress progress = new StageProgress(2, 0, 7, List.of(VIEW, "added"));
        progress.restore(marks(before), Set.of("added"));

        assertThat(progress.watermark(150)).containsExactly(VIEW);
        assertThat(progress.of("added").phase()).isEqualTo(Phase.HOLD);
        assertThat(progress.watermark(151)).containsExactly("added");
    }

    @Test
    void whatAViewWaitsForOutlivesFailuresAndSubmissions() {
        StageProgress added = new StageProgress(2, 0, 7, List.of(VIEW, "added"));
        added.restore(marks(live(1, 0, 7)), Set.of("added"));

        for (long submission : new long[] {2, 3}) {
            StageProgress again = new StageProgress(submission, 0, 7, List.of(VIEW, "added"));
            again.restore(marks(added), Set.of());
            assertThat(again.watermark(100)).containsExactly(VIEW);
            assertThat(again.watermark(101)).containsExactly("added");
        }
    }

    @Test
    void viewsAreHeldOneByOne() {
        StageProgress progress = new StageProgress(1, 0, 7, List.of("a", "b"));
        assertThat(progress.watermark(100)).containsExactly("a", "b");
        for (String view : List.of("a", "b")) {
            progress.of(view).reconciled();
            progress.of(view).released();
        }

        assertThat(progress.stamp(progress.of("a"), 200)).isTrue();
        assertThat(progress.in(Phase.HOLD)).containsExactly("a");
        assertThat(progress.in(Phase.LIVE)).containsExactly("b");
        assertThat(progress.phase()).isEqualTo(Phase.HOLD);
        assertThat(progress.watermark(200)).containsExactly("a");
    }

    @Test
    void aGenerationIsThroughWhenAllViewsThatItReachesAreLive() {
        StageProgress progress = new StageProgress(2, 0, 7, List.of(VIEW, "added"));
        progress.restore(marks(live(1, 0, 7)), Set.of("added"));
        progress.watermark(100);
        assertThat(progress.isThrough(100)).isFalse();

        progress.of(VIEW).reconciled();
        assertThat(progress.isThrough(100)).isFalse();
        progress.of(VIEW).released();
        assertThat(progress.isThrough(100)).isTrue();
        assertThat(progress.isThrough(101)).isFalse();

        progress.stamp(progress.of(VIEW), 300);
        assertThat(progress.isThrough(100)).as("held again").isFalse();
    }

    @Test
    void marksOfVersionOneAreOfAllViews() {
        StageMark mark = new StageMark(null, 0, 7, 1, Phase.LIVE, true, false, 100, 90, 0, 100);
        StageProgress progress = new StageProgress(1, 0, 7, List.of("a", "b"));

        progress.restore(List.of(mark), Set.of());

        assertThat(progress.in(Phase.LIVE)).containsExactly("a", "b");
        assertThat(progress.stamp(progress.of("b"), 101)).isTrue();
        assertThat(progress.of("a").phase()).isEqualTo(Phase.LIVE);
    }
}
