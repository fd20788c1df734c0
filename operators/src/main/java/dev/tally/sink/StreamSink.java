package dev.tally.sink;

import dev.tally.json.FeedJson;
import dev.tally.sink.async.WatchedSink;
import java.time.Duration;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.base.sink.AsyncSinkBase;
import org.apache.flink.connector.kinesis.sink.KinesisStreamsSink;
import org.apache.flink.connector.kinesis.sink.KinesisStreamsSinkBuilder;
import org.apache.flink.connector.kinesis.sink.PartitionKeyGenerator;
import org.apache.flink.kinesis.shaded.software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * Apache's Kinesis sink for {@link StreamEntry}s, with the limits of PutRecords: 500 records, 5 MiB
 * with their partition keys, which the sink does not count, and 1 MiB a record.
 *
 * @param <T> what flows
 */
abstract class StreamSink<T> extends WatchedSink<T, StreamEntry, PutRecordsRequestEntry> {

    private static final long serialVersionUID = 1L;

    private static final int BATCH_RECORDS_MAX = 500;

    /** Leaves room for 500 partition keys of 256 characters. */
    private static final long BATCH_BYTES_MAX = 4L << 20;

    private static final int REQUESTS_MAX = 16;
    private static final int BUFFER_RECORDS_MAX = 10_000;

    /** How long a record may wait for others to be sent with. */
    private static final long LINGER_MILLIS = 100;

    private final String stream;
    private final ConnectorSettings settings;

    /**
     * @param stream name or ARN
     */
    StreamSink(String stream, ConnectorSettings settings, Duration limit) {
        super(limit);
        this.stream = stream;
        this.settings = settings;
    }

    /** A name does for a stream of one's own account, whose number nobody needs to configure. */
    @Override
    @SuppressWarnings("deprecation")
    protected final AsyncSinkBase<StreamEntry, PutRecordsRequestEntry> connector() {
        SerializationSchema<StreamEntry> data = StreamEntry::data;
        PartitionKeyGenerator<StreamEntry> key = StreamEntry::partitionKey;
        KinesisStreamsSinkBuilder<StreamEntry> builder =
                KinesisStreamsSink.<StreamEntry>builder()
                        .setKinesisClientProperties(settings.properties(stream))
                        .setSerializationSchema(data)
                        .setPartitionKeyGenerator(key)
                        .setMaxBatchSize(BATCH_RECORDS_MAX)
                        .setMaxBatchSizeInBytes(BATCH_BYTES_MAX)
                        .setMaxInFlightRequests(REQUESTS_MAX)
                        .setMaxBufferedRequests(BUFFER_RECORDS_MAX)
                        .setMaxTimeInBufferMS(LINGER_MILLIS)
                        .setMaxRecordSizeInBytes(FeedJson.RECORD_BYTES_MAX)
                        .setFailOnError(false);
        if (ConnectorSettings.isArn(stream)) {
            builder.setStreamArn(stream);
        } else {
            builder.setStreamName(stream);
        }
        return builder.build();
    }
}
