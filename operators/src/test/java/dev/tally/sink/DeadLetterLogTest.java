package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.change.DeadLetter;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.testing.OperatorMetrics;
import dev.tally.view.OwnMetric;
import java.util.Map;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadLetterLogTest {

    private static final Map<String, String> TABLES = Map.of("view task-count", "tasks");

    private final TestProcessingTimeService clock = new TestProcessingTimeService();
    private final OperatorMetrics metrics = new OperatorMetrics();
    private final LogLines lines = new LogLines(DeadLetterLog.class);

    @BeforeEach
    void listen() {
        lines.start();
    }

    @AfterEach
    void stopListening() {
        lines.stop();
    }

    @Test
    void writesALineWithoutValues() {
        write(1);
        assertThat(lines.all())
                .containsExactly(
                        "dead letter e0 of view task-count version=v: attribute Effort is a S");
        assertThat(lines.all().get(0)).doesNotContain("secret");
    }

    @Test
    void writesAFewLinesAMinuteAndCountsAll() throws Exception {
        write(DeadLetterLog.LINES_MAX + 5);
        assertThat(lines.all()).hasSize(DeadLetterLog.LINES_MAX);
        assertThat(metrics.own(OwnMetric.DEAD_LETTERS)).isEqualTo(DeadLetterLog.LINES_MAX + 5);

        clock.advance(DeadLetterLog.PERIOD_MILLIS);
        write(1);
        assertThat(lines.all()).hasSize(DeadLetterLog.LINES_MAX + 1);
        assertThat(lines.all().get(DeadLetterLog.LINES_MAX)).endsWith("(5 more were not logged)");
    }

    private DeadLetterLog.Writer writer;

    private void write(int letters) {
        if (writer == null) {
            writer = new DeadLetterLog.Writer(clock, new LetterCounters(metrics, TABLES));
        }
        Item keys = Item.of(Map.of("TaskId", Value.text("secret")));
        for (int i = 0; i < letters; i++) {
            writer.write(
                    new DeadLetter(
                            "e" + i,
                            "view task-count",
                            "attribute Effort is a S",
                            keys,
                            "v",
                            0,
                            keys),
                    null);
        }
    }
}
