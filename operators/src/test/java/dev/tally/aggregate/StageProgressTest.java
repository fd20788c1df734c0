package dev.tally.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which phase a subtask is in, and what of it survives. */
class StageProgressTest {

    private static StageProgress fresh(long submission, int first, int last) {
        return new StageProgress(submission, first, last);
    }

    private static StageProgress live(long submission, int first, int last) {
        StageProgress progress = released(submission, first, last);
        progress.released();
        return progress;
    }

    private static StageProgress released(long submission, int first, int last) {
        StageProgress progress = fresh(submission, first, last);
        progress.watermark(100);
        progress.reconciled();
        return progress;
    }

    private static StageProgress restored(
            long submission, int first, int last, StageProgress... all) {
        List<StageMark> marks = new ArrayList<>();
        for (StageProgress progress : all) {
            marks.addAll(progress.marks());
        }
        StageProgress progress = fresh(submission, first, last);
        progress.restore(marks);
        return progress;
    }

    @Test
    void isReadyAtAWatermarkThatNoStampExceeds() {
        StageProgress progress = fresh(1, 0, 7);
        progress.stamp(100);
        progress.stamp(99);

        assertThat(progress.watermark(99)).isFalse();
        assertThat(progress.phase()).isEqualTo(Phase.HOLD);

        assertThat(progress.watermark(100)).isTrue();
        assertThat(progress.phase()).isEqualTo(Phase.RECONCILE);
    }

    @Test
    void aRepeatedWatermarkChangesNothing() {
        StageProgress progress = live(1, 0, 7);
        assertThat(progress.watermark(100)).isFalse();
        assertThat(progress.phase()).isEqualTo(Phase.LIVE);
    }

    @Test
    void aStampAboveTheReadyGenerationHoldsAgain() {
        StageProgress progress = live(1, 0, 7);

        assertThat(progress.stamp(100)).isFalse();
        assertThat(progress.stamp(101)).isTrue();
        assertThat(progress.phase()).isEqualTo(Phase.HOLD);
        assertThat(progress.watermark(100)).isFalse();

        assertThat(progress.watermark(101)).isTrue();
        assertThat(progress.allReconciled()).isTrue();
    }

    @Test
    void aWatermarkRaisesTheReadyGenerationBeforeItsFirstStamp() {
        StageProgress progress = live(1, 0, 7);
        progress.watermark(200);
        assertThat(progress.stamp(200)).isFalse();
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
        assertThat(restored(1, 0, 7, live(1, 0, 7)).stamp(100)).isFalse();
    }

    @Test
    void aNewSubmissionHoldsAndReconcilesAgain() {
        StageProgress progress = restored(2, 0, 7, live(1, 0, 7));
        assertThat(progress.phase()).isEqualTo(Phase.HOLD);
        assertThat(progress.isReconciled(0)).isFalse();
    }

    @Test
    void theHighestStampOutlivesASubmission() {
        StageProgress before = fresh(1, 0, 7);
        before.stamp(100);

        StageProgress progress = restored(2, 0, 7, before);

        assertThat(progress.watermark(99)).isFalse();
        assertThat(progress.watermark(100)).isTrue();
    }

    @Test
    void unknownKeyGroupsHold() {
        StageProgress progress = restored(1, 0, 7, live(1, 0, 5));
        assertThat(progress.phase()).isEqualTo(Phase.HOLD);
        assertThat(progress.isReconciled(5)).isTrue();
        assertThat(progress.isReconciled(6)).isFalse();
    }

    @Test
    void theKeyGroupLeastFarDecidesAndReconciledOnesAreRemembered() {
        StageProgress reconciling = fresh(1, 4, 7);
        reconciling.watermark(100);

        StageProgress progress = restored(1, 0, 7, live(1, 0, 3), reconciling);

        assertThat(progress.phase()).isEqualTo(Phase.RECONCILE);
        assertThat(progress.isReconciled(3)).isTrue();
        assertThat(progress.isReconciled(4)).isFalse();
        assertThat(progress.marks()).hasSize(2);

        StageProgress again = restored(1, 0, 7, progress);
        assertThat(again.isReconciled(3)).isTrue();
        assertThat(again.isReconciled(4)).isFalse();
    }

    @Test
    void aSmallerRangeTakesOnlyItsOwnPhase() {
        StageProgress reconciling = fresh(1, 4, 7);
        reconciling.watermark(100);
        assertThat(restored(1, 0, 1, live(1, 0, 3), reconciling).phase()).isEqualTo(Phase.LIVE);
    }
}
