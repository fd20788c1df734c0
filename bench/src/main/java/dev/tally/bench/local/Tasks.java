package dev.tally.bench.local;

import dev.tally.job.LocalServices;
import dev.tally.job.PipelineConfig;
import dev.tally.sink.ItemTable;
import dev.tally.sink.Tables;
import dev.tally.sink.TargetSettings;
import dev.tally.source.simulated.Workload;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** A table of tasks with its stream in a DynamoDB Local of its own, and views of it. */
final class Tasks implements AutoCloseable {

    static final String TABLE = "todoListTask";

    /** Names of views and of their tables. */
    static final String COMMITTED = "task-count";

    static final String EAGER = "task-count-eager";

    static final String VIEWS =
            """
            tables: { tasks: { name: todoListTask } }
            views:
              task-count:
                table: tasks
                group-by: [ListId]
                measures:
                  TaskCount: count
                  OpenTasks: { count: items, where: { Status: [open] } }
                  Effort: { sum: Effort }
                to: { table: task-count }
              task-count-eager:
                table: tasks
                group-by: [ListId]
                measures: { TaskCount: count, Effort: { sum: Effort } }
                to: { table: task-count-eager, freshness: eager }
            """;

    private final LocalServices services;
    private final URI endpoint;
    private final ItemTable table;

    Tasks(Path folder) throws Exception {
        PipelineConfig.useLocalCredentials();
        services = new LocalServices(Files.createDirectories(folder));
        endpoint = services.startDynamoDb(LocalServices.freePort());
        try (Tables tables = new Tables(settings())) {
            tables.create(TABLE, Workload.KEY, true);
        }
        table = new ItemTable(settings(), TABLE);
    }

    URI endpoint() {
        return endpoint;
    }

    TargetSettings settings() {
        return new TargetSettings("us-east-1", null, endpoint.toString());
    }

    ItemTable table() {
        return table;
    }

    void apply(Workload.Operation operation) {
        if (operation.kind() == Workload.Kind.DELETE) {
            table.delete(operation.keys());
        } else {
            table.put(operation.after());
        }
    }

    @Override
    public void close() throws IOException {
        table.close();
        services.close();
    }
}
