package dev.tally.source.enumerator;

import static dev.tally.source.enumerator.EnumeratorRig.done;
import static dev.tally.source.enumerator.EnumeratorRig.ended;
import static dev.tally.source.enumerator.EnumeratorRig.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.source.SourceOptions;
import dev.tally.source.TableUnusableException;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.split.Fence;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.SegmentSplit;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import dev.tally.view.Progress;
import dev.tally.view.TableSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Generations after the first: what begins them, under which fence, and what may be announced. */
class EnumeratorHealingTest {

    private static final Duration SOME = Duration.ofSeconds(5);
    private static final long FIRST = EnumeratorRig.START;

    private final EnumeratorRig rig = new EnumeratorRig(ViewType.NEW_AND_OLD_IMAGES, 1, 1);
    private ShardSplit shard;
    private EnumeratorState state;

    EnumeratorHealingTest() {
        rig.onGap = TableSpec.OnGap.RESNAPSHOT;
        rig.launch(null).registerAll().pass(SOME);
        readScan();
        readShard();
        rig.checkpoint(1);
        assertThat(rig.announced(0)).containsExactly(FIRST);
        state = rig.checkpoint(2);
        rig.orders.clear();
    }

    /** The reader reads all its segments; the shard that it was given is kept. */
    private void readScan() {
        for (TableSplit split : rig.take(0)) {
            if (split instanceof SegmentSplit) {
                rig.report(0, done(split));
            } else {
                shard = (ShardSplit) split;
            }
        }
    }

    /** The reader reads the shard to the present and a bit further. */
    private void readShard() {
        for (int i = 0; i < 2; i++) {
            rig.pass(SOME);
            rig.report(0, read(shard, rig.time.getAsLong()));
        }
    }

    private Fence fence() {
        Fence fence = null;
        for (ReaderOrder order : rig.orders.getOrDefault(0, List.of())) {
            fence = order.fence() == null ? fence : order.fence();
        }
        return fence;
    }

    private Progress.Report report(long checkpoint) {
        return Generation.restored(rig.enumerator.snapshotState(checkpoint)).report(checkpoint, 0);
    }

    private void resubmit(Duration later) {
        rig.submission++;
        rig.time.advance(later);
        rig.launch(state).register(0, shard).pass(SOME);
    }

    /** Whatever began it: nothing is ready before all is read under its own fence. */
    private void assertHeals(String reason, long before) {
        Fence fence = fence();
        assertThat(fence.generation()).isGreaterThan(before);
        assertThat(fence.base()).isEqualTo(fence.generation());
        assertThat(fence.before()).isEqualTo(before);
        assertThat(fence.time()).isLessThan(fence.generation() - 890_000);
        assertThat(rig.take(0)).noneMatch(split -> split instanceof SegmentSplit);
        rig.checkpoint(10);
        rig.report(0);
        Progress.Report report = report(11);
        assertThat(report.reason()).isEqualTo(reason);
        assertThat(report.stateOf("by-list")).isEqualTo(Progress.State.STALE);
        assertThat(rig.announced(0)).isEmpty();
        readScan();
        shard = shard.under(fence);
        readShard();
        rig.checkpoint(12);
        assertThat(rig.announced(0)).containsExactly(fence.generation());
    }

    @Nested
    class Gaps {

        @Test
        void aLostPositionMakesReadersTakeANewFenceBeforeTheScan() {
            rig.lose(0, "shard x has lost unread records", FIRST);
            rig.pass(SOME);
            assertHeals("gap", FIRST);
            assertThat(rig.context.metrics().count("gaps")).isEqualTo(1);
            assertThat(report(20).gaps()).isEqualTo(1);
        }

        @Test
        void aLostPositionOfAnEarlierFenceIsOneThatTheGenerationHeals() {
            rig.lose(0, "shard x has lost unread records", FIRST);
            rig.lose(0, "shard y has lost unread records", FIRST);
            rig.pass(SOME);
            assertThat(rig.context.metrics().count("gaps")).isEqualTo(1);
        }

        @Test
        void aCheckpointTooOldKeepsThePositionsOfItsShards() {
            resubmit(Duration.ofHours(30));
            Fence fence = fence();
            assertThat(fence.before()).isEqualTo(FIRST);
            assertThat(fence.base()).isEqualTo(fence.generation());
            assertThat(rig.orders.get(0)).extracting(ReaderOrder::incarnation).containsOnly(1);
        }

        @Test
        void aGapThatIsKnownBlocksAnnouncementsToThoseWhoComeLater() {
            rig.table.disableStream();
            rig.pass(Duration.ofSeconds(40));
            rig.report(0, ended(shard, rig.time.getAsLong()));
            rig.fail(0, 2);
            rig.register(0, ended(shard, rig.time.getAsLong()));
            assertThat(rig.announced(0)).isEmpty();
            assertThat(report(3).state()).isEqualTo(Progress.State.STALE);
        }

        @Test
        void aGapInAStateIsHealedByWhoeverRestoresIt() {
            rig.table.disableStream();
            rig.pass(Duration.ofSeconds(40));
            rig.report(0, ended(shard, rig.time.getAsLong()));
            state = rig.checkpoint(3);
            rig.table.enableStream(ViewType.NEW_AND_OLD_IMAGES);
            rig.launch(state).register(0).pass(Duration.ofSeconds(20));
            assertThat(fence().before()).isEqualTo(FIRST);
            assertThat(rig.takeShards(0).get(0).incarnation()).isEqualTo(2);
        }
    }

    @Nested
    class Streams {

        @Test
        void thatAreOffAreReadToTheirEndAndTheNextOneIsWaitedFor() {
            rig.table.disableStream();
            rig.pass(Duration.ofSeconds(40));
            assertThat(rig.context.metrics().count("gaps")).isZero();
            rig.report(0, ended(shard, rig.time.getAsLong()));
            rig.pass(Duration.ofMinutes(1));
            assertThat(fence()).isNull();
            rig.table.enableStream(ViewType.NEW_AND_OLD_IMAGES);
            rig.pass(Duration.ofSeconds(20));
            Fence fence = fence();
            assertThat(fence.before()).isEqualTo(FIRST);
            rig.report(0);
            List<TableSplit> given = rig.take(0);
            assertThat(given).hasSize(3);
            ShardSplit next = (ShardSplit) given.get(0);
            assertThat(next.incarnation()).isEqualTo(2);
            assertThat(next.sequenceNumber()).isNull();
            rig.orders.clear();
            rig.report(0, ended(shard, rig.time.getAsLong()));
            assertThat(rig.orders.get(0))
                    .extracting(ReaderOrder::discarded)
                    .containsExactly(List.of(shard.splitId()));
        }

        @Test
        void ofAnEarlierStateAreDrainedUnderTheirOwnFenceFirst() {
            rig.table.disableStream();
            rig.table.enableStream(ViewType.NEW_AND_OLD_IMAGES);
            resubmit(Duration.ofHours(1));
            assertThat(fence().generation()).isEqualTo(FIRST);
            rig.report(0, ended(shard, rig.time.getAsLong()));
            rig.pass(SOME);
            assertThat(fence().before()).isEqualTo(FIRST);
            assertThat(rig.takeShards(0).get(0).incarnation()).isEqualTo(2);
        }

        @Test
        void ofAnotherTableThatLivesOnAreReadToTheMomentOfTheRestore() {
            rig.table.restoreBackup("todoListTask", rig.table.items());
            resubmit(Duration.ofHours(1));
            long moment = rig.time.getAsLong();
            rig.report(0, read(shard, moment - 60_000));
            rig.pass(SOME);
            assertThat(fence().generation()).isEqualTo(FIRST);
            rig.report(0, read(shard, moment));
            rig.pass(SOME);
            assertThat(fence().generation()).isGreaterThan(FIRST);
        }

        @Test
        void thatCannotBeReadAnyMoreAreNotDrained() {
            rig.table.disableStream();
            rig.table.enableStream(ViewType.NEW_AND_OLD_IMAGES);
            resubmit(Duration.ofHours(30));
            assertThat(fence().before()).isEqualTo(FIRST);
            assertThat(rig.takeShards(0).get(0).incarnation()).isEqualTo(2);
        }
    }

    @Nested
    class Views {

        @Test
        void thatAreNewAreBuiltOnTheGenerationThatWasReady() {
            rig.views.put("by-tag", "by Tags each");
            resubmit(Duration.ofHours(1));
            Fence fence = fence();
            assertThat(fence.base()).isEqualTo(FIRST);
            assertThat(fence.before()).isEqualTo(FIRST);
            assertThat(fence.generation()).isGreaterThan(FIRST);
            assertThat(rig.announced(0)).isEmpty();
            shard = shard.under(fence);
            readShard();
            rig.checkpoint(3);
            assertThat(rig.announced(0)).containsExactly(FIRST);
            readScan();
            readShard();
            state = rig.checkpoint(4);
            assertThat(rig.announced(0)).containsExactly(FIRST, fence.generation());
        }

        @Test
        void areBuiltWhileTheOthersStayReady() {
            rig.views.put("by-tag", "by Tags each");
            resubmit(Duration.ofHours(1));
            shard = shard.under(fence());
            readShard();
            rig.checkpoint(3);
            Generation.restored(rig.enumerator.snapshotState(4));
            assertThat(report(5).stateOf("by-tag")).isEqualTo(Progress.State.BUILDING);
            assertThat(report(5).stateOf("by-list")).isNotEqualTo(Progress.State.STALE);
            assertThat(report(5).generationOf("by-list")).isEqualTo(FIRST);
            assertThat(report(5).generationOf("by-tag")).isEqualTo(fence().generation());
        }

        @Test
        void thatCountSomethingElseAreBuilt() {
            rig.views.put("by-list", "by ListId; where Status");
            resubmit(Duration.ofHours(1));
            assertThat(fence().base()).isEqualTo(FIRST);
        }

        /**
         * A checkpoint comes before the table has been described: their groups are gone by then.
         */
        @Test
        void thatAreChangedAndPutBackAtOnceAreBuilt() {
            rig.views.put("by-list", "by ListId; where Status");
            rig.submission++;
            state = rig.launch(state).register(0, shard).enumerator.snapshotState(3);
            rig.views.put("by-list", "by ListId");
            rig.submission++;
            rig.launch(state).register(0, shard).pass(SOME);
            assertThat(rig.enumerator.snapshotState(4).standing().coverage().building())
                    .containsExactly("by-list");
        }

        @Test
        void thatAreRemovedAndComeBackAreBuilt() {
            rig.views.clear();
            rig.views.put("by-tag", "by Tags each");
            resubmit(Duration.ofMinutes(1));
            state = rig.checkpoint(3);
            rig.views.put("by-list", "by ListId");
            rig.submission++;
            rig.launch(state).register(0, shard).pass(SOME);
            assertThat(rig.enumerator.snapshotState(4).standing().coverage().building())
                    .containsExactly("by-list", "by-tag");
        }

        @Test
        void withoutAReadyGenerationAreWaitedForByAll() {
            rig.fail(0, 0);
            EnumeratorRig fresh = new EnumeratorRig(ViewType.NEW_AND_OLD_IMAGES, 1, 1);
            fresh.launch(null).registerAll().pass(SOME);
            TableSplit[] had = fresh.take(0).toArray(new TableSplit[0]);
            EnumeratorState open = fresh.checkpoint(1);
            fresh.views.put("by-tag", "by Tags each");
            fresh.submission++;
            fresh.launch(open).register(0, had).pass(SOME);
            Fence fence = fresh.enumerator.snapshotState(2).pin().fence();
            assertThat(fence.base()).isEqualTo(fence.generation());
            assertThat(fence.before()).isEqualTo(FIRST);
        }
    }

    @Nested
    class Requests {

        @Test
        void readTheTableAnewOnceForASubmission() {
            rig.options = SourceOptions.defaults().withSegments(2).withResnapshot(true);
            resubmit(Duration.ofMinutes(1));
            assertHeals("request", FIRST);
            assertThat(rig.context.metrics().count("gaps")).isZero();
            long healed = fence().generation();
            state = rig.checkpoint(13);
            rig.launch(state).register(0, shard).pass(SOME);
            assertThat(fence().generation()).isEqualTo(healed);
        }

        @Test
        void areRefusedWhereNothingIsScanned() {
            rig.options = SourceOptions.defaults().withResnapshot(true);
            rig.start = TableSpec.Start.LATEST;
            assertThatThrownBy(() -> resubmit(Duration.ofMinutes(1)))
                    .hasRootCauseInstanceOf(TableUnusableException.class)
                    .hasStackTraceContaining("with start: latest there is no scan");
        }
    }

    @Test
    void aReplayIsReadyAtTheMomentOfItsSavepoint() {
        rig.options = SourceOptions.defaults().withSegments(2).withReplay(true);
        long savepoint = rig.time.getAsLong();
        resubmit(Duration.ofHours(1));
        rig.report(0, read(shard, savepoint + 2_000));
        rig.pass(Duration.ofMinutes(1));
        rig.checkpoint(3);
        assertThat(rig.announced(0)).containsExactly(FIRST);
    }

    @Test
    void aRestartOfReadersFromBeforeThePinDoesNotBringBackWhatWasDropped() {
        rig.lose(0, "shard x has lost unread records", FIRST);
        rig.pass(SOME);
        rig.report(0);
        List<TableSplit> segments = rig.take(0);
        assertThat(segments).hasSize(2);
        rig.fail(0, 2);
        rig.orders.clear();
        rig.register(0, shard);
        assertThat(fence().before()).isEqualTo(FIRST);
        assertThat(rig.take(0)).isEmpty();
        rig.report(0);
        assertThat(rig.take(0)).isEqualTo(segments);
    }
}
