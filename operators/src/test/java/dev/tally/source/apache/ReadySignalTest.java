package dev.tally.source.apache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.change.ItemChange;
import dev.tally.change.ItemVersion;
import dev.tally.codec.CodecSerializer;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.Value;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** That the signal comes at each start, and nothing else of its kind. */
@SuppressWarnings("try") // closing a harness may throw anything
class ReadySignalTest {

    private static final long GENERATION = 1_790_000_000_000L;

    private static OneInputStreamOperatorTestHarness<ItemChange, ItemChange> harness()
            throws Exception {
        CodecSerializer<ItemChange> changes = new CodecSerializer<>(ItemChange.class);
        OneInputStreamOperatorTestHarness<ItemChange, ItemChange> harness =
                new OneInputStreamOperatorTestHarness<>(new ReadySignal(GENERATION), changes);
        harness.setup(changes);
        return harness;
    }

    private static ItemChange change() {
        return ItemChange.streamed(
                ItemKey.of(List.of(Value.text("a"))),
                GENERATION,
                ItemVersion.of(1, "1"),
                null,
                Item.EMPTY,
                0,
                "id",
                false);
    }

    @Test
    void comesAtTheStartAndAfterARestore() throws Exception {
        OperatorSubtaskState state;
        try (OneInputStreamOperatorTestHarness<ItemChange, ItemChange> harness = harness()) {
            harness.open();
            harness.setProcessingTime(1);
            assertThat(harness.getOutput()).containsExactly(new Watermark(GENERATION));
            state = harness.snapshot(1, 1);
        }
        try (OneInputStreamOperatorTestHarness<ItemChange, ItemChange> harness = harness()) {
            harness.initializeState(state);
            harness.open();
            harness.setProcessingTime(1);
            assertThat(harness.getOutput()).containsExactly(new Watermark(GENERATION));
        }
    }

    @Test
    void isTheOnlyWatermarkAndNeverIdle() throws Exception {
        try (OneInputStreamOperatorTestHarness<ItemChange, ItemChange> harness = harness()) {
            harness.open();
            harness.setProcessingTime(1);
            harness.processWatermarkStatus(WatermarkStatus.IDLE);
            harness.processElement(new StreamRecord<>(change(), 5));
            harness.processWatermark(new Watermark(7));
            harness.processWatermark(Watermark.MAX_WATERMARK);

            assertThat(harness.getOutput())
                    .containsExactly(new Watermark(GENERATION), new StreamRecord<>(change()));
            assertThat(((ReadySignal) harness.getOneInputOperator()).ignoredWatermarks())
                    .isEqualTo(2);
        }
    }
}
