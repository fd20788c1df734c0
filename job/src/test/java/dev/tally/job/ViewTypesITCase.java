package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTables;
import dev.tally.source.simulated.Workload;
import dev.tally.testing.LocalDynamoDb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.core.execution.JobClient;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The same operations on streams with and without old images, and through Apache's reader, give
 * rows that are the same but for their guards, and equal to a recount.
 */
class ViewTypesITCase {

    private static final int SIMULATED = 20_000;
    private static final int LOCAL = Integer.getInteger("tally.local.operations", 600);
    private static final List<String> KINDS = List.of("both", "new", "apache");

    private static ConditionFactory await() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200));
    }

    @Test
    void oldImagesMakeNoDifference() throws Exception {
        SimulatedTable both = table(ViewType.NEW_AND_OLD_IMAGES);
        SimulatedTable fresh = table(ViewType.NEW_IMAGE);
        Workload workload = new Workload(3, 2_000, 50);
        TableJob.Traffic traffic = new TableJob.Traffic(workload, SIMULATED, both, fresh);
        traffic.goOn(1_000);
        try (Running old = new Running(both, "types-both", traffic);
                Running only = new Running(fresh, "types-new", traffic)) {
            await().until(traffic::ended);
            await().untilAsserted(
                            () -> {
                                assertThat(old.job.rows()).isEqualTo(old.job.recount());
                                assertThat(only.job.rows()).isEqualTo(only.job.recount());
                            });
            assertThat(old.job.rows()).hasSize(50).isEqualTo(only.job.rows());
        }
    }

    private static SimulatedTable table(ViewType viewType) {
        return new SimulatedTable(
                "todoListTask", Workload.KEY, viewType, 2, 3, System::currentTimeMillis);
    }

    /** A job of its own for each table; requests of either let the traffic go on. */
    private static final class Running implements AutoCloseable {
        private final SimulatedTables tables;
        private final TableJob job;
        private final JobClient client;

        Running(SimulatedTable table, String target, TableJob.Traffic traffic) throws Exception {
            tables = new SimulatedTables(target);
            tables.serve(
                    table,
                    Faults.none(),
                    step -> {
                        traffic.goOn(20);
                        step.run();
                    });
            job = new TableJob(table, target);
            client = job.start(tables, target.endsWith("new"), 3);
        }

        @Override
        public void close() {
            client.cancel().join();
            tables.clear();
            job.close();
        }
    }

    @Test
    void norDoesTheReader(@TempDir Path folder) throws Exception {
        TestTable both = new TestTable("types-tasks-both", TestTable.TASK_ID);
        TestTable fresh = new TestTable("types-tasks-new", TestTable.TASK_ID, "NEW_IMAGE");
        TestTable apache = new TestTable("types-tasks-apache", TestTable.TASK_ID);
        List<TaskTraffic> traffic =
                List.of(both, fresh, apache).stream()
                        .map(table -> new TaskTraffic(table, 20, 9))
                        .collect(Collectors.toList());
        traffic.forEach(each -> each.change(LOCAL / 4));
        try (TestJob job = TestJob.of(folder, views())) {
            job.start(2);
            traffic.forEach(each -> each.change(LOCAL - LOCAL / 4));
            await().untilAsserted(
                            () -> {
                                for (String kind : KINDS) {
                                    assertThat(TaskTraffic.rows("types-of-" + kind))
                                            .as(kind)
                                            .isEqualTo(traffic.get(0).recount());
                                }
                            });
            job.stop();
            TestJob.Verdict verdict = job.verify();
            assertThat(verdict.code()).as(verdict.text()).isZero();
            assertThat(values("new")).isEqualTo(values("both"));
            assertThat(values("apache")).isEqualTo(values("both"));
        }
    }

    private static String[] views() {
        StringBuilder text = new StringBuilder("tables:\n");
        text.append("  both: { name: types-tasks-both }\n  new: { name: types-tasks-new }\n");
        text.append("  apache: { name: types-tasks-apache, reader: apache,");
        text.append(" start: trim-horizon }\nviews:\n");
        for (String kind : KINDS) {
            text.append("  of-").append(kind).append(":\n    table: ").append(kind);
            text.append("\n    group-by: [ListId]\n    measures: ").append(TaskTraffic.MEASURES);
            text.append("\n    to: { table: types-of-").append(kind).append(" }\n");
        }
        return text.toString().split("\n");
    }

    /** All attributes of all rows but the guards. */
    private static Map<String, Map<String, AttributeValue>> values(String kind) {
        Map<String, Map<String, AttributeValue>> rows = new TreeMap<>();
        for (Map<String, AttributeValue> row :
                LocalDynamoDb.shared()
                        .client()
                        .scan(scan -> scan.tableName("types-of-" + kind))
                        .items()) {
            Map<String, AttributeValue> values = new TreeMap<>(row);
            values.remove("_tally_of-" + kind);
            rows.put(row.get("ListId").s(), values);
        }
        return rows;
    }
}
