package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Value;
import dev.tally.source.client.AwsTableClients;
import dev.tally.source.client.ClientSettings;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTables;
import dev.tally.source.simulated.Workload;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.GroupKey;
import dev.tally.view.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.flink.core.execution.JobClient;
import org.awaitility.Awaitility;
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

    /** Of the writes that go on until rows are visible: without it the backlog only grows. */
    private static final long PACE_NANOS = 2_000_000;

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
        TableJob.Traffic traffic = new TableJob.Traffic(workload, OPERATIONS, table);
        SimulatedTables tables = new SimulatedTables(getClass().getName() + viewType);
        tables.serve(
                table,
                Faults.none(),
                step -> {
                    traffic.goOn(3);
                    step.run();
                });
        TableJob job = new TableJob(table, "first-generation-" + viewType);
        job.failAfter(SIMULATED / 2);
        JobClient running = job.start(tables, viewType == ViewType.NEW_IMAGE, 8);
        try {
            awaitFirstRows(job);
            assertThat(job.hasFailed()).isTrue();
            await().until(traffic::ended);
            awaitExact(job);
        } finally {
            running.cancel().get();
            tables.clear();
            job.close();
        }
    }

    /** The report that the scan is complete comes a checkpoint before the first row. */
    private static void awaitFirstRows(TableJob job) {
        await().until(
                        () -> {
                            boolean visible = !job.rows().isEmpty();
                            Progress.Report report = job.report();
                            boolean building =
                                    report == null || report.state() == Progress.State.BUILDING;
                            assertThat(visible && building).as("rows while building").isFalse();
                            return visible;
                        });
    }

    /** Nothing is written any more, and no list is empty: one recount is for all looks. */
    private static void awaitExact(TableJob job) {
        Map<GroupKey, List<Value>> recount = job.recount();
        assertThat(recount).hasSize(LISTS);
        await().untilAsserted(() -> assertThat(job.rows()).isEqualTo(recount));
    }

    private static org.awaitility.core.ConditionFactory await() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(100));
    }

    @ParameterizedTest
    @EnumSource(
            value = ViewType.class,
            names = {"NEW_AND_OLD_IMAGES", "NEW_IMAGE"})
    void countsATableOfDynamoDbLocalWhileItIsWritten(ViewType viewType) throws Exception {
        LocalDynamoDb local = LocalDynamoDb.shared();
        String name = "first-tasks-" + viewType;
        TestTable tasks = new TestTable(name, TestTable.TASK_ID, viewType.name());
        Workload workload = new Workload(12, LOCAL + LOCAL / 5, LISTS);
        tasks.fill(Stream.generate(() -> workload.add().after()).limit(LOCAL));
        TableJob job = new TableJob(name, () -> tasks.items().values(), "first-local-" + viewType);
        job.failAfter(LOCAL / 2);
        AtomicBoolean ended = new AtomicBoolean();
        ClientSettings settings =
                ClientSettings.of(LocalDynamoDb.region().id(), null, local.endpoint(), null);
        JobClient running =
                job.start(
                        new AwsTableClients(settings),
                        viewType == ViewType.NEW_IMAGE,
                        8,
                        Duration.ofMinutes(1));
        // Writes from before the first page of the scan until rows are visible, and some more.
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < LOCAL / 5 || !ended.get(); i++) {
                                tasks.apply(workload.next());
                                LockSupport.parkNanos(i < LOCAL / 5 ? 0 : PACE_NANOS);
                            }
                        });
        try {
            awaitFirstRows(job);
            assertThat(job.hasFailed()).isTrue();
            ended.set(true);
            writer.get();
            awaitExact(job);
        } finally {
            ended.set(true);
            running.cancel().get();
            job.close();
        }
    }
}
