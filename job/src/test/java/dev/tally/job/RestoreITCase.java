package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.testing.LocalDynamoDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a savepoint holds of views and feeds that are gone: refused by name, kept, or cleared. */
class RestoreITCase {

    private static final String HEAD = "tables: { tasks: { name: restore-tasks } }";
    private static final List<String> COUNTS = view("counts", "fail");
    private static final List<String> KEPT = view("kept", "keep");
    private static final List<String> GONE = view("gone", "delete-rows");
    private static final String FEED =
            "feeds: { changes: { table: tasks, to: { stream: restore-changes } } }";

    private static List<String> view(String name, String removed) {
        return List.of(
                "  " + name + ":",
                "    table: tasks",
                "    group-by: [ListId]",
                "    measures: " + TaskTraffic.MEASURES,
                "    removed-view: " + removed,
                "    to: { table: restore-" + name + " }");
    }

    private static String[] file(String feed, List<?>... views) {
        List<String> lines = new ArrayList<>(List.of(HEAD, "views:"));
        Arrays.stream(views).forEach(view -> view.forEach(line -> lines.add(line.toString())));
        lines.add(feed);
        return lines.toArray(new String[0]);
    }

    @Test
    void saysWhatMayGoAndClearsIt(@TempDir Path folder) throws Exception {
        TestTable tasks = new TestTable("restore-tasks", TestTable.TASK_ID);
        TaskTraffic traffic = new TaskTraffic(tasks, 6, 3);
        traffic.add(40);
        String savepoint;
        try (TestJob job = TestJob.of(folder, file(FEED, COUNTS, KEPT, GONE))) {
            job.start(2);
            job.awaitExact();
            savepoint = job.stop();
        }
        assertThat(TaskTraffic.rows("restore-gone")).isEqualTo(traffic.recount());

        refuses(folder, savepoint, List.of(), file(FEED, KEPT, GONE))
                .hasMessageContaining("without view counts")
                .hasMessageContaining("removed-view is fail");
        refuses(folder, savepoint, List.of(), file("", COUNTS, KEPT, GONE))
                .hasMessageContaining("1 operators that belong to nothing")
                .hasMessageContaining("--drop NAME");
        otherParallelism(folder, savepoint);

        traffic.change(30);
        List<String> drop = List.of("--drop", "changes");
        try (TestJob job = TestJob.of(folder, drop, file("", COUNTS))) {
            job.start(1, savepoint);
            job.awaitExact();
            job.stop();
            assertThat(job.verify().text()).contains("all equal");
        }
        assertThat(TaskTraffic.rows("restore-counts")).isEqualTo(traffic.recount());
        assertThat(TaskTraffic.rows("restore-kept")).hasSize(6);
        assertThat(LocalDynamoDb.shared().client().scan(s -> s.tableName("restore-gone")).items())
                .isEmpty();
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refuses(
            Path folder, String savepoint, List<String> options, String... views) {
        return assertThatThrownBy(
                        () -> {
                            try (TestJob job = TestJob.of(folder, options, views)) {
                                job.start(1, savepoint);
                            }
                        })
                .isInstanceOf(UserError.class);
    }

    private static void otherParallelism(Path folder, String savepoint) throws Exception {
        try (TestJob job = TestJob.of(folder, file(FEED, COUNTS, KEPT, GONE))) {
            Configuration flink = new Configuration();
            flink.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
            flink.set(org.apache.flink.configuration.PipelineOptions.MAX_PARALLELISM, 64);
            assertThatThrownBy(() -> Restore.of(flink, job.config()))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("cannot restore items-tasks of savepoint")
                    .hasMessageContaining(
                            "its maximum parallelism is 128, pipeline.max-parallelism is 64 now");
        }
    }
}
