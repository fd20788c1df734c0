package dev.tally.bench.local;

import dev.tally.job.figures.Speed;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;

/**
 * A bare loop of the AWS SDK's GetRecords, as anybody would write it: all shards at once, of each
 * from the oldest record until there is none, the next call when the last is answered, records
 * dropped.
 */
final class SdkReading implements AutoCloseable {

    private static final int RECORDS_PER_PAGE = 1000;

    private final DynamoDbStreamsAsyncClient client;
    private final String stream;

    SdkReading(URI endpoint) {
        client =
                DynamoDbStreamsAsyncClient.builder()
                        .endpointOverride(endpoint)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("local", "local")))
                        .build();
        stream =
                client.listStreams(list -> list.tableName(Tasks.TABLE))
                        .join()
                        .streams()
                        .get(0)
                        .streamArn();
    }

    /** Reads a stream that nobody writes to now. */
    Speed read() {
        List<String> iterators = new ArrayList<>();
        for (Shard shard : shards()) {
            iterators.add(iterator(shard.shardId()));
        }
        long start = System.nanoTime();
        List<CompletableFuture<Long>> readings = new ArrayList<>();
        for (String iterator : iterators) {
            readings.add(readOn(iterator, 0));
        }
        long records = 0;
        for (CompletableFuture<Long> reading : readings) {
            records += reading.join();
        }
        return new Speed(records, System.nanoTime() - start);
    }

    private List<Shard> shards() {
        List<Shard> shards = new ArrayList<>();
        String after = null;
        do {
            String from = after;
            DescribeStreamResponse page =
                    client.describeStream(
                                    describe ->
                                            describe.streamArn(stream).exclusiveStartShardId(from))
                            .join();
            shards.addAll(page.streamDescription().shards());
            after = page.streamDescription().lastEvaluatedShardId();
        } while (after != null);
        return shards;
    }

    private String iterator(String shard) {
        return client.getShardIterator(
                        get ->
                                get.streamArn(stream)
                                        .shardId(shard)
                                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .join()
                .shardIterator();
    }

    /** Completes with the records of the shard, those before the iterator included. */
    private CompletableFuture<Long> readOn(String iterator, long before) {
        return client.getRecords(get -> get.shardIterator(iterator).limit(RECORDS_PER_PAGE))
                .thenCompose(
                        page -> {
                            List<Record> read = page.records();
                            long records = before + read.size();
                            boolean more = !read.isEmpty() && page.nextShardIterator() != null;
                            return more
                                    ? readOn(page.nextShardIterator(), records)
                                    : CompletableFuture.completedFuture(records);
                        });
    }

    @Override
    public void close() {
        client.close();
    }
}
