package dev.tally.bench.drift;

import dev.tally.bench.local.Scratch;
import dev.tally.bench.run.Result;
import dev.tally.job.LocalServices;
import dev.tally.job.PipelineConfig;
import dev.tally.source.client.TableClient;
import dev.tally.view.TableSpec;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** How many groups are wrong at the end of each story, by who kept them. */
public final class DriftPart {

    /** Makes a keeper of one story. */
    private interface Making {
        Keeper make(Story story, URI target, String rows, Path folder) throws Exception;
    }

    private static final TableSpec TASKS =
            new TableSpec(
                    "tasks",
                    "tasks",
                    null,
                    null,
                    TableSpec.Start.SNAPSHOT,
                    TableSpec.OnGap.RESNAPSHOT,
                    TableSpec.Reader.TALLY,
                    0);

    private DriftPart() {}

    /** {@code --quick} for a short form. */
    public static void main(String[] args) throws Exception {
        Result.save("drift", table(List.of(args).contains("--quick")));
        System.exit(0);
    }

    public static String table(boolean quick) throws Exception {
        // Else the proxy's answers wait for company for 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        PipelineConfig.useLocalCredentials();
        StringBuilder table = new StringBuilder("| groups wrong at the end, of 100 |");
        for (Trouble trouble : Trouble.values()) {
            table.append(' ').append(trouble.words()).append(" |");
        }
        table.append("\n|---|").append("---|".repeat(Trouble.values().length)).append('\n');
        try (Scratch scratch = new Scratch("drift");
                LocalServices services = new LocalServices(scratch.folder("dynamodb"))) {
            URI dynamoDb = services.startDynamoDb(LocalServices.freePort());
            int changes = quick ? 1_000 : 4_000;
            for (Map.Entry<String, Making> keeper : keepers().entrySet()) {
                table.append("| ").append(keeper.getKey()).append(" |");
                for (Trouble trouble : Trouble.values()) {
                    int wrong = wrong(trouble, changes, dynamoDb, scratch, keeper.getValue());
                    table.append(' ').append(wrong).append(" |");
                }
                table.append('\n');
            }
        }
        return table.toString();
    }

    private static Map<String, Making> keepers() {
        Map<String, Making> keepers = new LinkedHashMap<>();
        keepers.put(
                "Tally",
                (story, target, rows, folder) ->
                        new TallyKeeper(folder, target, rows, story.sources(), story.clock()));
        keepers.put(
                "a Lambda function that `ADD`s each record; 2 % of the batches fail half-way",
                (story, target, rows, folder) ->
                        new LambdaKeeper(story.sources().open(TASKS), client(target), rows));
        keepers.put(
                "Apache's consumer, running counts, `DynamoDbSink`",
                (story, target, rows, folder) ->
                        new CountsKeeper(folder, all(story), target, rows, 50));
        keepers.put(
                "the same, the sink with one request at a time",
                (story, target, rows, folder) ->
                        new CountsKeeper(folder, all(story), target, rows, 1));
        keepers.put(
                "Flink SQL over an upsert changelog of the same, and that sink",
                (story, target, rows, folder) ->
                        new SqlKeeper(folder, all(story), target, rows, 1));
        return keepers;
    }

    private static StreamReader all(Story story) throws Exception {
        TableClient client = story.sources().open(TASKS);
        return new StreamReader(client, false);
    }

    private static DynamoDbAsyncClient client(URI target) {
        return DynamoDbAsyncClient.builder().endpointOverride(target).build();
    }

    private static int wrong(
            Trouble trouble, int changes, URI dynamoDb, Scratch scratch, Making making)
            throws Exception {
        String rows = "drift-" + System.nanoTime();
        try (Story story = new Story(trouble, changes, rows, dynamoDb);
                WeakTarget target = new WeakTarget(dynamoDb);
                Keeper keeper = making.make(story, target.endpoint(), rows, scratch.folder(rows))) {
            return story.tell(keeper);
        }
    }
}
