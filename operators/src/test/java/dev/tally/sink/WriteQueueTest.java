package dev.tally.sink;

import static dev.tally.sink.SinkViews.eager;
import static dev.tally.sink.SinkViews.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WriteQueueTest {

    private static final long SUBMISSION = 7;
    private static final int IN_FLIGHT = 4;

    /** One entry of a test row takes some 450 bytes: room for a few. */
    private static final long FEW = 2_000;

    private static final long MANY = 1 << 20;

    private final MemoryStore store = new MemoryStore();

    @Nested
    class Rows {

        @Test
        void waitForTheirCheckpoint() {
            WriteQueue queue = queue(MANY);
            queue.offer(row("a", 1, 5));
            assertThat(queue.next(0)).isNull();
            queue.completed(4);
            assertThat(queue.next(0)).isNull();
            queue.completed(5);
            assertThat(queue.next(0)).isEqualTo(row("a", 1, 5));
            assertThat(queue.next(0)).isNull();
        }

        @Test
        void ofAnAbortedCheckpointGoWithTheNext() {
            WriteQueue queue = queue(MANY);
            queue.offer(row("a", 1, 5));
            queue.completed(6);
            assertThat(queue.next(0)).isEqualTo(row("a", 1, 5));
        }

        @Test
        void thatAreEagerGoAtOnce() {
            WriteQueue queue = queue(MANY);
            queue.offer(eager("a", 1, 5, 1));
            assertThat(queue.next(0)).isEqualTo(eager("a", 1, 5, 1));
        }

        @Test
        void areReplacedByNewerOnesOfTheirGroup() {
            WriteQueue queue = queue(MANY);
            queue.offer(row("a", 1, 5));
            queue.offer(row("a", 2, 6));
            queue.completed(6);
            assertThat(queue.next(0)).isEqualTo(row("a", 2, 6));
            assertThat(queue.next(0)).isNull();
            assertThat(queue.replaced()).isEqualTo(1);
        }

        @Test
        void areNeverReplacedByOlderOnes() {
            WriteQueue queue = queue(MANY);
            queue.offer(eager("a", 9, 6, 3));
            queue.offer(row("a", 8, 6));
            queue.completed(6);
            assertThat(queue.next(0)).isEqualTo(eager("a", 9, 6, 3));
        }

        @Test
        void ofOneGroupGoOneAtATime() {
            WriteQueue queue = queue(MANY);
            queue.offer(eager("a", 1, 5, 1));
            Row first = queue.next(0);
            queue.offer(eager("a", 2, 5, 2));
            assertThat(queue.next(0)).isNull();
            queue.settled(first);
            assertThat(queue.next(0)).isEqualTo(eager("a", 2, 5, 2));
        }

        @Test
        void leaveTheStoreWhenTheyAreSettled() {
            WriteQueue queue = queue(MANY);
            queue.offer(eager("a", 1, 5, 1));
            queue.offer(row("a", 2, 6));
            assertThat(queue.backlog()).isEqualTo(1);
            queue.settled(queue.next(0));
            queue.completed(6);
            queue.settled(queue.next(0));
            assertThat(store.pending).isEmpty();
            assertThat(queue.backlog()).isZero();
            assertThat(queue.drained()).isTrue();
        }

        @Test
        void areAsManyAtATimeAsAllowed() {
            WriteQueue queue = queue(MANY);
            for (int i = 0; i < 2 * IN_FLIGHT; i++) {
                queue.offer(eager("list-" + i, i, 5, 1));
            }
            assertThat(take(queue, 0)).hasSize(IN_FLIGHT);
            assertThat(queue.wakeAt(0)).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Nested
    class Repeats {

        @Test
        void waitLongerEachTimeWithinABound() {
            WriteQueue queue = queue(MANY);
            queue.offer(eager("a", 1, 5, 1));
            long now = 0;
            long most = 50;
            for (int attempt = 0; attempt < 12; attempt++) {
                Row row = queue.next(now);
                queue.repeat(row, false, now);
                long wake = queue.wakeAt(now);
                assertThat(wake - now).isBetween(most / 2, most);
                assertThat(queue.next(wake - 1)).isNull();
                now = wake;
                most = Math.min(10_000, 2 * most);
            }
            assertThat(queue.next(now)).isEqualTo(eager("a", 1, 5, 1));
        }

        @Test
        void sendTheNewestRow() {
            WriteQueue queue = queue(MANY);
            queue.offer(eager("a", 1, 5, 1));
            Row first = queue.next(0);
            queue.offer(eager("a", 2, 5, 2));
            queue.repeat(first, false, 0);
            assertThat(queue.next(queue.wakeAt(0))).isEqualTo(eager("a", 2, 5, 2));
        }

        @Test
        void ofThrottledRowsHalveTheAttemptsUntilRowsAreWrittenAgain() {
            WriteQueue queue = queue(MANY);
            for (int i = 0; i < 40; i++) {
                queue.offer(eager("list-" + i, i, 5, 1));
            }
            List<Row> sent = take(queue, 0);
            sent.forEach(row -> queue.repeat(row, true, 0));
            List<Row> one = take(queue, 0);
            assertThat(one).hasSize(1);

            queue.settled(one.get(0));
            assertThat(drain(queue)).isEqualTo(35);
            queue.completed(5);
            for (int i = 0; i < 9; i++) {
                queue.offer(eager("more-" + i, i, 5, 1));
            }
            assertThat(take(queue, 0)).hasSize(IN_FLIGHT);
        }
    }

    @Test
    void letsASecondsWorthThroughAndThenDrips() {
        WriteQueue queue = queue(MANY, new TokenBucket(2, 0), 0);
        for (int i = 0; i < 4; i++) {
            queue.offer(eager("list-" + i, i, 5, 1));
        }
        assertThat(take(queue, 0)).hasSize(2);
        assertThat(queue.wakeAt(0)).isEqualTo(500);
        assertThat(queue.next(499)).isNull();
        assertThat(queue.next(500)).isNotNull();
        assertThat(queue.next(500)).isNull();
    }

    @Nested
    class Memory {

        @Test
        void isBoundedAndTheStoreHasTheRest() {
            WriteQueue queue = queue(FEW);
            for (int i = 0; i < 100; i++) {
                queue.offer(row("list-" + i, i, 5));
            }
            assertThat(store.pending).hasSize(100);
            assertThat(queue.backlog()).isEqualTo(100);
            queue.completed(5);

            int written = drain(queue);

            assertThat(written).isEqualTo(100);
            assertThat(store.pending).isEmpty();
            assertThat(queue.backlog()).isZero();
            assertThat(queue.written()).isEqualTo(5);
        }

        @Test
        void doesNotLookOutsideForRowsThatStillWait() {
            WriteQueue queue = queue(FEW);
            for (int i = 0; i < 100; i++) {
                queue.offer(row("list-" + i, i, i < 50 ? 5 : 6));
            }
            queue.completed(5);
            assertThat(drain(queue)).isEqualTo(50);
            int visits = store.visits;
            queue.offer(eager("other", 1, 5, 1));
            assertThat(drain(queue)).isEqualTo(1);
            assertThat(store.visits).isEqualTo(visits);
            assertThat(queue.drained()).isTrue();
            queue.completed(6);
            assertThat(drain(queue)).isEqualTo(50);
        }
    }

    @Nested
    class Outside {

        @Test
        void anEagerRowOfAGroupThatWaitsOutsideGoesAtOnce() {
            WriteQueue before = queue(MANY);
            before.offer(row("a", 1, 6));
            WriteQueue after = queue(MANY, new TokenBucket(0, 0), 5);
            after.restore();

            after.offer(eager("a", 2, 5, 1));

            assertThat(take(after, 0)).containsExactly(eager("a", 2, 5, 1));
            assertThat(after.backlog()).isEqualTo(1);
        }

        @Test
        void aMemoryFullOfRowsThatWaitLetsEagerOnesIn() {
            WriteQueue queue = queue(FEW);
            for (int i = 0; i < 100; i++) {
                queue.offer(row("list-" + i, i, 6));
            }
            for (int i = 0; i < 30; i++) {
                queue.offer(eager("more-" + i, i, 5, 1));
            }
            assertThat(drain(queue)).isEqualTo(30);
            assertThat(queue.backlog()).isEqualTo(100);
        }
    }

    @Nested
    class Restores {

        @Test
        void writeAgainWhatTheirCheckpointHad() {
            WriteQueue before = queue(MANY);
            before.offer(row("a", 1, 5));
            before.offer(row("b", 1, 6));

            WriteQueue after = queue(MANY, new TokenBucket(0, 0), 5);
            assertThat(after.restore()).isZero();

            assertThat(take(after, 0)).containsExactly(row("a", 1, 5));
            assertThat(after.backlog()).isEqualTo(2);
            after.completed(6);
            assertThat(take(after, 0)).containsExactly(row("b", 1, 6));
        }

        @Test
        void dropRowsOfEarlierSubmissions() {
            for (int i = 0; i < 25_000; i++) {
                GroupKey group = SinkViews.group("list-" + i);
                store.put(group, Pending.none(6).with(row("list-" + i, 1, 5), 0));
            }
            store.put(SinkViews.group("a"), Pending.none(7).with(row("a", 1, 5), 0));

            WriteQueue queue = queue(MANY, new TokenBucket(0, 0), 5);

            assertThat(queue.restore()).isEqualTo(25_000);
            assertThat(store.pending.keySet()).containsExactly(SinkViews.group("a"));
            assertThat(queue.backlog()).isEqualTo(1);
        }
    }

    @Nested
    class Written {

        @Test
        void movesWhenEveryRowOfTheCheckpointIsSettled() {
            WriteQueue queue = queue(MANY);
            queue.offer(row("a", 1, 5));
            queue.offer(row("b", 1, 5));
            queue.completed(5);
            List<Row> sent = take(queue, 0);
            queue.settled(sent.get(0));
            assertThat(queue.written()).isZero();
            queue.settled(sent.get(1));
            assertThat(queue.written()).isEqualTo(5);
            queue.completed(6);
            assertThat(queue.written()).isEqualTo(6);
        }

        @Test
        void doesNotWaitForEagerRows() {
            WriteQueue queue = queue(MANY);
            queue.offer(eager("a", 1, 5, 1));
            queue.next(0);
            queue.completed(6);
            assertThat(queue.written()).isEqualTo(6);
        }

        @Test
        void waitsForTheNewerRowThatStandsForACommittedOne() {
            WriteQueue queue = queue(MANY);
            queue.offer(row("a", 1, 5));
            queue.completed(5);
            Row first = queue.next(0);
            queue.offer(eager("a", 2, 5, 1));
            queue.repeat(first, false, 0);
            assertThat(queue.written()).isZero();
            queue.settled(queue.next(1_000));
            assertThat(queue.written()).isEqualTo(5);
        }
    }

    private WriteQueue queue(long bytes) {
        return queue(bytes, new TokenBucket(0, 0), 0);
    }

    private WriteQueue queue(long bytes, TokenBucket rate, long completed) {
        return new WriteQueue(store, SUBMISSION, IN_FLIGHT, bytes, rate, completed, new Random(1));
    }

    private List<Row> take(WriteQueue queue, long now) {
        List<Row> rows = new ArrayList<>();
        for (Row row = queue.next(now); row != null; row = queue.next(now)) {
            rows.add(row);
        }
        return rows;
    }

    private int drain(WriteQueue queue) {
        int settled = 0;
        for (Row row = queue.next(0); row != null; row = queue.next(0)) {
            queue.settled(row);
            settled++;
        }
        return settled;
    }

    /** What keyed state is in the operator. */
    static final class MemoryStore implements WriteQueue.Store {
        final Map<GroupKey, Pending> pending = new HashMap<>();
        int visits;

        @Override
        public Pending get(GroupKey group) {
            return pending.get(group);
        }

        @Override
        public void put(GroupKey group, Pending value) {
            if (value.isEmpty()) {
                pending.remove(group);
            } else {
                pending.put(group, value);
            }
        }

        @Override
        public void visit(Predicate<GroupKey> visitor) {
            visits++;
            for (GroupKey group : new ArrayList<>(pending.keySet())) {
                if (!visitor.test(group)) {
                    return;
                }
            }
        }
    }
}
