package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.Value;
import dev.tally.testing.HoldingProxy;
import dev.tally.testing.HoldingProxy.Fate;
import dev.tally.testing.LocalDynamoDb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two jobs on one target: what the older one still sends, however late, never wins. */
class TwinsITCase {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HoldingProxy proxy = new HoldingProxy(LocalDynamoDb.shared().endpoint());

    @AfterEach
    void close() {
        proxy.close();
    }

    private static String[] views(String name) {
        return new String[] {
            "tables: { tasks: { name: " + name + "-tasks } }",
            "views:",
            "  twin:",
            "    table: tasks",
            "    group-by: [ListId]",
            "    measures: " + TaskTraffic.MEASURES,
            "    to: { table: " + name + "-counts }"
        };
    }

    @Test
    void theOlderStopsByNameAndTheNewerIsExact(@TempDir Path folder) throws Exception {
        TestTable tasks = new TestTable("twin-tasks", TestTable.TASK_ID);
        TaskTraffic traffic = new TaskTraffic(tasks, 10, 5);
        traffic.add(50);
        try (TestJob older = TestJob.behind(proxy.endpoint(), folder, views("twin"));
                TestJob newer = TestJob.of(folder, views("twin"))) {
            older.start(2);
            older.awaitExact();
            try (GuardWatch watch = new GuardWatch("twin-counts", "twin")) {
                traffic.change(20);
                newer.start(2);
                String submission = older.statusOf("twin", "Submission");
                long first = older.checkpoints();
                long last = first;
                while (!older.hasEnded()) {
                    traffic.change(1);
                    boolean taken = !submission.equals(older.statusOf("twin", "Submission"));
                    last = Math.max(last, older.checkpoints());
                    first = taken ? first : last;
                }
                assertThat(older.failure())
                        .contains("a newer submission has taken over")
                        .contains(submission)
                        .contains("This job stops; leave the newer one running.");
                assertThat(last - first).as("checkpoints after the take-over").isLessThan(3);
                newer.awaitExact();
                traffic.change(20);
                newer.awaitExact();
                assertThat(watch.decreases()).isEmpty();
                assertThat(watch.polls()).isGreaterThan(20);
            }
            newer.stop();
            assertThat(newer.verify().code()).isZero();
            assertThat(TaskTraffic.rows("twin-counts")).isEqualTo(traffic.recount());
        }
    }

    /** A zombie's write: its job is gone, the newer one has found all rows right, then it lands. */
    @Test
    void aWriteHeldBackUntilTheNewerHasReconciledLoses(@TempDir Path folder) throws Exception {
        TestTable tasks = new TestTable("zombie-tasks", TestTable.TASK_ID);
        TaskTraffic traffic = new TaskTraffic(tasks, 5, 6);
        traffic.add(30);
        diesWhileItWrites(folder, "zombie", traffic::add);
        tasks.delete(traffic.newest());

        try (TestJob newer = TestJob.of(folder, views("zombie"))) {
            newer.start(2);
            newer.awaitExact();
            assertThat(TaskTraffic.rows("zombie-counts")).isEqualTo(traffic.recount());
            try (GuardWatch watch = new GuardWatch("zombie-counts", "twin")) {
                CompletableFuture<Void> landed = proxy.release();
                landed.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                newer.awaitExact();
                assertThat(TaskTraffic.rows("zombie-counts")).isEqualTo(traffic.recount());
                assertThat(watch.decreases()).isEmpty();
            }
            newer.stop();
            assertThat(newer.verify().code()).isZero();
        }
    }

    /**
     * The same with a row that the newer one never had: nothing is there whose guard refuses it.
     */
    @Test
    void aWriteOfARowThatTheNewerNeverHadIsWrittenOver(@TempDir Path folder) throws Exception {
        TestTable tasks = new TestTable("ghost-tasks", TestTable.TASK_ID);
        TaskTraffic traffic = new TaskTraffic(tasks, 5, 7);
        traffic.add(30);
        Value task = Value.text("of a list that is not there for long");
        Item item = Item.of(Map.of("TaskId", task, "ListId", Value.text("ghost")));
        diesWhileItWrites(folder, "ghost", () -> tasks.put(item));
        tasks.delete(ItemKey.of(List.of(task)));

        List<String> soon = List.of("-Dlate-writes.limit=12 s");
        try (TestJob newer = TestJob.of(folder, soon, views("ghost"))) {
            newer.start(2);
            newer.awaitExact();
            assertThat(count("ghost-counts", "ghost")).isEqualTo("no row");
            proxy.release().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(count("ghost-counts", "ghost")).isEqualTo("1");
            await().atMost(LIMIT).until(() -> count("ghost-counts", "ghost").equals("0"));
            newer.stop();
            assertThat(newer.verify().code()).isZero();
        }
    }

    /** A job that is gone when the write that a change of its table makes is still on its way. */
    private void diesWhileItWrites(Path folder, String name, Runnable change) throws Exception {
        TestJob older = TestJob.behind(proxy.endpoint(), folder, views(name));
        older.start(2);
        older.awaitExact();
        String target = "\"TableName\":\"" + name + "-counts\"";
        proxy.next(1_000, "UpdateItem", target, Fate.HOLD);
        change.run();
        await().atMost(LIMIT).until(() -> proxy.held() > 0);
        older.close();
    }

    private static String count(String table, String list) {
        List<String> row = TaskTraffic.rows(table).get(list);
        return row == null ? "no row" : row.get(0);
    }
}
