package dev.tally.bench.local;

import dev.tally.item.Item;
import dev.tally.job.LocalServices;
import dev.tally.job.PipelineConfig;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTables;
import dev.tally.source.simulated.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many requests at the target a change costs, when many changes meet few groups: of committed
 * rows, of eager ones, and the Lambda way. The source table is simulated, since DynamoDB Local does
 * not take so many writes; nor does it take rows as fast as DynamoDB, so a proxy before it counts
 * the updates and answers them.
 */
final class HotGroups {

    private static final int PER_SECOND = 10_000;
    private static final int LISTS = 200;
    private static final int TASKS = 20_000;
    private static final int SHARDS = 4;
    private static final double WRITES = 0.05;

    private HotGroups() {}

    /**
     * @param warmUp seconds before the first change that counts
     * @param seconds of changes that count
     */
    static List<Line> measure(Path folder, int warmUp, int seconds) throws Exception {
        PipelineConfig.useLocalCredentials();
        SimulatedTable table =
                new SimulatedTable(
                        Tasks.TABLE,
                        Workload.KEY,
                        ViewType.NEW_AND_OLD_IMAGES,
                        SHARDS,
                        4,
                        System::currentTimeMillis);
        SimulatedTables sources = new SimulatedTables("bench-hot-groups");
        sources.serve(table, Faults.none());
        Workload workload = new Workload(4, TASKS, LISTS);
        for (int i = 0; i < TASKS / 2; i++) {
            table.put(workload.add().after());
        }
        LongAdder adds = new LongAdder();
        try (LocalServices services = new LocalServices(folder)) {
            try (Requests requests =
                            new Requests(
                                    services.startDynamoDb(LocalServices.freePort()),
                                    Set.of(Tasks.COMMITTED, Tasks.EAGER));
                    LocalTally tally =
                            new LocalTally(folder, requests.endpoint(), Tasks.VIEWS)
                                    .reading(sources)) {
                tally.start(null);
                try (Traffic traffic =
                        new Traffic(
                                workload, change -> adds.add(apply(change, table)), PER_SECOND)) {
                    traffic.start();
                    TimeUnit.SECONDS.sleep(warmUp);
                    long changes = traffic.written();
                    long addsBefore = adds.sum();
                    long committed = requests.updates(Tasks.COMMITTED);
                    long eager = requests.updates(Tasks.EAGER);
                    TimeUnit.SECONDS.sleep(seconds);
                    double counted = traffic.written() - changes;
                    return lines(
                            counted / seconds,
                            (requests.updates(Tasks.COMMITTED) - committed) / counted,
                            (requests.updates(Tasks.EAGER) - eager) / counted,
                            (adds.sum() - addsBefore) / counted);
                }
            }
        } finally {
            sources.clear();
        }
    }

    /** Returns how many calls the Lambda way would make of it. */
    private static int apply(Workload.Operation change, SimulatedTable table) {
        Item before = table.get(change.keys());
        change.applyTo(table);
        return LambdaWay.calls(before, change.after());
    }

    private static List<Line> lines(double rate, double committed, double eager, double lambda) {
        String at = String.format(Locale.ROOT, " at %,.0f changes/s on %d groups", rate, LISTS);
        return List.of(
                new Line(
                        "requests a change, committed rows, checkpoints of 1 s," + at,
                        String.format(Locale.ROOT, "%.3f", committed),
                        "≤ " + WRITES,
                        committed <= WRITES),
                Line.beside(
                        "requests a change, eager rows every 100 ms," + at,
                        String.format(Locale.ROOT, "%.3f", eager)),
                Line.beside(
                        "requests a change, the Lambda way: one ADD, two if it moves a task",
                        String.format(Locale.ROOT, "%.3f", lambda)));
    }
}
