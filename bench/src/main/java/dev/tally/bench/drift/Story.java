package dev.tally.bench.drift;

import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.sink.Tables;
import dev.tally.sink.TargetSettings;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTables;
import dev.tally.source.simulated.Workload;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What befalls one keeper: a table with changes and shards that split, repeated records, a weak
 * target, and perhaps an end that it has to go back from. The same for each keeper.
 */
final class Story implements AutoCloseable {

    private static final KeySchema LIST =
            KeySchema.of(new KeySchema.Attribute("ListId", Value.Type.S));
    private static final Duration LATE = Duration.ofHours(25);

    /** Of pages: half of each, on average, comes again with the next one. */
    private static final double REPEATS = 0.1;

    private static final int TASKS = 2_000;
    private static final int LISTS = 100;
    private static final int RESHARDINGS = 5;

    private final Trouble trouble;
    private final int changes;
    private final String name;
    private final URI dynamoDb;
    private final Clock clock = new Clock();
    private final SimulatedTable table;
    private final SimulatedTables sources;
    private final Workload workload = new Workload(5, TASKS, LISTS);
    private final Random random = new Random(5);

    /**
     * @param changes before the mark, after it, and after the end that it goes back from, each
     * @param name of the world and of the table of rows
     */
    Story(Trouble trouble, int changes, String name, URI dynamoDb) throws Exception {
        this.trouble = trouble;
        this.changes = changes;
        this.name = name;
        this.dynamoDb = dynamoDb;
        this.table =
                new SimulatedTable("tasks", Workload.KEY, ViewType.NEW_AND_OLD_IMAGES, 2, 5, clock);
        this.sources = new SimulatedTables(name);
        double repeats = trouble.repeats() ? REPEATS : 0;
        sources.serve(table, new Faults(5).with(Faults.Fault.REPEATED_RECORDS, repeats));
        try (Tables tables =
                new Tables(new TargetSettings("us-east-1", null, dynamoDb.toString()))) {
            tables.create(name, LIST, false);
        }
    }

    SimulatedTables sources() {
        return sources;
    }

    /** Milliseconds, of the source table. */
    LongSupplier clock() {
        return clock;
    }

    /** Tells it; returns how many groups are wrong at the end. */
    int tell(Keeper keeper) throws Exception {
        keeper.start();
        change(keeper);
        keeper.mark();
        change(keeper);
        if (trouble.late()) {
            clock.later(LATE);
        }
        if (trouble.goesBack()) {
            keeper.goBack();
        }
        change(keeper);
        return Group.wrong(Group.recount(table.items()), rows());
    }

    /** Shards end while parents and children have records of the same tasks to be read. */
    private void change(Keeper keeper) throws Exception {
        for (int i = 1; i <= changes; i++) {
            workload.next().applyTo(table);
            if (i % (changes / RESHARDINGS) == changes / RESHARDINGS / 2) {
                reshard();
            }
        }
        keeper.catchUp();
    }

    private void reshard() {
        int partition = random.nextInt(table.partitions());
        if (random.nextBoolean()) {
            table.rollOver(partition);
        } else {
            table.split(partition);
        }
    }

    /** What a reader of the target sees. */
    private Map<String, Group> rows() {
        Map<String, Group> found = new HashMap<>();
        try (DynamoDbClient client = DynamoDbClient.builder().endpointOverride(dynamoDb).build()) {
            client.scanPaginator(scan -> scan.tableName(name).consistentRead(true))
                    .items()
                    .forEach(
                            row ->
                                    found.put(
                                            row.get("ListId").s(),
                                            new Group(
                                                    number(row, "Tasks").longValueExact(),
                                                    number(row, "Effort"))));
        }
        return found;
    }

    private static BigDecimal number(Map<String, AttributeValue> row, String attribute) {
        AttributeValue value = row.get(attribute);
        return value == null ? BigDecimal.ZERO : new BigDecimal(value.n());
    }

    @Override
    public void close() {
        sources.clear();
    }

    /** The time of this machine, and what was added to it. */
    private static final class Clock implements LongSupplier {

        private volatile long added;

        void later(Duration by) {
            added += by.toMillis();
        }

        @Override
        public long getAsLong() {
            return System.currentTimeMillis() + added;
        }
    }
}
