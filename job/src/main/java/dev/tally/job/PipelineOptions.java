package dev.tally.job;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/**
 * The keys of pipeline.yaml, of {@code -D} and of runtime properties. The README's table of options
 * is checked against this class.
 */
public final class PipelineOptions {

    public static final ConfigOption<String> VIEWS =
            ConfigOptions.key("views.uri")
                    .stringType()
                    .defaultValue("flink-conf/views.yaml")
                    .withDescription("Where views.yaml is: a path or a URI that Flink can read.");

    public static final ConfigOption<String> REGION =
            ConfigOptions.key("region")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("AWS region; by default that of the environment.");

    public static final ConfigOption<String> DYNAMODB_ENDPOINT =
            ConfigOptions.key("dynamodb.endpoint")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("Endpoint of DynamoDB; by default that of the region.");

    public static final ConfigOption<String> STREAMS_ENDPOINT =
            ConfigOptions.key("streams.endpoint")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Endpoint of DynamoDB Streams; by default that of DynamoDB if one is"
                                    + " given, else that of the region.");

    public static final ConfigOption<String> KINESIS_ENDPOINT =
            ConfigOptions.key("kinesis.endpoint")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("Endpoint of Kinesis; by default that of the region.");

    public static final ConfigOption<Boolean> SOURCE_ON_AWS =
            ConfigOptions.key("source.on-aws")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether sources are read at AWS even if dynamodb.endpoint is given,"
                                    + " which is then that of the targets.");

    public static final ConfigOption<String> STATUS_TABLE =
            ConfigOptions.key("status.table")
                    .stringType()
                    .defaultValue("tally-status")
                    .withDescription("Table of the status rows, one per view.");

    public static final ConfigOption<String> FEED_DIRECTORY =
            ConfigOptions.key("feed.directory")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("Feeds go to files in this folder instead of Kinesis.");

    public static final ConfigOption<String> DEAD_LETTERS_TABLE =
            ConfigOptions.key("dead-letters.table")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("Table of the dead letters; by default they go to the log.");

    public static final ConfigOption<Boolean> CREATE_TABLES =
            ConfigOptions.key("create-tables")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription("Whether missing targets and the status table are created.");

    public static final ConfigOption<Duration> EAGER_INTERVAL =
            ConfigOptions.key("eager.interval")
                    .durationType()
                    .defaultValue(Duration.ofMillis(100))
                    .withDescription("How often rows of eager views are written.");

    public static final ConfigOption<Duration> LATE_WRITES_LIMIT =
            ConfigOptions.key("late-writes.limit")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(10))
                    .withDescription(
                            "How long after a start a write of a job that was killed before it may"
                                    + " still land; then targets are looked at once more.");

    public static final ConfigOption<Integer> SCAN_SEGMENTS =
            ConfigOptions.key("source.scan.segments")
                    .intType()
                    .defaultValue(0)
                    .withDescription("Segments of a scan, 1 to 10000; 0: from the table's size.");

    public static final ConfigOption<Duration> IDLE_POLL_MIN =
            ConfigOptions.key("source.idle-poll.min")
                    .durationType()
                    .defaultValue(Duration.ofMillis(100))
                    .withDescription("Wait after a first empty page of a shard.");

    public static final ConfigOption<Duration> IDLE_POLL_MAX =
            ConfigOptions.key("source.idle-poll.max")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(1))
                    .withDescription("Longest wait between empty pages of a shard.");

    public static final ConfigOption<Duration> DISCOVERY_INTERVAL =
            ConfigOptions.key("source.discovery-interval")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(30))
                    .withDescription("How often shards are listed without other cause.");

    public static final ConfigOption<Duration> TIME_PRECISION =
            ConfigOptions.key("source.time-precision")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(1))
                    .withDescription(
                            "To what creation times of stream records are cut: by DynamoDB to the"
                                    + " second, by DynamoDB Local to the minute.");

    public static final ConfigOption<List<String>> RESNAPSHOT =
            ConfigOptions.key("resnapshot")
                    .stringType()
                    .asList()
                    .defaultValues()
                    .withDescription(
                            "Tables (names in views.yaml, with ; between) that this start reads"
                                    + " anew over the state of its savepoint.");
    public static final ConfigOption<Boolean> REPLAY =
            ConfigOptions.key("replay")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether rows show the moment of the savepoint first, and then the way"
                                    + " to the present; else they are held until the present.");
    public static final ConfigOption<List<String>> DROP =
            ConfigOptions.key("drop")
                    .stringType()
                    .asList()
                    .defaultValues()
                    .withDescription(
                            "Tables and feeds whose state in the savepoint is given up, since they"
                                    + " are gone from views.yaml.");

    private PipelineOptions() {}

    /** All of them, in the order of the README's table. */
    public static List<ConfigOption<?>> all() {
        return List.of(
                VIEWS,
                REGION,
                DYNAMODB_ENDPOINT,
                STREAMS_ENDPOINT,
                KINESIS_ENDPOINT,
                SOURCE_ON_AWS,
                STATUS_TABLE,
                FEED_DIRECTORY,
                DEAD_LETTERS_TABLE,
                CREATE_TABLES,
                EAGER_INTERVAL,
                LATE_WRITES_LIMIT,
                SCAN_SEGMENTS,
                IDLE_POLL_MIN,
                IDLE_POLL_MAX,
                DISCOVERY_INTERVAL,
                TIME_PRECISION,
                RESNAPSHOT,
                REPLAY,
                DROP);
    }
}
