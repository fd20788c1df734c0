package dev.tally.source.apache;

import dev.tally.change.ItemChange;
import dev.tally.codec.CodecType;
import dev.tally.item.KeySchema;
import dev.tally.source.client.ClientSettings;
import dev.tally.view.TableSpec;
import java.util.List;
import java.util.Properties;
import org.apache.flink.kinesis.shaded.org.apache.flink.connector.aws.config.AWSConfigConstants;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.connectors.kinesis.FlinkDynamoDBStreamsConsumer;
import org.apache.flink.streaming.connectors.kinesis.config.ConsumerConfigConstants;

/**
 * The stream of a table, read with the consumer of Apache's Flink connector, as changes like those
 * of our own source.
 *
 * <p>What it does not do: scan the table, notice a gap, read a child shard after its parent, or
 * follow a stream that was disabled and enabled anew. Records of an item that overtake each other
 * at a split are put right by their versions. Its state is Apache's own: shards and sequence
 * numbers, in Apache's format.
 */
public final class ApacheReader {

    private static final String SESSION = "tally";
    private static final String SIGNING_REGION = "us-east-1";

    private ApacheReader() {}

    /**
     * @param generation what changes are stamped with, and what is announced as ready
     * @param streamUid of the consumer
     * @param readyUid of the operator behind it that announces ready
     * @throws IllegalArgumentException if the table is to be scanned: this reader cannot
     */
    @SuppressWarnings("deprecation") // Apache's consumer is a source of the old kind.
    public static DataStream<ItemChange> read(
            StreamExecutionEnvironment env,
            TableSpec table,
            KeySchema key,
            String streamArn,
            ClientSettings settings,
            long generation,
            String streamUid,
            String readyUid) {
        String name = table.logicalName();
        FlinkDynamoDBStreamsConsumer<ItemChange> consumer =
                new FlinkDynamoDBStreamsConsumer<>(
                        List.of(streamArn),
                        new ApacheRecordSchema(key, generation),
                        properties(table, streamArn, settings));
        return env.addSource(consumer, name + " stream, read by Apache's consumer")
                .uid(streamUid)
                .transform(
                        name + " ready",
                        CodecType.of(ItemChange.class),
                        new ReadySignal(generation))
                .uid(readyUid);
    }

    static Properties properties(TableSpec table, String streamArn, ClientSettings settings) {
        ClientSettings own = settings.with(table.region(), table.roleArn());
        Properties properties = new Properties();
        properties.setProperty(
                ConsumerConfigConstants.STREAM_INITIAL_POSITION, initialPosition(table).name());
        // Apache's consumer looks for a region nowhere else.
        properties.setProperty(AWSConfigConstants.AWS_REGION, region(own, streamArn));
        if (own.streamsEndpoint() != null) {
            properties.setProperty(
                    AWSConfigConstants.AWS_ENDPOINT, own.streamsEndpoint().toString());
        }
        if (own.roleArn() != null) {
            properties.setProperty(
                    AWSConfigConstants.AWS_CREDENTIALS_PROVIDER,
                    AWSConfigConstants.CredentialProvider.ASSUME_ROLE.name());
            properties.setProperty(AWSConfigConstants.AWS_ROLE_ARN, own.roleArn());
            properties.setProperty(AWSConfigConstants.AWS_ROLE_SESSION_NAME, SESSION);
        }
        return properties;
    }

    /** ARNs of DynamoDB Local name no region of AWS; an endpoint needs one for signing only. */
    private static String region(ClientSettings own, String streamArn) {
        if (own.region() != null) {
            return own.region();
        }
        return own.streamsEndpoint() == null ? streamArn.split(":")[3] : SIGNING_REGION;
    }

    private static ConsumerConfigConstants.InitialPosition initialPosition(TableSpec table) {
        switch (table.start()) {
            case TRIM_HORIZON:
                return ConsumerConfigConstants.InitialPosition.TRIM_HORIZON;
            case LATEST:
                return ConsumerConfigConstants.InitialPosition.LATEST;
            default:
                throw new IllegalArgumentException(
                        "cannot start table "
                                + table.logicalName()
                                + " from a snapshot: reader apache reads the stream only. Set"
                                + " start: trim-horizon or latest, or reader: tally.");
        }
    }
}
