package dev.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tally.item.Value;
import dev.tally.job.Commands;
import dev.tally.job.Feed;
import dev.tally.job.PropertiesFile;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    private static final Pattern STOPPED = Pattern.compile("stopped with savepoint (\\S+)");

    private final Path folder;
    private final DynamoDbProcess dynamoDb;
    private final RealCluster cluster;
    private final Traffic traffic;
    private final RowWatch rows;
    private final StatusTable status;
    private final Killer killer;
    private Path properties;
    private String savepoint;

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
        properties = PropertiesFile.write(folder, options());
        cluster.submit(RealCluster.PARALLELISM, named());
        rows.start();
    }

    /** All that the job is told, as on Amazon Managed Flink. */
    private List<String> named() {
        return List.of("--application-properties", properties.toString());
    }

    private Map<String, String> options() {
        return Map.of(
                "views.uri",
                folder.resolve("views.yaml").toUri().toString(),
                "dynamodb.endpoint",
                dynamoDb.endpoint(),
                "feed.directory",
                feeds().toUri().toString(),
                "create-tables",
                "true",
                "status.table",
                STATUS,
                "source.scan.segments",
                "60",
                "source.time-precision",
                "1 min");
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
        stop();
        long reads = rows.reads();
        await().atMost(LIMIT).until(() -> rows.reads() > reads + 1);
        rows.close();

        int groups = traffic.recount().size();
        List<String> wrong = wrongGroups(rows);
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

    private void stop() throws Exception {
        String said = cluster.stop();
        assertThat(said).contains("resume with: scripts/submit.sh cluster run");
        Matcher stopped = STOPPED.matcher(said);
        assertThat(stopped.find()).as(said).isTrue();
        savepoint = stopped.group(1);
    }

    /**
     * After {@link #assertAllHolds}: restores the job with another parallelism, after writes that
     * it did not see.
     */
    void assertHoldsRestoredAt(int parallelism) throws Exception {
        traffic.fill(100);
        List<String> words = new ArrayList<>(named());
        words.addAll(List.of("--from-savepoint", savepoint));
        cluster.submit(parallelism, words);
        Instant now = Instant.now();
        await().atMost(LIMIT).until(() -> !exactAsOf().isBefore(now));
        assertThat(wrongGroups(rows)).isEmpty();
        assertThat(verify()).contains("all equal").endsWith("exit code 0");
    }

    private Instant exactAsOf() {
        Value asOf = status.read(VIEW).get("ExactAsOf");
        return asOf == null ? Instant.EPOCH : Instant.parse(asOf.asText());
    }

    private List<String> wrongGroups(RowWatch rows) {
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
        words.addAll(named());
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
