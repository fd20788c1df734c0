package dev.tally.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.source.split.Fence;
import dev.tally.source.split.SegmentSplit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scan's segments: how many, who has them, how far. */
class SnapshotPlanTest {

    private static final long GENERATION = 1_000;
    private static final Fence FENCE = new Fence(0, Fence.SKIP, GENERATION);

    private static SegmentSplit at(int segment, int total, long emitted, boolean finished) {
        return new SegmentSplit(segment, total, GENERATION, GENERATION, null, emitted, finished);
    }

    @Test
    void takesAsManySegmentsAsConfigured() {
        assertThat(SnapshotPlan.segments(8, 0, 2)).isEqualTo(8);
    }

    @Test
    void takesSegmentsFromTheSize() {
        assertThat(SnapshotPlan.segments(0, 1_000, 4)).isEqualTo(1);
        assertThat(SnapshotPlan.segments(0, 50L << 20, 4)).isEqualTo(8);
        assertThat(SnapshotPlan.segments(0, 100L << 30, 4)).isEqualTo(800);
        assertThat(SnapshotPlan.segments(0, 1L << 50, 4)).isEqualTo(10_000);
    }

    @Test
    void givesEachSegmentOnce() {
        SnapshotPlan plan = SnapshotPlan.of(FENCE, 2, 100);
        assertThat(plan.assignNext(0).segment()).isEqualTo(0);
        assertThat(plan.assignNext(1).segment()).isEqualTo(1);
        assertThat(plan.assignNext(0)).isNull();
        assertThat(plan.reading(0)).isEqualTo(1);
    }

    @Test
    void countsItemsForThePercentAndSaysHundredOnlyAtTheEnd() {
        SnapshotPlan plan = SnapshotPlan.of(FENCE, 2, 100);
        assertThat(plan.percent()).isZero();
        plan.assignNext(0);
        plan.assignNext(0);
        plan.reported(at(0, 2, 25, false), 0);
        assertThat(plan.percent()).isEqualTo(25);
        plan.reported(at(0, 2, 5_000, false), 0);
        assertThat(plan.percent()).isEqualTo(49);
        plan.reported(at(0, 2, 5_000, true), 0);
        plan.reported(at(1, 2, 5_000, false), 0);
        assertThat(plan.percent()).isEqualTo(99);
        plan.reported(at(1, 2, 5_000, true), 0);
        assertThat(plan.percent()).isEqualTo(100);
        assertThat(plan.allFinished()).isTrue();
    }

    @Test
    void withoutAScanItIsDone() {
        SnapshotPlan plan = SnapshotPlan.of(FENCE, 0, 100);
        assertThat(plan.allFinished()).isTrue();
        assertThat(plan.percent()).isEqualTo(100);
    }

    @Test
    void anEndThatNoCheckpointHoldsIsForgotten() {
        SnapshotPlan plan = SnapshotPlan.of(FENCE, 1, 100);
        plan.assignNext(0);
        plan.checkpointBegins(1);
        plan.checkpointCompleted(1, new CertainEnds());
        plan.reported(at(0, 1, 100, true), 0);
        plan.reset(0, List.of());
        assertThat(plan.allFinished()).isFalse();
        assertThat(plan.waiting()).isFalse();
    }

    @Test
    void aSegmentGivenBackIsReadAgainFromWhereItWasAssigned() {
        SnapshotPlan plan = SnapshotPlan.of(FENCE, 1, 100);
        SegmentSplit assigned = plan.assignNext(0);
        plan.reported(at(0, 1, 70, false), 0);
        plan.reset(0, List.of(assigned));
        assertThat(plan.assignNext(1)).isEqualTo(assigned);
    }

    @Test
    void anEndBecomesCertainWithACheckpointBegunAfterIt() {
        SnapshotPlan plan = SnapshotPlan.of(FENCE, 1, 100);
        plan.assignNext(0);
        plan.checkpointBegins(1);
        assertThat(plan.reported(at(0, 1, 100, true), 0)).isFalse();
        CertainEnds ends = new CertainEnds();
        plan.checkpointCompleted(1, ends);
        assertThat(ends.bySubtask()).isEmpty();
        plan.checkpointBegins(2);
        plan.checkpointCompleted(2, ends);
        assertThat(ends.bySubtask()).containsEntry(0, List.of("segment-1000-0"));
        assertThat(plan.reported(at(0, 1, 100, true), 0)).isTrue();
    }

    @Test
    void refusesSegmentsOfAnotherScan() {
        SnapshotPlan plan = SnapshotPlan.of(FENCE, 2, 100);
        assertThatThrownBy(() -> plan.reported(at(0, 3, 0, false), 0))
                .hasMessageContaining("not of this scan");
        assertThatThrownBy(
                        () ->
                                plan.reported(
                                        SegmentSplit.start(0, 2, GENERATION + 1, GENERATION), 0))
                .hasMessageContaining("not of this scan");
    }

    @Test
    void knowsWhatNobodyHasAfterARestore() {
        SnapshotPlan plan = SnapshotPlan.of(FENCE, 2, 100);
        plan.assignNext(0);
        SnapshotPlan restored = SnapshotPlan.restored(100, plan.state());
        assertThat(restored.unclaimed()).containsExactly("segment-1000-0");
        restored.reported(at(0, 2, 5, false), 1);
        assertThat(restored.unclaimed()).isEmpty();
        assertThat(restored.assignNext(0).segment()).isEqualTo(1);
    }
}
