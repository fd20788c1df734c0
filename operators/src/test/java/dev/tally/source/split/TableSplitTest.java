package dev.tally.source.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.source.split.ShardSplit.Position;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of splits in checkpoints: a contract with every savepoint that was ever taken. */
class TableSplitTest {

    private static final VersionedCodec<TableSplit> SERIALIZER =
            new VersionedCodec<>("split", TableSplit.CODEC);

    private static final long GENERATION = 1_763_000_000_000L;
    private static final String ARN =
            "arn:aws:dynamodb:eu-west-1:123456789012:table/todoListTask/stream/2025-11-13T02:13:20";

    /** What golden/split/v1-N.bin hold: in version 1 every generation was its own base. */
    private static List<TableSplit> golden() {
        return golden(GENERATION);
    }

    /** What golden/split/v2-N.bin hold, with 17 for the base. */
    private static List<TableSplit> golden(long base) {
        Fence fence = new Fence(GENERATION - 900_000, Fence.SKIP, GENERATION);
        Fence later = new Fence(GENERATION - 900_000, 17, GENERATION, base);
        Item key = Item.EMPTY.with("TaskId", Value.text("task-000042"));
        return List.of(
                SegmentSplit.start(3, 8, GENERATION, base),
                new SegmentSplit(3, 8, GENERATION, base, key, 1_234, false),
                new SegmentSplit(7, 8, GENERATION, base, key, 5_678, true),
                new ShardSplit("shardId-1", null, ARN, 1, fence, Position.start(false, 0)),
                new ShardSplit(
                        "shardId-2",
                        "shardId-1",
                        ARN,
                        2,
                        later,
                        new Position("4900000000000000000042", true, GENERATION + 5, false)),
                new ShardSplit(
                        "shardId-3",
                        "shardId-2",
                        ARN,
                        2,
                        later,
                        new Position("4900000000000000000043", true, GENERATION + 6, true)));
    }

    @Test
    void readsTheBytesOfVersionOne() throws IOException {
        List<TableSplit> splits = golden();
        for (int i = 0; i < splits.size(); i++) {
            byte[] bytes = resource("golden/split/v1-" + i + ".bin");
            assertThat(SERIALIZER.deserialize(1, bytes)).isEqualTo(splits.get(i));
        }
    }

    @Test
    void readsAndWritesTheBytesOfVersionTwo() throws IOException {
        List<TableSplit> splits = golden(17);
        for (int i = 0; i < splits.size(); i++) {
            byte[] bytes = resource("golden/split/v2-" + i + ".bin");
            assertThat(SERIALIZER.deserialize(2, bytes)).isEqualTo(splits.get(i));
            assertThat(SERIALIZER.serialize(splits.get(i))).isEqualTo(bytes);
        }
    }

    @Test
    void aLaterFenceHasNotBeenPassedYet() {
        ShardSplit split = (ShardSplit) golden().get(4);
        Fence next = new Fence(GENERATION + 9, GENERATION, GENERATION + 10);
        assertThat(split.under(next).fencePassed()).isFalse();
        assertThat(split.under(next).sequenceNumber()).isEqualTo(split.sequenceNumber());
        assertThat(split.under(split.fence())).isEqualTo(split);
    }

    @Test
    void rejectsVersionsItDoesNotKnow() throws IOException {
        byte[] bytes = SERIALIZER.serialize(golden().get(0));
        assertThatThrownBy(() -> SERIALIZER.deserialize(3, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("split of version 3")
                .hasMessageContaining("Restore with the release that wrote it");
        assertThatThrownBy(() -> SERIALIZER.deserialize(0, bytes)).isInstanceOf(IOException.class);
    }

    @Test
    void rejectsTrailingAndMissingBytes() throws IOException {
        for (TableSplit split : golden()) {
            byte[] bytes = SERIALIZER.serialize(split);
            byte[] more = Arrays.copyOf(bytes, bytes.length + 1);
            assertThatThrownBy(() -> SERIALIZER.deserialize(2, more))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("1 bytes follow its end");
            byte[] less = Arrays.copyOf(bytes, bytes.length - 1);
            assertThatThrownBy(() -> SERIALIZER.deserialize(2, less))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void rejectsKindsItDoesNotKnow() {
        assertThatThrownBy(() -> SERIALIZER.deserialize(1, new byte[] {9}))
                .hasMessageContaining("its kind is 9");
    }

    @Test
    void idsTellIncarnationsAndGenerationsApart() {
        assertThat(golden().get(0).splitId()).isEqualTo("segment-" + GENERATION + "-3");
        assertThat(golden().get(4).splitId()).isEqualTo("shard-2-shardId-2");
    }

    @Test
    void reportsCarrySplits() {
        LostPosition lost = new LostPosition("shard x is trimmed", 7);
        ReaderReport report = new ReaderReport(true, 5, GENERATION, golden(17), List.of(lost));
        assertThat(report.splits()).isEqualTo(golden(17));
        assertThat(report.serviceTime()).isEqualTo(5);
        assertThat(report.generation()).isEqualTo(GENERATION);
        assertThat(report.lost()).containsExactly(lost);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = TableSplitTest.class.getClassLoader().getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
