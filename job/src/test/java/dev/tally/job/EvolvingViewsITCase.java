package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTables;
import dev.tally.source.simulated.Workload;
import dev.tally.testing.LocalDynamoDb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A third view is added to a savepoint of two, over a table whose scan takes some seconds: it shows
 * nothing until it is complete, while the others show each change as soon as ever.
 */
class EvolvingViewsITCase {

    /** As {@link TestJob} has it. */
    private static final Duration CHECKPOINTS = Duration.ofMillis(300);

    private static final Duration LATE = CHECKPOINTS.plusSeconds(1);
    private static final int TASKS = 1_500;

    /** A segment is a page of a unit at least, so that a scan takes some seconds. */
    private static final List<String> OPTIONS = List.of("-Dsource.scan.segments=60");

    private static final int UNITS_A_SECOND = 8;

    private static final List<String> FIRST = view("evolving-counts", "ListId", "committed");
    private static final List<String> SECOND = view("evolving-now", "ListId", "eager");
    private static final List<String> THIRD = view("evolving-titles", "Title", "committed");

    private final SimulatedTables tables = new SimulatedTables(getClass().getName());
    private final Workload workload = new Workload(23, 2 * TASKS, 12);
    private SimulatedTable table;

    private static List<String> view(String name, String group, String freshness) {
        return List.of(
                "  " + name + ":",
                "    table: tasks",
                "    group-by: [" + group + "]",
                "    measures: { Tasks: count }",
                "    to: { table: " + name + ", freshness: " + freshness + " }");
    }

    private static String[] file(List<?>... views) {
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "tables: { tasks: { name: todoListTask, scan.read-capacity: "
                                        + UNITS_A_SECOND
                                        + " } }",
                                "views:"));
        Arrays.stream(views).forEach(view -> view.forEach(line -> lines.add(line.toString())));
        return lines.toArray(new String[0]);
    }

    @BeforeEach
    void serve() {
        table =
                new SimulatedTable(
                        "todoListTask",
                        Workload.KEY,
                        ViewType.NEW_AND_OLD_IMAGES,
                        2,
                        23,
                        System::currentTimeMillis);
        for (int i = 0; i < TASKS; i++) {
            workload.add().applyTo(table);
        }
        tables.serve(table, Faults.none());
    }

    @AfterEach
    void clear() {
        tables.clear();
    }

    @Test
    void onlyTheNewOneIsHeld(@TempDir Path folder) throws Exception {
        String savepoint;
        try (TestJob job = TestJob.of(folder, OPTIONS, file(FIRST, SECOND)).reading(tables)) {
            job.start(2);
            job.awaitExact();
            savepoint = job.stop();
        }
        List<Duration> late = new ArrayList<>();
        try (TestJob job =
                TestJob.of(folder, OPTIONS, file(FIRST, SECOND, THIRD)).reading(tables)) {
            job.start(2, savepoint);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> "ready".equals(job.statusOf("evolving-counts", "State")));
            probe("warm");
            for (int i = 0; building(job); i++) {
                Duration took = probe("probe-" + i);
                List<Map<String, AttributeValue>> rows = scan("evolving-titles");
                if (building(job)) {
                    late.add(took);
                    rows.forEach(this::assertComplete);
                }
            }
            job.awaitExact();
            assertThat(job.statusOf("evolving-titles", "Reason")).isEqualTo("views");
            long titles = table.items().stream().map(item -> item.get("Title")).distinct().count();
            assertThat(scan("evolving-titles")).hasSize((int) titles);
        }
        late.sort(null);
        System.out.printf(
                "%d changes while a view was built: to the rows of another in %d to %d ms%n",
                late.size(), late.get(0).toMillis(), late.get(late.size() - 1).toMillis());
        assertThat(late).hasSizeGreaterThan(2);
        assertThat(late.get(late.size() / 2)).isLessThan(LATE);
    }

    /** Rows come a moment before the status says so, and never with a part of the table. */
    private void assertComplete(Map<String, AttributeValue> row) {
        String title = row.get("Title").s();
        if (!title.equals("Buy the milk")) {
            long tasks =
                    table.items().stream()
                            .filter(item -> Value.text(title).equals(item.get("Title")))
                            .count();
            assertThat(row.get("Tasks").n()).isEqualTo(Long.toString(tasks));
        }
    }

    private static boolean building(TestJob job) {
        return !"ready".equals(job.statusOf("evolving-titles", "State"));
    }

    /** How long a task on a list of its own takes to the row of that list. */
    private Duration probe(String list) {
        long begun = System.nanoTime();
        table.put(
                Item.of(
                        Map.of(
                                "TaskId", Value.text(list),
                                "ListId", Value.text(list),
                                "Title", Value.text("Buy the milk"))));
        Map<String, AttributeValue> key = Map.of("ListId", AttributeValue.fromS(list));
        DynamoDbClient client = LocalDynamoDb.shared().client();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () ->
                                client.getItem(get -> get.tableName("evolving-counts").key(key))
                                        .hasItem());
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static List<Map<String, AttributeValue>> scan(String name) {
        return LocalDynamoDb.shared().client().scan(scan -> scan.tableName(name)).items();
    }
}
