package dev.tally.source.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.change.ItemChange;
import dev.tally.change.ItemVersion;
import dev.tally.codec.RandomValues;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.source.client.AwsTableClients;
import dev.tally.source.client.Change;
import dev.tally.source.client.ChangePage;
import dev.tally.source.client.ClientSettings;
import dev.tally.source.client.LocalTables;
import dev.tally.source.client.TableClient;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.TableSpec;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goal: Apache's consumer gives the changes that our own client reads. Method: random writes of all
 * types to DynamoDB Local, its one shard read in both ways. It cannot catch what happens at splits:
 * DynamoDB Local never splits.
 */
class ApacheReaderITCase {

    private static final KeySchema KEY =
            KeySchema.of(new KeySchema.Attribute("TaskId", Value.Type.S));

    private static final String STREAM =
            "arn:aws:dynamodb:eu-central-1:123456789012:table/todoListTask/stream/1";

    private static final long GENERATION = 1_790_000_000_000L;
    private static final List<String> CREDENTIALS =
            List.of("aws.accessKeyId", "aws.secretKey", "aws.secretAccessKey");

    private final LocalDynamoDb local = LocalDynamoDb.shared();
    private final ClientSettings settings =
            ClientSettings.of(LocalDynamoDb.region().id(), null, local.endpoint(), null);

    /** Both SDKs find them in their default chains; the first spells the secret otherwise. */
    @BeforeAll
    static void giveCredentials() {
        CREDENTIALS.forEach(name -> System.setProperty(name, "local"));
    }

    @AfterAll
    static void takeCredentials() {
        CREDENTIALS.forEach(System::clearProperty);
    }

    private static TableSpec table(String name, TableSpec.Start start) {
        return new TableSpec(
                "tasks", name, null, null, start, TableSpec.OnGap.FAIL, TableSpec.Reader.APACHE, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NEW_AND_OLD_IMAGES", "NEW_IMAGE"})
    void givesAllChangesOfAStream(String viewType) throws Exception {
        String name = "apache-" + viewType;
        LocalTables.create(local.client(), name, KEY, viewType);
        RandomValues values = new RandomValues(9);
        for (int i = 0; i < 300; i++) {
            Item keys =
                    Item.EMPTY.with("TaskId", Value.text("task-" + values.random().nextInt(20)));
            if (values.random().nextInt(4) == 0) {
                LocalTables.delete(local.client(), name, keys);
            } else {
                Item item = values.item().with("TaskId", keys.get("TaskId"));
                LocalTables.put(local.client(), name, item);
            }
        }
        TableSpec spec = table(name, TableSpec.Start.TRIM_HORIZON);
        try (TableClient client = new AwsTableClients(settings).open(spec)) {
            String stream = client.describeTable().join().streamArn();
            List<ItemChange> expected = own(client, stream, viewType.equals("NEW_IMAGE"));
            List<ItemChange> actual = apache(spec, stream, expected.size());

            assertThat(actual).hasSizeGreaterThan(200).isEqualTo(expected);
        }
    }

    private static List<ItemChange> own(TableClient client, String stream, boolean newOnly) {
        String shard = client.describeStream(stream, null).join().shards().get(0).shardId();
        List<ItemChange> changes = new ArrayList<>();
        String iterator = client.shardIterator(stream, shard, null).join();
        ChangePage page = client.getRecords(iterator, 1000).join();
        while (!page.changes().isEmpty()) {
            page.changes().forEach(change -> changes.add(toItemChange(change, newOnly)));
            page = client.getRecords(page.nextIterator(), 1000).join();
        }
        return changes;
    }

    private static ItemChange toItemChange(Change change, boolean newOnly) {
        ItemKey key = ItemKey.of(KEY, change.keys());
        ItemVersion version = ItemVersion.of(1, change.sequenceNumber());
        return newOnly
                ? ItemChange.streamedNewOnly(
                        key,
                        GENERATION,
                        version,
                        change.newImage(),
                        change.time(),
                        change.eventId(),
                        change.ttl())
                : ItemChange.streamed(
                        key,
                        GENERATION,
                        version,
                        change.oldImage(),
                        change.newImage(),
                        change.time(),
                        change.eventId(),
                        change.ttl());
    }

    private List<ItemChange> apache(TableSpec spec, String stream, int count) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
        env.enableCheckpointing(100);
        return ApacheReader.read(env, spec, KEY, stream, settings, GENERATION)
                .executeAndCollect("apache", count);
    }

    @Test
    void takesTheRegionOfTheStreamUnlessGiven() {
        TableSpec spec = table("todoListTask", TableSpec.Start.LATEST);

        assertThat(ApacheReader.properties(spec, STREAM, ClientSettings.DEFAULT))
                .containsEntry("aws.region", "eu-central-1")
                .containsEntry("flink.stream.initpos", "LATEST");
        assertThat(ApacheReader.properties(spec, STREAM, settings))
                .containsEntry("aws.region", "us-east-1")
                .containsEntry("aws.endpoint", local.endpoint().toString());
    }

    @Test
    void refusesToStartFromASnapshot() {
        TableSpec spec = table("todoListTask", TableSpec.Start.SNAPSHOT);

        assertThatThrownBy(() -> ApacheReader.properties(spec, STREAM, settings))
                .hasMessage(
                        "cannot start table tasks from a snapshot: reader apache reads the stream"
                                + " only. Set start: trim-horizon or latest, or reader: tally.");
    }
}
