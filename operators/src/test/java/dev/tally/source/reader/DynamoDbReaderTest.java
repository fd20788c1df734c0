package dev.tally.source.reader;

import static dev.tally.source.reader.ReaderRig.START;
import static dev.tally.source.reader.ReaderRig.segment;
import static dev.tally.source.reader.ReaderRig.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.change.ItemChange;
import dev.tally.item.ItemKey;
import dev.tally.item.Value;
import dev.tally.source.SourceOptions;
import dev.tally.source.client.ClientException.Kind;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults.Call;
import dev.tally.source.simulated.Faults.Fault;
import dev.tally.source.split.Fence;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.ReaderReport;
import dev.tally.source.split.SegmentSplit;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.eventtime.Watermark;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a reader emits, keeps and reports; and at what pace it calls. */
class DynamoDbReaderTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Set<ItemKey> keys(List<ItemChange> changes) {
        Set<ItemKey> keys = new HashSet<>();
        changes.forEach(change -> keys.add(change.key()));
        return keys;
    }

    @Nested
    class Streams {

        @Test
        void emitsRecordsWithBothImagesInOrder() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.table.put(task(1, "home"));
            rig.table.put(task(1, "work"));
            rig.table.delete(task(1, "work").only(List.of("TaskId")));
            List<ItemChange> changes = rig.launch(rig.shard()).settle().take();
            assertThat(changes).hasSize(3);
            assertThat(changes.get(0).beforeKnown()).isTrue();
            assertThat(changes.get(0).before()).isNull();
            assertThat(changes.get(1).before()).isEqualTo(task(1, "home"));
            assertThat(changes.get(1).after()).isEqualTo(task(1, "work"));
            assertThat(changes.get(2).after()).isNull();
            assertThat(changes.get(2).generation()).isEqualTo(START);
            assertThat(changes.get(1).version()).isGreaterThan(changes.get(0).version());
            assertThat(rig.count("streamRecords")).isEqualTo(3);
        }

        @Test
        void emitsNewImagesOfAStreamThatHasOnlyThose() {
            ReaderRig rig = new ReaderRig(ViewType.NEW_IMAGE, 1);
            rig.table.put(task(1, "home"));
            ItemChange change = rig.launch(rig.shard()).settle().take().get(0);
            assertThat(change.beforeKnown()).isFalse();
            assertThat(change.after()).isEqualTo(task(1, "home"));
        }

        @Test
        void skipsAndCountsWhatIsOlderThanTheFence() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.put(0, 3);
            rig.time.advance(Duration.ofMinutes(1));
            rig.put(3, 5);
            Fence fence = new Fence(START + 30_000, Fence.SKIP, START);
            assertThat(rig.launch(rig.shard(fence, false)).settle().take()).hasSize(2);
            assertThat(rig.count("skippedBeforeFence")).isEqualTo(3);
            assertThat(rig.shardNow().fencePassed()).isTrue();
        }

        @Test
        void stampsWhatIsOlderThanALaterFenceWithTheGenerationBefore() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.put(0, 1);
            rig.time.advance(Duration.ofMinutes(1));
            rig.put(1, 2);
            Fence fence = new Fence(START + 30_000, 17, START);
            assertThat(rig.launch(rig.shard(fence, false)).settle().take())
                    .extracting(ItemChange::generation)
                    .containsExactly(17L, START);
        }

        @Test
        void onceTheFenceIsPassedNothingIsOlderWhateverItsTime() {
            ReaderRig rig = ReaderRig.withOldImages();
            Fence fence = new Fence(START + 1_000_000, Fence.SKIP, START);
            rig.put(0, 2);
            assertThat(rig.launch(rig.shard(fence, true)).settle().take()).hasSize(2);
            assertThat(rig.count("skippedBeforeFence")).isZero();
        }

        @Test
        void dropsAndCountsRepeatedRecords() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.faults.with(Fault.REPEATED_RECORDS, 0.7);
            rig.put(0, 50);
            rig.options = SourceOptions.defaults().withPages(10, 10);
            rig.launch(rig.shard()).pass(Duration.ofSeconds(30));
            assertThat(keys(rig.take())).hasSize(50);
            assertThat(rig.count("streamRecords")).isEqualTo(50);
            assertThat(rig.count("duplicateRecords")).isPositive();
        }
    }

    @Nested
    class Checkpoints {

        @Test
        void ofAShardGoOnAfterTheLastEmittedRecord() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.put(0, 20);
            rig.launch(rig.shard());
            while (rig.reader.output().size() < 7) {
                if (!rig.reader.step()) {
                    rig.network.runNext();
                }
            }
            List<ItemChange> before = rig.take();
            ShardSplit middle = rig.shardNow();
            List<ItemChange> after = rig.launch(middle).settle().take();
            assertThat(before.size() + after.size()).isEqualTo(20);
            before.addAll(after);
            assertThat(keys(before)).hasSize(20);
        }

        @Test
        void ofASegmentGoOnAfterTheLastEmittedKeyAlsoIfThatIsGone() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.put(0, 20);
            rig.options = SourceOptions.defaults().withPages(10, 5);
            rig.launch(segment());
            while (rig.reader.output().size() < 7) {
                if (!rig.reader.step()) {
                    rig.network.runNext();
                }
            }
            List<ItemChange> before = rig.take();
            SegmentSplit middle = (SegmentSplit) rig.splitNow("segment-");
            assertThat(middle.emitted()).isEqualTo(7);
            rig.table.delete(middle.lastKey());
            List<ItemChange> after = rig.launch(middle).settle().take();
            assertThat(after).hasSize(13);
            before.addAll(after);
            assertThat(keys(before)).hasSize(20);
            assertThat(((SegmentSplit) rig.splitNow("segment-")).finished()).isTrue();
        }

        @Test
        void keepAnEndUntilTheEnumeratorHasItForCertain() {
            ReaderRig rig = ReaderRig.withOldImages();
            ShardSplit shard = rig.shard();
            rig.table.rollOver();
            rig.launch(shard).settle();
            ReaderReport last = rig.reports.get(rig.reports.size() - 1);
            assertThat(last.splits()).containsExactly(rig.shardNow());
            assertThat(rig.shardNow().finished()).isTrue();
            rig.reader.reader().notifyNoMoreSplits();
            assertThat(rig.reader.snapshot(2)).hasSize(1);
            rig.reader.reader().handleSourceEvents(ReaderOrder.forget(List.of(shard.splitId())));
            assertThat(rig.reader.snapshot(3)).isEmpty();
        }

        @Test
        void ofFinishedSplitsAreReportedAgainAtTheStart() {
            ReaderRig rig = ReaderRig.withOldImages();
            ShardSplit ended = rig.shard().at(new ShardSplit.Position("7", true, START, true));
            rig.launch();
            rig.reader.reader().addSplits(List.of(ended));
            rig.reader.reader().start();
            ReaderReport report = rig.reports.get(rig.reports.size() - 1);
            assertThat(report.first()).isTrue();
            assertThat(report.splits()).containsExactly(ended);
            rig.settle();
            assertThat(rig.faults.calls(Call.SHARD_ITERATOR)).isZero();
        }
    }

    @Nested
    class Ready {

        @Test
        void wakesAReaderWithoutSplits() {
            ReaderRig rig = ReaderRig.withOldImages().launch().settle();
            assertThat(rig.reader.step()).isFalse();
            rig.reader.reader().handleSourceEvents(ReaderOrder.announce(START));
            assertThat(rig.settle().takeAll()).containsExactly(new Watermark(START));
        }

        @Test
        void comesAfterEverythingEmittedBefore() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.put(0, 3);
            rig.launch(rig.shard()).settle();
            rig.reader.reader().handleSourceEvents(ReaderOrder.announce(START));
            List<Object> all = rig.settle().takeAll();
            assertThat(all).hasSize(4);
            assertThat(all.get(3)).isEqualTo(new Watermark(START));
        }
    }

    @Nested
    class Paces {

        @Test
        void idleShardsCostOneCallASecondAndNoSpinning() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.launch(rig.shard()).pass(Duration.ofSeconds(10));
            int before = rig.faults.calls(Call.GET_RECORDS);
            long polls = rig.reader.polls();
            rig.pass(Duration.ofSeconds(60));
            assertThat(rig.faults.calls(Call.GET_RECORDS) - before).isBetween(55, 62);
            assertThat(rig.reader.polls() - polls).isLessThan(400);
        }

        @Test
        void aNewRecordIsSeenWithinASecondAndThenPollsAreClose() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.launch(rig.shard()).pass(Duration.ofSeconds(10));
            rig.put(0, 1);
            assertThat(rig.pass(Duration.ofMillis(1010)).take()).hasSize(1);
            rig.put(1, 2);
            assertThat(rig.pass(Duration.ofMillis(300)).take()).hasSize(1);
        }

        @Test
        void fullPagesFollowAtOnce() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.options = SourceOptions.defaults().withPages(10, 10);
            rig.put(0, 500);
            assertThat(rig.launch(rig.shard()).settle().take()).hasSize(500);
        }

        @Test
        void lagIsRightOnIdleShardsAndGrowsWhenNothingIsRead() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.launch(rig.shard()).pass(Duration.ofMinutes(5));
            assertThat(rig.reader.metrics().gauge("lagMillis")).isEqualTo(0L);
            assertThat(rig.reader.metrics().gauge("openShards")).isEqualTo(1);
            rig.faults.with(Fault.THROTTLED, 1);
            rig.pass(Duration.ofMinutes(1));
            assertThat((Long) rig.reader.metrics().gauge("lagMillis")).isGreaterThan(55_000L);
            rig.faults.heal();
            rig.pass(Duration.ofSeconds(20));
            assertThat(rig.reader.metrics().gauge("lagMillis")).isEqualTo(0L);
        }

        @Test
        void lagIsThatOfTheShardFurthestBehind() {
            ReaderRig rig = new ReaderRig(ViewType.NEW_AND_OLD_IMAGES, 2);
            rig.time.advance(Duration.ofMinutes(10));
            ShardSplit near = rig.shard();
            Fence fence = near.fence();
            ShardSplit far = rig.shard(rig.table.shardIds().get(1), fence, false);
            rig.launch(near);
            rig.pass(Duration.ofSeconds(20));
            assertThat(rig.reader.metrics().gauge("lagMillis")).isEqualTo(0L);
            rig.faults.failAll(Call.SHARD_ITERATOR, Kind.THROTTLED);
            rig.reader.reader().addSplits(List.of(far));
            rig.pass(Duration.ofSeconds(5));
            assertThat(rig.reader.metrics().gauge("openShards")).isEqualTo(2);
            assertThat((Long) rig.reader.metrics().gauge("lagMillis"))
                    .isBetween(
                            Duration.ofMinutes(10).toMillis(), Duration.ofMinutes(11).toMillis());
        }

        @Test
        void aShardThatNeverGaveAnythingIsBehindSinceItWasMet() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.faults.failAll(Call.GET_RECORDS, Kind.THROTTLED);
            ShardSplit shard = rig.shard();
            rig.launch(shard.at(ShardSplit.Position.start(false, 0)));
            rig.pass(Duration.ofMinutes(2));
            assertThat((Long) rig.reader.metrics().gauge("lagMillis"))
                    .isBetween(115_000L, 121_000L);
            rig.faults.heal();
            rig.pass(Duration.ofSeconds(20));
            assertThat(rig.reader.metrics().gauge("lagMillis")).isEqualTo(0L);
        }

        @Test
        void asManyPagesAreUnderWayAsFitIfAllAreLikeTheLargestOfLate() {
            assertThat(mostUnderWay(1)).isEqualTo(9);
            assertThat(mostUnderWay(300_000)).isEqualTo(3);
        }

        /** With room for three pages of the largest size, beside the scan's. */
        private int mostUnderWay(int characters) {
            ReaderRig rig = new ReaderRig(ViewType.NEW_AND_OLD_IMAGES, 20);
            rig.options =
                    SourceOptions.defaults()
                            .withMemory(4 * SourceOptions.PAGE_BYTES)
                            .withPages(3, 10);
            Value title = Value.text("x".repeat(characters));
            for (int i = 0; i < 200; i++) {
                rig.table.put(task(i, "home").with("Title", title));
            }
            List<TableSplit> splits = new ArrayList<>();
            Fence fence = new Fence(0, 0, START);
            rig.table.shardIds().forEach(id -> splits.add(rig.shard(id, fence, false)));
            rig.launch(splits.toArray(new TableSplit[0]));
            int most = 0;
            for (int i = 0; i < 10_000; i++) {
                if (!rig.reader.step()) {
                    rig.network.runNext();
                }
                most = Math.max(most, rig.network.size());
            }
            assertThat(keys(rig.take())).hasSize(200);
            return most;
        }

        @Test
        void theScanKeepsToItsCapacity() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.options = SourceOptions.defaults().withPages(10, 1);
            rig.scanCapacity = 2;
            rig.put(0, 40);
            rig.launch(segment()).pass(Duration.ofSeconds(10));
            assertThat(rig.take()).hasSizeBetween(18, 24);
        }

        @Test
        void theScanStandsStillWhileTheStreamIsFarBehind() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.faults.failAll(Call.GET_RECORDS, Kind.THROTTLED);
            rig.put(0, 5);
            ShardSplit behind =
                    rig.shard()
                            .at(
                                    new ShardSplit.Position(
                                            null,
                                            true,
                                            START - Duration.ofHours(7).toMillis(),
                                            false));
            rig.launch(behind, segment()).pass(SECOND.multipliedBy(5));
            assertThat(rig.faults.calls(Call.SCAN)).isZero();
            rig.faults.heal();
            rig.pass(SECOND.multipliedBy(30));
            assertThat(rig.faults.calls(Call.SCAN)).isPositive();
        }

        @Test
        void aBusyStreamDoesNotStopTheScan() {
            ReaderRig rig = ReaderRig.withOldImages();
            rig.options = SourceOptions.defaults().withPages(100, 10);
            rig.put(0, 1_000);
            rig.launch(rig.shard(), segment());
            while (rig.reader.output().size() < 500) {
                if (!rig.reader.step()) {
                    rig.network.runAll();
                }
            }
            long scanned = rig.take().stream().filter(ItemChange::scanned).count();
            assertThat(scanned).isBetween(30L, 250L);
        }
    }

    @Test
    void readsNothingBeforeItIsTold() {
        ReaderRig rig = ReaderRig.withOldImages();
        rig.put(0, 3);
        rig.start();
        rig.reader.reader().addSplits(List.of(rig.shard(), segment()));
        rig.settle();
        assertThat(rig.take()).isEmpty();
        rig.begin();
        assertThat(rig.settle().take()).hasSize(6);
    }
}
