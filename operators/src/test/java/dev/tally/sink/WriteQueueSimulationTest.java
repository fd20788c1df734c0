package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Goal: whatever happens between sink and target, the target ends with the newest row of each
 * group, and never goes back on the way.
 *
 * <p>Method: by seed, rows of few groups come with checkpoints that complete, abort or complete
 * late; attempts land now, later or never, and their answers come, come late, are throttled or get
 * lost; now and then everything restarts from the store as it was at a completed checkpoint, while
 * attempts of the life before are still on their way. The target lets rows in by the guard's rule.
 * Memory holds a few rows only.
 *
 * <p>It cannot catch what the operator does wrong with threads, nor DynamoDB's own conditions.
 */
class WriteQueueSimulationTest {

    private static final int SEEDS = Integer.getInteger("tally.seeds", 200);

    @Test
    void theTargetEndsWithTheNewestRows() {
        for (int seed = 0; seed < SEEDS; seed++) {
            new Run(seed).play();
        }
    }

    private static final class Run {
        private final int seed;
        private final Random random;
        private final int groups;
        private final Map<GroupKey, Row> newest = new HashMap<>();
        private final Map<GroupKey, Row> target = new HashMap<>();
        private final List<Row> inTheWild = new ArrayList<>();
        private final List<Row> unanswered = new ArrayList<>();
        private final Map<Long, Map<GroupKey, Pending>> snapshots = new HashMap<>();
        private final Map<Long, Map<GroupKey, Row>> truths = new HashMap<>();

        private WriteQueueTest.MemoryStore store = new WriteQueueTest.MemoryStore();
        private WriteQueue queue;
        private long now;
        private long checkpoint;
        private long completed;
        private long counter;
        private long lastValue;

        private Run(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.groups = 2 + random.nextInt(12);
            start();
        }

        private void start() {
            TokenBucket rate = new TokenBucket(random.nextBoolean() ? 0 : 20, now);
            queue = new WriteQueue(store, 7, 3, 1_500, rate, completed, new Random(seed));
            queue.restore();
            unanswered.clear();
        }

        private void play() {
            for (int step = 0; step < 300; step++) {
                now += random.nextInt(50);
                step(random.nextInt(100));
                send();
            }
            settle();
            assertThat(target).as("rerun with seed %d", seed).isEqualTo(newest);
            assertThat(store.pending).as("rerun with seed %d", seed).isEmpty();
            assertThat(queue.backlog()).isZero();
            assertThat(queue.written()).isEqualTo(completed);
        }

        private void step(int dice) {
            if (dice < 30) {
                counter++;
                offer(false);
            } else if (dice < 50) {
                checkpoint(random.nextInt(5) > 0);
            } else if (dice < 80 && !unanswered.isEmpty()) {
                answer(unanswered.remove(random.nextInt(unanswered.size())), random.nextInt(10));
            } else if (dice < 90 && !inTheWild.isEmpty()) {
                land(inTheWild.remove(random.nextInt(inTheWild.size())));
            } else if (dice < 92 && completed > 0) {
                fail();
            }
        }

        private void offer(boolean committed) {
            GroupKey group = SinkViews.group("list-" + random.nextInt(groups));
            String list = group.values().get(0).asText();
            lastValue++;
            Row row =
                    committed
                            ? SinkViews.row(list, lastValue, checkpoint)
                            : SinkViews.eager(list, lastValue, checkpoint, counter);
            newest.put(group, row);
            queue.offer(row);
        }

        /** Before the barrier, a committed row of every group touched since the last one. */
        private void checkpoint(boolean completes) {
            checkpoint++;
            counter = 0;
            for (Map.Entry<GroupKey, Row> touched : newest.entrySet()) {
                Row last = touched.getValue();
                if (last.eager()) {
                    touched.setValue(
                            new Row(
                                    last.group(),
                                    last.measures(),
                                    false,
                                    checkpoint,
                                    0,
                                    last.time()));
                    queue.offer(touched.getValue());
                }
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                offer(true);
            }
            snapshots.put(checkpoint, new HashMap<>(store.pending));
            truths.put(checkpoint, new HashMap<>(newest));
            if (completes) {
                completed = checkpoint;
                queue.completed(checkpoint);
            }
        }

        private void send() {
            for (Row row = queue.next(now); row != null; row = queue.next(now)) {
                unanswered.add(row);
            }
        }

        private void answer(Row row, int how) {
            if (how < 6) {
                land(row);
                queue.settled(row);
            } else if (how == 6) {
                queue.repeat(row, true, now);
            } else if (how == 7) {
                land(row);
                queue.repeat(row, false, now);
            } else {
                inTheWild.add(row);
                queue.repeat(row, false, now);
            }
        }

        /** DynamoDB's part: no guard, or an older one. */
        private void land(Row row) {
            Row stored = target.get(row.group());
            if (stored == null || Pending.order(stored, row) < 0) {
                target.put(row.group(), row);
            }
        }

        /** Back to the last completed checkpoint; what was under way may still land. */
        private void fail() {
            inTheWild.addAll(unanswered);
            store = new WriteQueueTest.MemoryStore();
            store.pending.putAll(snapshots.get(completed));
            newest.clear();
            newest.putAll(truths.get(completed));
            start();
            // The replay touches what was touched before: eager rows must be overwritten.
            checkpoint++;
            counter = 0;
            for (Row row : List.copyOf(newest.values())) {
                Row again = new Row(row.group(), row.measures(), false, checkpoint, 0, row.time());
                newest.put(row.group(), again);
                queue.offer(again);
            }
            for (Row row : target.values()) {
                newest.computeIfAbsent(row.group(), this::again);
            }
            for (Row row : inTheWild) {
                newest.computeIfAbsent(row.group(), this::again);
            }
            snapshots.put(checkpoint, new HashMap<>(store.pending));
            truths.put(checkpoint, new HashMap<>(newest));
            completed = checkpoint;
            queue.completed(checkpoint);
        }

        private Row again(GroupKey group) {
            lastValue++;
            String list = group.values().get(0).asText();
            Row row = SinkViews.row(list, lastValue, checkpoint);
            queue.offer(row);
            return row;
        }

        private void settle() {
            checkpoint(true);
            for (int i = 0; i < 10_000 && !queue.drained(); i++) {
                send();
                List<Row> all = List.copyOf(unanswered);
                unanswered.clear();
                all.forEach(row -> answer(row, random.nextInt(8)));
                now += 1_000;
            }
            inTheWild.forEach(this::land);
        }
    }
}
