package dev.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tally.item.Value;
import dev.tally.job.Commands;
import dev.tally.job.Feed;
import dev.tally.sink.StatusTable;
import dev.tally.sink.TargetSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * All of it: DynamoDB Local, a cluster, foreign clients, a reader of all rows and a feed. And the
 * invariants.
 */
final class World implements AutoCloseable {

    private static final String VIEW = "task-count";
    private static final String TABLE = "chaos-tasks";
    private static final String ROWS = "chaos-counts";
    private static final String STATUS = "chaos-status";
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Path folder;
    private final DynamoDbProcess dynamoDb;
    private final RealCluster cluster;
    private final Traffic traffic;
    private final RowWatch rows;
    private final StatusTable status;
    private final Killer killer;

    /**
     * @param folder of data and logs of all processes
     */
    World(Path folder, int lists) throws Exception {
        this.folder = folder;
        cluster = new RealCluster(folder);
        dynamoDb = new DynamoDbProcess(folder);
        traffic = new Traffic(dynamoDb.client(), TABLE, lists);
        rows = new RowWatch(dynamoDb.client(), ROWS, VIEW);
        status =
                new StatusTable(
                        STATUS,
                        new TargetSettings("us-east-1", null, dynamoDb.endpoint()),
                        Clock.systemUTC());
        killer = new Killer(cluster, rows, status, VIEW);
    }

    Traffic traffic() {
        return traffic;
    }

    Killer killer() {
        return killer;
    }

    /**
     * Starts cluster and job, and the reader of all rows.
     *
     * @param scan the table's scan settings in views.yaml
     */
    void start(String scan) throws Exception {
        cluster.start();
        Files.write(
                folder.resolve("views.yaml"),
                List.of(
                        "tables: { tasks: { name: " + TABLE + scan + " } }",
                        "views:",
                        "  " + VIEW + ":",
                        "    table: tasks",
                        "    group-by: [ListId]",
                        "    measures: " + Traffic.MEASURES,
                        "    to: { table: " + ROWS + " }",
                        "feeds:",
                        "  changes: { table: tasks, to: { stream: chaos-changes } }"));
        cluster.submit(options());
        rows.start();
    }

    private List<String> options() {
        return List.of(
                "--views",
                folder.resolve("views.yaml").toString(),
                "--dynamodb-endpoint",
                dynamoDb.endpoint(),
                "-Dfeed.directory=" + feeds().toUri(),
                "-Dcreate-tables=true",
                "-Dstatus.table=" + STATUS,
                "-Dsource.scan.segments=60",
                "-Dsource.time-precision=1 min");
    }

    private Path feeds() {
        return folder.resolve("feeds");
    }

    boolean isReady() {
        Value state = status.read(VIEW).get("State");
        return state != null && state.asText().equals("ready");
    }

    void awaitReady() {
        await().atMost(LIMIT).until(this::isReady);
    }

    /** What must hold at the end; returns figures of what was compared. */
    String assertAllHolds() throws Exception {
        traffic.end();
        Instant now = Instant.now();
        await().atMost(LIMIT).until(() -> !exactAsOf().isBefore(now));
        assertThat(cluster.stop())
                .contains("stopped with savepoint")
                .contains("resume with: scripts/submit.sh cluster run");
        long reads = rows.reads();
        await().atMost(LIMIT).until(() -> rows.reads() > reads + 1);
        rows.close();

        int groups = traffic.recount().size();
        List<String> wrong = wrongGroups();
        String figures =
                String.format(
                        "%,d operations, %d of %d groups wrong, %d guards decreased in %,d reads of"
                                + " all rows",
                        traffic.operations(),
                        wrong.size(),
                        groups,
                        rows.decreased().size(),
                        rows.reads());
        assertThat(wrong).as(figures).isEmpty();
        assertThat(rows.decreased()).as(figures).isEmpty();
        assertThat(verify()).contains("all equal").endsWith("exit code 0");
        Feed changes = Feed.readFiles(feeds(), Traffic.KEY);
        assertThat(changes.replay(Map.of())).isEqualTo(traffic.items());
        return figures;
    }

    private Instant exactAsOf() {
        Value asOf = status.read(VIEW).get("ExactAsOf");
        return asOf == null ? Instant.EPOCH : Instant.parse(asOf.asText());
    }

    private List<String> wrongGroups() {
        Map<String, List<String>> counted = rows.counts();
        Map<String, List<String>> wanted = traffic.recount();
        TreeSet<String> all = new TreeSet<>(counted.keySet());
        all.addAll(wanted.keySet());
        List<String> wrong = new ArrayList<>();
        for (String list : all) {
            if (!Objects.equals(counted.get(list), wanted.get(list))) {
                wrong.add(list + " is " + counted.get(list) + ", must be " + wanted.get(list));
            }
        }
        return wrong;
    }

    private String verify() {
        List<String> words = new ArrayList<>(List.of("verify"));
        words.addAll(options());
        return Commands.said(words.toArray(new String[0]));
    }

    @Override
    public void close() {
        traffic.close();
        rows.close();
        status.close();
        cluster.close();
        dynamoDb.close();
    }
}
