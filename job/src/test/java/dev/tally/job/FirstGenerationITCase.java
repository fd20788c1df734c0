package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTables;
import dev.tally.source.simulated.Workload;
import dev.tally.view.Progress;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.core.execution.JobClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A table that was there before the job, and is written to all the time that it is scanned: before
 * and behind the cursor, while a task fails at half. No row is visible before the generation is
 * complete, and then all are exact.
 */
class FirstGenerationITCase {

    private static final int SIMULATED = 50_000;
    private static final int LOCAL = Integer.getInteger("tally.local.items", 2_500);
    private static final int LISTS = 300;
    private static final int OPERATIONS = 10_000;

    @ParameterizedTest
    @EnumSource(
            value = ViewType.class,
            names = {"NEW_AND_OLD_IMAGES", "NEW_IMAGE"})
    void countsWhatWasThereBefore(ViewType viewType) throws Exception {
        SimulatedTable table =
                new SimulatedTable(
                        "todoListTask", Workload.KEY, viewType, 3, 11, System::currentTimeMillis);
        Workload workload = new Workload(11, SIMULATED + SIMULATED / 5, LISTS);
        for (int i = 0; i < SIMULATED; i++) {
            workload.add().applyTo(table);
        }
        SimulatedTableJob.Traffic traffic =
                new SimulatedTableJob.Traffic(workload, OPERATIONS, table);
        SimulatedTables tables = new SimulatedTables(getClass().getName() + viewType);
        tables.serve(
                table,
                Faults.none(),
                step -> {
                    traffic.goOn(3);
                    step.run();
                });
        SimulatedTableJob job = new SimulatedTableJob(table, "first-generation-" + viewType);
        job.failAfter(SIMULATED / 2);
        JobClient running = job.start(tables, viewType == ViewType.NEW_IMAGE, 8);
        try {
            // The report that the scan is complete comes a checkpoint before the first row.
            await().until(
                            () -> {
                                boolean visible = !job.rows().isEmpty();
                                Progress.Report report = job.report();
                                boolean building =
                                        report == null || report.state() == Progress.State.BUILDING;
                                assertThat(visible && building).as("rows while building").isFalse();
                                return visible;
                            });
            assertThat(job.hasFailed()).isTrue();
            await().until(traffic::ended);
            await().untilAsserted(() -> assertThat(job.rows()).isEqualTo(job.recount()));
            assertThat(job.rows()).hasSize(LISTS);
        } finally {
            running.cancel().get();
            tables.clear();
            job.close();
        }
    }

    private static org.awaitility.core.ConditionFactory await() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(100));
    }

    @Test
    void countsATableOfDynamoDbLocalWhileItIsWritten(@TempDir Path folder) throws Exception {
        TestTable tasks = new TestTable("first-tasks", TestTable.TASK_ID, "NEW_IMAGE");
        TaskTraffic traffic = new TaskTraffic(tasks, 40, 5);
        traffic.add(LOCAL);
        try (TestJob job =
                TestJob.of(
                        folder,
                        "tables: { tasks: { name: first-tasks } }",
                        "views:",
                        "  task-count:",
                        "    table: tasks",
                        "    group-by: [ListId]",
                        "    measures: " + TaskTraffic.MEASURES,
                        "    to: { table: first-counts }")) {
            job.start(2);
            traffic.change(LOCAL / 5);
            job.awaitExact();
            job.stop();
            assertThat(job.verify().text()).contains("all equal");
            assertThat(TaskTraffic.rows("first-counts")).isEqualTo(traffic.recount());
        }
    }
}
