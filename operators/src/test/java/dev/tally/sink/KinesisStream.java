package dev.tally.sink;

import static org.awaitility.Awaitility.await;

import dev.tally.testing.LocalKinesis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** A stream on the local Kinesis, made here, and all that was written to it. */
public final class KinesisStream {

    private final KinesisClient client = LocalKinesis.shared().client();
    private final String name;

    private KinesisStream(String name) {
        this.name = name;
    }

    public static KinesisStream create(String name, int shards) {
        KinesisStream stream = new KinesisStream(name);
        stream.client.createStream(r -> r.streamName(name).shardCount(shards));
        await().atMost(Duration.ofSeconds(30)).until(stream::isActive);
        return stream;
    }

    /** One that somebody else has made. */
    public static KinesisStream existing(String name) {
        return new KinesisStream(name);
    }

    private boolean isActive() {
        return client.describeStreamSummary(r -> r.streamName(name))
                        .streamDescriptionSummary()
                        .streamStatus()
                == StreamStatus.ACTIVE;
    }

    String arn() {
        return client.describeStreamSummary(r -> r.streamName(name))
                .streamDescriptionSummary()
                .streamARN();
    }

    /** All records of all shards, from the start. */
    public List<Record> records() {
        List<Record> records = new ArrayList<>();
        for (Shard shard : client.listShards(r -> r.streamName(name)).shards()) {
            String iterator =
                    client.getShardIterator(
                                    r ->
                                            r.streamName(name)
                                                    .shardId(shard.shardId())
                                                    .shardIteratorType(
                                                            ShardIteratorType.TRIM_HORIZON))
                            .shardIterator();
            GetRecordsResponse page;
            do {
                String next = iterator;
                page = client.getRecords(r -> r.shardIterator(next).limit(1_000));
                records.addAll(page.records());
                iterator = page.nextShardIterator();
            } while (!page.records().isEmpty() && iterator != null);
        }
        return records;
    }
}
