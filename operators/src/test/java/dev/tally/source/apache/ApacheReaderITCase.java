package dev.tally.source.apache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.change.ItemChange;
import dev.tally.codec.RandomValues;
import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.source.DynamoDbSource;
import dev.tally.source.SourceOptions;
import dev.tally.source.client.AwsTableClients;
import dev.tally.source.client.ClientSettings;
import dev.tally.source.client.LocalTables;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.Wanted;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.TableSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goal: Apache's consumer gives the changes that our own source gives. Method: random writes of all
 * types to DynamoDB Local before and while both read its one shard in one job. It cannot catch what
 * happens at splits: DynamoDB Local never splits.
 */
class ApacheReaderITCase {

    private static final KeySchema KEY =
            KeySchema.of(new KeySchema.Attribute("TaskId", Value.Type.S));

    private static final String STREAM =
            "arn:aws:dynamodb:eu-central-1:123456789012:table/todoListTask/stream/1";

    private static final long GENERATION = 1_790_000_000_000L;

    private final LocalDynamoDb local = LocalDynamoDb.shared();
    private final ClientSettings settings =
            ClientSettings.of(LocalDynamoDb.region().id(), null, local.endpoint(), null);

    private final Map<Item, Item> items = new HashMap<>();

    private static TableSpec table(String name, TableSpec.Start start) {
        return new TableSpec(
                "tasks", name, null, null, start, TableSpec.OnGap.FAIL, TableSpec.Reader.APACHE, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NEW_AND_OLD_IMAGES", "NEW_IMAGE"})
    void givesTheChangesThatOurOwnSourceGives(String viewType) throws Exception {
        String name = "apache-" + viewType;
        LocalTables.create(local.client(), name, KEY, viewType);
        RandomValues values = new RandomValues(9);
        int written = write(name, values, 150);
        TableSpec spec = table(name, TableSpec.Start.TRIM_HORIZON);
        AwsTableClients clients = new AwsTableClients(settings);
        StreamExecutionEnvironment env = environment();
        CloseableIterator<ItemChange> theirs =
                ApacheReader.read(
                                env,
                                spec,
                                KEY,
                                streamOf(clients, spec),
                                settings,
                                GENERATION,
                                "stream",
                                "ready")
                        .collectAsync();
        CloseableIterator<ItemChange> ours =
                env.fromSource(
                                new DynamoDbSource(
                                        spec,
                                        clients,
                                        SourceOptions.defaults(),
                                        Map.of(),
                                        Wanted.ALL,
                                        1,
                                        null),
                                WatermarkStrategy.noWatermarks(),
                                "tasks")
                        .collectAsync();
        JobClient job = env.executeAsync("both readers");
        try {
            written += write(name, values, 150);
            List<ItemChange> expected = take(ours, written);
            assertThat(take(theirs, written)).hasSizeGreaterThan(200).isEqualTo(expected);
        } finally {
            job.cancel().get();
            theirs.close();
            ours.close();
        }
    }

    /** How many of the writes changed something: a stream has no record of others. */
    private int write(String name, RandomValues values, int writes) {
        int changes = 0;
        for (int i = 0; i < writes; i++) {
            Item keys =
                    Item.EMPTY.with("TaskId", Value.text("task-" + values.random().nextInt(20)));
            Item before = items.get(keys);
            Item after = null;
            if (values.random().nextInt(4) == 0) {
                LocalTables.delete(local.client(), name, keys);
            } else {
                after = values.item().with("TaskId", keys.get("TaskId"));
                LocalTables.put(local.client(), name, after);
            }
            items.put(keys, after);
            changes += Objects.equals(before, after) ? 0 : 1;
        }
        return changes;
    }

    private static StreamExecutionEnvironment environment() {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
        env.enableCheckpointing(200);
        return env;
    }

    private static String streamOf(AwsTableClients clients, TableSpec spec) throws Exception {
        try (TableClient client = clients.open(spec)) {
            return client.describeTable().join().streamArn();
        }
    }

    /** The next changes, all stamped alike: our own source takes its generation from the clock. */
    private static List<ItemChange> take(Iterator<ItemChange> changes, int count) {
        List<ItemChange> taken = new ArrayList<>();
        while (taken.size() < count) {
            ItemChange next = changes.next();
            taken.add(
                    next.beforeKnown()
                            ? ItemChange.streamed(
                                    next.key(),
                                    GENERATION,
                                    next.version(),
                                    next.before(),
                                    next.after(),
                                    next.time(),
                                    next.eventId(),
                                    next.ttl())
                            : ItemChange.streamedNewOnly(
                                    next.key(),
                                    GENERATION,
                                    next.version(),
                                    next.after(),
                                    next.time(),
                                    next.eventId(),
                                    next.ttl()));
        }
        return taken;
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
