package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.testing.HoldingProxy;
import dev.tally.testing.HoldingProxy.Fate;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.Row;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.Target.ExistingRows;
import dev.tally.view.ViewSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goal: the whole sink, operator, RocksDB and conditions of a real table, ends with the newest row
 * of each group, whatever breaks.
 *
 * <p>Method: by seed, checkpoints with rows of few groups; some abort; between them the task dies
 * and comes back from its last completed checkpoint, now and then as a new submission that writes
 * every row again; requests are throttled, fail, lose their answer, or are held back until long
 * after. Memory holds a few rows only.
 *
 * <p>It cannot catch what several subtasks do to each other: a group has one subtask at a time.
 */
class RowSinkSimulationITCase {

    private static final int GROUPS = 12;
    private static final int CHECKPOINTS = 25;
    private static final WriteLimits TIGHT =
            new WriteLimits(
                    3, 2_000, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofHours(1));

    private final SinkTable table = new SinkTable();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void endsWithTheNewestRows(int seed) throws Exception {
        try (HoldingProxy proxy = new HoldingProxy(LocalDynamoDb.shared().endpoint())) {
            new Run(seed, proxy).play();
        }
    }

    private final class Run {
        private final int seed;
        private final Random random;
        private final HoldingProxy proxy;
        private final Map<String, Long> truth = new TreeMap<>();
        private Map<String, Long> completedTruth = new TreeMap<>();
        private OperatorSubtaskState completedState;
        private long completed;
        private long checkpoint;
        private long submission = 1;
        private SinkHarness sink;

        private Run(int seed, HoldingProxy proxy) throws Exception {
            this.seed = seed;
            this.random = new Random(seed);
            this.proxy = proxy;
            this.sink = SinkHarness.start(sink());
        }

        private RowSink sink() {
            ViewSpec view = SinkViews.view(table.name(), 0, EmptyGroup.DELETE, ExistingRows.REFUSE);
            TargetSettings settings = SinkTable.settings(proxy.endpoint());
            return new RowSink(view, SinkViews.KEY, submission, settings, TIGHT, null);
        }

        private void play() throws Exception {
            for (int i = 0; i < CHECKPOINTS; i++) {
                trouble();
                checkpoint(random.nextInt(5) > 0);
                if (random.nextInt(4) == 0) {
                    sink.await(() -> sink.gauge("writesInFlight") == 0);
                }
                if (completed > 0 && random.nextInt(6) == 0) {
                    fail();
                }
            }
            checkpoint(true);
            sink.await(() -> sink.backlog() == 0);
            proxy.release().join();
            sink.close();
            for (Map.Entry<String, Long> group : truth.entrySet()) {
                long count = table.count(group.getKey());
                assertThat(count)
                        .as("seed %d, %s", seed, group.getKey())
                        .isEqualTo(group.getValue() == 0 ? -1 : group.getValue());
            }
        }

        private void trouble() {
            Fate[] fates = {Fate.THROTTLE, Fate.FAIL, Fate.LOSE_ANSWER, Fate.HOLD};
            if (random.nextInt(2) == 0) {
                String list = "\"list-" + random.nextInt(GROUPS) + "\"";
                proxy.next(1, "UpdateItem", list, fates[random.nextInt(fates.length)]);
            }
            if (random.nextInt(4) == 0) {
                proxy.release();
            }
        }

        private void checkpoint(boolean completes) throws Exception {
            checkpoint++;
            for (int i = random.nextInt(GROUPS); i >= 0; i--) {
                String list = "list-" + random.nextInt(GROUPS);
                long value = random.nextInt(4) == 0 ? 0 : checkpoint * 100 + i;
                truth.put(list, value);
            }
            // What changed since the last completed checkpoint, as after a replay.
            sink.take(rows(truth, completedTruth));
            OperatorSubtaskState state = sink.snapshot(checkpoint);
            if (completes) {
                completed = checkpoint;
                completedState = state;
                completedTruth = new TreeMap<>(truth);
                sink.completed(checkpoint);
            }
        }

        private Row[] rows(Map<String, Long> values, Map<String, Long> without) {
            List<Row> rows = new ArrayList<>();
            values.forEach(
                    (list, value) -> {
                        if (!value.equals(without.get(list))) {
                            rows.add(
                                    value == 0
                                            ? SinkViews.empty(list, checkpoint)
                                            : SinkViews.row(list, value, checkpoint));
                        }
                    });
            return rows.toArray(new Row[0]);
        }

        private void fail() throws Exception {
            sink.kill();
            truth.clear();
            truth.putAll(completedTruth);
            boolean restore = random.nextInt(3) == 0;
            submission += restore ? 1 : 0;
            sink = SinkHarness.restore(sink(), 0, 1, completed, List.of(completedState));
            if (restore) {
                checkpoint++;
                sink.checkpoint(checkpoint, rows(truth, Map.of()));
            }
        }
    }
}
