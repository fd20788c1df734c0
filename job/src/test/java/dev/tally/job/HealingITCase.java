package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tally.item.ItemKey;
import dev.tally.source.client.LocalTables;
import dev.tally.testing.LocalDynamoDb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Records that are lost for good, on DynamoDB Local: a stream that was off while items changed and
 * vanished, while the job runs and while it is down, and a table that was deleted and made anew.
 * With {@code on-gap: resnapshot} every row is right in the end; with {@code fail} the job says
 * what was lost since when.
 */
class HealingITCase {

    private static final String ROWS = "healing-counts";

    private final DynamoDbClient dynamoDb = LocalDynamoDb.shared().client();
    private TestTable tasks = new TestTable("healing-tasks", TestTable.TASK_ID);
    private TaskTraffic traffic = new TaskTraffic(tasks, 12, 11);

    private static String[] views(String onGap) {
        return new String[] {
            "tables: { tasks: { name: healing-tasks, on-gap: " + onGap + " } }",
            "views:",
            "  task-count:",
            "    table: tasks",
            "    group-by: [ListId]",
            "    measures: " + TaskTraffic.MEASURES,
            "    to: { table: " + ROWS + " }"
        };
    }

    @Test
    void endsRightWhateverWasLost(@TempDir Path folder) throws Exception {
        traffic.add(120);
        String savepoint;
        try (TestJob job = TestJob.of(folder, views("resnapshot"))) {
            job.start(2);
            job.awaitExact();
            // Off and on while the job runs: it is read to its end, then the table anew.
            LocalTables.disableStream(dynamoDb, tasks.name());
            changeUnseen();
            LocalTables.enableStream(dynamoDb, tasks.name(), "NEW_AND_OLD_IMAGES");
            awaitReason(job, "gap");
            job.awaitExact();
            assertThat(job.statusOf("task-count", "Gaps")).isEqualTo("1");
            traffic.change(20);
            job.awaitExact();
            savepoint = job.stop();
            exact(job);

            LocalTables.disableStream(dynamoDb, tasks.name());
            changeUnseen();
            LocalTables.enableStream(dynamoDb, tasks.name(), "NEW_AND_OLD_IMAGES");
            job.start(1, savepoint);
            job.awaitExact();
            assertThat(job.statusOf("task-count", "Gaps")).isEqualTo("2");
            savepoint = job.stop();
            exact(job);

            dynamoDb.deleteTable(delete -> delete.tableName(tasks.name()));
            tasks = new TestTable("healing-tasks", TestTable.TASK_ID);
            traffic = new TaskTraffic(tasks, 12, 12);
            traffic.add(40);
            job.start(2, savepoint);
            job.awaitExact();
            job.stop();
            exact(job);
        }
        try (TestJob job = TestJob.of(folder, views("fail"))) {
            job.start(1, savepoint);
            await().atMost(Duration.ofSeconds(60)).until(job::hasEnded);
            assertThat(job.failure())
                    .contains("cannot go on reading table tasks (healing-tasks)")
                    .contains("Changes since 20")
                    .contains("may be lost");
        }
    }

    /** No stream has these. */
    private void changeUnseen() {
        List<ItemKey> keys = tasks.keys();
        for (ItemKey key : keys.subList(0, keys.size() / 3)) {
            tasks.delete(key);
        }
        traffic.change(40);
    }

    private static void awaitReason(TestJob job, String reason) {
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> reason.equals(job.statusOf("task-count", "Reason")));
    }

    private void exact(TestJob job) throws Exception {
        assertThat(job.verify().text()).contains("all equal");
        traffic.recount()
                .forEach(
                        (list, values) ->
                                assertThat(TaskTraffic.rows(ROWS).get(list))
                                        .as(list)
                                        .isEqualTo(values));
    }
}
