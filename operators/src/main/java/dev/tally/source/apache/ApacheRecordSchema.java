package dev.tally.source.apache;

import dev.tally.change.ItemChange;
import dev.tally.change.ItemVersion;
import dev.tally.codec.CodecType;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.dynamodbv2.model.Identity;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.dynamodbv2.model.Record;
import org.apache.flink.kinesis.shaded.com.amazonaws.services.dynamodbv2.model.StreamRecord;
import org.apache.flink.streaming.connectors.kinesis.serialization.DynamoDBStreamsSchema;
import org.apache.flink.streaming.connectors.kinesis.serialization.KinesisDeserializationSchema;

/** Turns the connector's records into changes, as our own source makes them. */
final class ApacheRecordSchema implements KinesisDeserializationSchema<ItemChange> {

    private static final long serialVersionUID = 1L;

    /** The connector reads one stream ARN for ever, so there is but one. */
    private static final int INCARNATION = 1;

    private static final String EXPIRY = "dynamodb.amazonaws.com";
    private static final String BOTH_IMAGES = "NEW_AND_OLD_IMAGES";

    private final KeySchema key;
    private final long generation;
    private final DynamoDBStreamsSchema records = new DynamoDBStreamsSchema();

    ApacheRecordSchema(KeySchema key, long generation) {
        this.key = key;
        this.generation = generation;
    }

    @Override
    public ItemChange deserialize(
            byte[] message,
            String partitionKey,
            String sequenceNumber,
            long arrivalTime,
            String stream,
            String shardId)
            throws IOException {
        Record record =
                records.deserialize(
                        message, partitionKey, sequenceNumber, arrivalTime, stream, shardId);
        return toChange(record);
    }

    private ItemChange toChange(Record record) {
        StreamRecord content = record.getDynamodb();
        ItemKey itemKey = ItemKey.of(key, ApacheValues.toItem(content.getKeys()));
        ItemVersion version = ItemVersion.of(INCARNATION, content.getSequenceNumber());
        Item after =
                "REMOVE".equals(record.getEventName())
                        ? null
                        : ApacheValues.toItem(content.getNewImage());
        long time = content.getApproximateCreationDateTime().getTime();
        Identity identity = record.getUserIdentity();
        boolean ttl = identity != null && EXPIRY.equals(identity.getPrincipalId());
        if (BOTH_IMAGES.equals(content.getStreamViewType())) {
            Item before = ApacheValues.toItem(content.getOldImage());
            return ItemChange.streamed(
                    itemKey, generation, version, before, after, time, record.getEventID(), ttl);
        }
        return ItemChange.streamedNewOnly(
                itemKey, generation, version, after, time, record.getEventID(), ttl);
    }

    @Override
    public TypeInformation<ItemChange> getProducedType() {
        return CodecType.of(ItemChange.class);
    }
}
