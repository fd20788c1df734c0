package dev.tally.source.reader;

import static dev.tally.source.reader.ReaderRig.START;
import static dev.tally.source.reader.ReaderRig.segment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.change.ItemChange;
import dev.tally.source.SourceOptions;
import dev.tally.source.split.Fence;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.ReaderReport;
import dev.tally.source.split.SegmentSplit;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.junit.jupiter.api.Test;

/** What a reader does when a generation begins: one fence for all, and nothing of another. */
class ReaderGenerationsTest {

    private static final long NEXT = START + 3_600_000;

    private final ReaderRig rig = ReaderRig.withOldImages();
    private final Fence healing = new Fence(NEXT - 900_000, START, NEXT);
    private final Fence building = new Fence(NEXT - 900_000, START, NEXT, START);

    private ReaderReport lastReport() {
        return rig.reports.get(rig.reports.size() - 1);
    }

    @Test
    void allShardsTakeItsFenceAtOnceAndTheReaderSaysSo() {
        rig.put(0, 2);
        rig.launch(rig.shard()).settle();
        rig.take();
        assertThat(rig.shardNow().fencePassed()).isTrue();
        rig.begin(healing, 1);
        assertThat(lastReport().generation()).isEqualTo(NEXT);
        assertThat(lastReport().splits()).containsExactly(rig.shardNow());
        assertThat(rig.shardNow().fence()).isEqualTo(healing);
        assertThat(rig.shardNow().fencePassed()).isFalse();
    }

    @Test
    void aReaderWithoutSplitsSaysSoToo() {
        rig.start();
        assertThat(lastReport().first()).isTrue();
        rig.begin(healing, 1);
        assertThat(lastReport().generation()).isEqualTo(NEXT);
        assertThat(lastReport().splits()).isEmpty();
    }

    @Test
    void whatIsStampedWithTheOneBeforeWaitsForTheHealingOne() {
        rig.launch(rig.shard()).settle();
        rig.begin(healing, 1);
        rig.put(0, 1);
        rig.time.advance(Duration.ofHours(1));
        rig.put(1, 2);
        rig.pass(Duration.ofSeconds(30));
        List<ItemChange> changes = rig.take();
        assertThat(changes).extracting(ItemChange::generation).containsExactly(START, NEXT);
        assertThat(changes).extracting(ItemChange::base).containsExactly(NEXT, NEXT);
    }

    @Test
    void whatIsReadWhileViewsAreBuiltWaitsForTheOneThatWasReady() {
        rig.launch(rig.shard()).settle();
        rig.begin(building, 1);
        rig.reader.reader().addSplits(List.of(SegmentSplit.start(0, 1, NEXT, START)));
        rig.put(0, 1);
        rig.time.advance(Duration.ofHours(1));
        rig.put(1, 2);
        rig.pass(Duration.ofSeconds(30));
        List<ItemChange> changes = rig.take();
        assertThat(changes).hasSizeGreaterThan(2).extracting(ItemChange::base).containsOnly(START);
    }

    @Test
    void thatBeginsAgainWithTheSameFenceNothingIsForgotten() {
        rig.put(0, 2);
        rig.launch(rig.shard()).settle();
        ShardSplit before = rig.shardNow();
        rig.begin(before.fence(), 1);
        assertThat(rig.shardNow()).isEqualTo(before);
    }

    @Test
    void dropsSegmentsAndShardsOfAnotherGenerationOrStreamWithTheirPages() {
        rig.put(0, 500);
        rig.options = SourceOptions.defaults().withMemory(4 * SourceOptions.PAGE_BYTES);
        rig.launch(rig.shard(), segment());
        for (int i = 0; i < 20; i++) {
            // With calls under way and pages waiting: their permits must come back.
            rig.network.runNext();
            rig.reader.step();
            Fence fence = new Fence(0, START + i, START + i + 1);
            rig.begin(fence, 1 + i % 2);
            rig.reader
                    .reader()
                    .addSplits(List.of(SegmentSplit.start(0, 1, START + i + 1, START + i + 1)));
        }
        assertThat(rig.reader.snapshot(1)).hasSize(1);
        rig.takeAll();
        rig.pass(Duration.ofSeconds(30));
        assertThat(rig.take()).hasSize(500);
    }

    @Test
    void dropsWhatTheEnumeratorDoesNotKnow() {
        rig.put(0, 5);
        TableSplit shard = rig.shard();
        rig.launch(shard, segment());
        rig.reader.step();
        rig.reader.reader().handleSourceEvents(ReaderOrder.discard(List.of(shard.splitId())));
        rig.settle();
        assertThat(rig.take()).allMatch(ItemChange::scanned).hasSize(5);
        List<String> left = new ArrayList<>();
        rig.reader.snapshot(1).forEach(split -> left.add(split.splitId()));
        assertThat(left).containsExactly(segment().splitId());
    }

    @Test
    void aReadyNotYetSaidIsDroppedIfItIsNotToBeShownAnyMore() {
        rig.launch(rig.shard()).settle();
        rig.reader.reader().handleSourceEvents(ReaderOrder.announce(START));
        rig.begin(building, 1);
        rig.settle();
        assertThat(rig.takeAll()).containsExactly(new Watermark(START));
        rig.reader.reader().handleSourceEvents(ReaderOrder.announce(START));
        rig.begin(healing, 1);
        rig.settle();
        assertThat(rig.takeAll()).isEmpty();
    }
}
