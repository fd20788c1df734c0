package dev.tally.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.source.enumerator.EnumeratorState.Pin;
import dev.tally.source.enumerator.EnumeratorState.SegmentState;
import dev.tally.source.enumerator.EnumeratorState.ShardState;
import dev.tally.source.split.Fence;
import dev.tally.source.split.SegmentSplit;
import dev.tally.source.split.VersionedCodec;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bytes of the enumerator's state: a contract with every savepoint that was ever taken. */
class EnumeratorStateTest {

    private static final VersionedCodec<EnumeratorState> SERIALIZER =
            new VersionedCodec<>("enumerator state", EnumeratorState.CODEC);

    private static final long GENERATION = 1_763_000_000_000L;

    /** What golden/enumerator-state/v1.bin holds: the first generation, nothing known of views. */
    static EnumeratorState golden() {
        Fence fence = new Fence(GENERATION - 900_000, Fence.SKIP, GENERATION);
        return golden(fence, Reason.FIRST, Standing.UNKNOWN);
    }

    /** What golden/enumerator-state/v2.bin holds: one view is built beside another. */
    static EnumeratorState later() {
        Coverage coverage =
                Coverage.building(Map.of("by-list", "by ListId"))
                        .complete()
                        .extended(Map.of("by-list", "by ListId", "by-tag", "by Tags each"));
        Standing standing =
                new Standing(
                        false,
                        3,
                        GENERATION + 70_000,
                        coverage,
                        Gap.of("shard x is trimmed", GENERATION + 80_000));
        Fence fence = new Fence(GENERATION - 900_000, 16, GENERATION, 15);
        return golden(fence, Reason.VIEWS, standing);
    }

    private static EnumeratorState golden(Fence fence, Reason reason, Standing standing) {
        Pin pin =
                new Pin(
                        "0d7ac4f0-94f6-4ad4-a0b0-0d7ac4f094f6",
                        "arn:aws:dynamodb:eu-west-1:123456789012:table/todoListTask/stream/1",
                        1,
                        true,
                        50_000,
                        fence,
                        reason);
        Item key = Item.EMPTY.with("TaskId", Value.text("task-000042"));
        SegmentSplit begun = new SegmentSplit(1, 3, GENERATION, fence.base(), key, 1_234, false);
        SegmentSplit done = new SegmentSplit(2, 3, GENERATION, fence.base(), key, 99, true);
        return new EnumeratorState(
                pin,
                7,
                GENERATION + 60_000,
                GENERATION + 90_000,
                standing,
                List.of(
                        new SegmentState(
                                Tenure.Phase.WAITING,
                                SegmentSplit.start(0, 3, GENERATION, fence.base())),
                        new SegmentState(Tenure.Phase.READING, begun),
                        new SegmentState(Tenure.Phase.FINISHED, done)),
                List.of(
                        new ShardState("a", null, true, Tenure.Phase.FINISHED, true, GENERATION),
                        new ShardState("b", "a", false, Tenure.Phase.READING, true, 5),
                        new ShardState("d", "c", true, Tenure.Phase.WAITING, false, 0)));
    }

    @Test
    void readsTheBytesOfVersionOne() throws IOException {
        byte[] bytes = resource("golden/enumerator-state/v1.bin");
        assertThat(SERIALIZER.deserialize(1, bytes)).isEqualTo(golden());
    }

    @Test
    void readsAndWritesTheBytesOfVersionTwo() throws IOException {
        byte[] bytes = resource("golden/enumerator-state/v2.bin");
        assertThat(SERIALIZER.deserialize(2, bytes)).isEqualTo(later());
        assertThat(SERIALIZER.serialize(later())).isEqualTo(bytes);
    }

    @Test
    void keepsThatNothingIsPinnedYet() throws IOException {
        byte[] bytes = SERIALIZER.serialize(EnumeratorState.unpinned(7));
        assertThat(SERIALIZER.deserialize(2, bytes)).isEqualTo(EnumeratorState.unpinned(7));
    }

    @Test
    void rejectsVersionsItDoesNotKnow() throws IOException {
        byte[] bytes = SERIALIZER.serialize(golden());
        assertThatThrownBy(() -> SERIALIZER.deserialize(3, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("enumerator state of version 3");
    }

    @Test
    void rejectsTrailingAndMissingBytes() throws IOException {
        byte[] bytes = SERIALIZER.serialize(golden());
        assertThatThrownBy(() -> SERIALIZER.deserialize(2, Arrays.copyOf(bytes, bytes.length + 2)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 bytes follow its end");
        assertThatThrownBy(() -> SERIALIZER.deserialize(2, Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void restoresWhatItSays() {
        Generation restored = Generation.restored(later());
        EnumeratorState again = restored.checkpointBegins(1, GENERATION + 90_000);
        // How far a shard was read that is being read, only its reader's report tells.
        ShardState unknown = new ShardState("b", "a", false, Tenure.Phase.READING, true, 0);
        assertThat(again.shards())
                .containsExactly(later().shards().get(0), unknown, later().shards().get(2));
        assertThat(again.segments()).isEqualTo(later().segments());
        assertThat(again.settledAt()).isEqualTo(later().settledAt());
        assertThat(again.pin()).isEqualTo(later().pin());
        assertThat(again.standing()).isEqualTo(later().standing());
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in =
                EnumeratorStateTest.class.getClassLoader().getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
