package dev.tally.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/**
 * That the services the other tests stand on are there and do what those tests take for granted.
 */
class LocalServicesITCase {

    @Test
    void dynamoDbKeepsItemsAndStreamsTheirChanges() {
        LocalDynamoDb local = LocalDynamoDb.shared();
        createTable(local.client(), "local-services");

        Map<String, AttributeValue> item =
                Map.of("Id", AttributeValue.fromS("a"), "N", AttributeValue.fromN("1.0"));
        local.client().putItem(r -> r.tableName("local-services").item(item));

        assertThat(local.client().scan(r -> r.tableName("local-services")).items()).hasSize(1);
        await().atMost(Duration.ofSeconds(30)).until(() -> !read(local).isEmpty());
        Record record = read(local).get(0);
        assertThat(record.eventName()).isEqualTo(OperationType.INSERT);
        assertThat(record.dynamodb().newImage()).containsKeys("Id", "N");
    }

    @Test
    void aSecondDynamoDbKnowsNothingOfTheFirst() {
        LocalDynamoDb first = LocalDynamoDb.shared();
        createTable(first.client(), "local-services-first");

        try (LocalDynamoDb second = LocalDynamoDb.start()) {
            assertThat(second.client().listTables().tableNames()).isEmpty();
        }
        assertThat(first.client().listTables().tableNames()).contains("local-services-first");
    }

    @Test
    void kinesisKeepsRecordsAndEndsWhenClosed() {
        LocalKinesis local = LocalKinesis.start();
        try (local) {
            KinesisClient client = local.client();
            client.createStream(r -> r.streamName("feed").shardCount(1));
            await().atMost(Duration.ofSeconds(30)).until(() -> isActive(client, "feed"));

            client.putRecord(
                    r -> r.streamName("feed").partitionKey("k").data(SdkBytes.fromUtf8String("v")));

            String shard = client.listShards(r -> r.streamName("feed")).shards().get(0).shardId();
            String iterator =
                    client.getShardIterator(
                                    r ->
                                            r.streamName("feed")
                                                    .shardId(shard)
                                                    .shardIteratorType("TRIM_HORIZON"))
                            .shardIterator();
            assertThat(client.getRecords(r -> r.shardIterator(iterator)).records())
                    .extracting(record -> record.data().asUtf8String())
                    .containsExactly("v");
        }
        assertThat(local.isRunning()).isFalse();
    }

    private static boolean isActive(KinesisClient client, String stream) {
        return client.describeStreamSummary(r -> r.streamName(stream))
                        .streamDescriptionSummary()
                        .streamStatus()
                == StreamStatus.ACTIVE;
    }

    private static void createTable(DynamoDbClient client, String table) {
        AttributeDefinition id =
                AttributeDefinition.builder()
                        .attributeName("Id")
                        .attributeType(ScalarAttributeType.S)
                        .build();
        KeySchemaElement key =
                KeySchemaElement.builder().attributeName("Id").keyType(KeyType.HASH).build();
        StreamSpecification stream =
                StreamSpecification.builder()
                        .streamEnabled(true)
                        .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)
                        .build();
        client.createTable(
                r ->
                        r.tableName(table)
                                .attributeDefinitions(id)
                                .keySchema(key)
                                .billingMode(BillingMode.PAY_PER_REQUEST)
                                .streamSpecification(stream));
    }

    private static List<Record> read(LocalDynamoDb local) {
        String stream =
                local.client()
                        .describeTable(r -> r.tableName("local-services"))
                        .table()
                        .latestStreamArn();
        String shard =
                local.streams()
                        .describeStream(r -> r.streamArn(stream))
                        .streamDescription()
                        .shards()
                        .get(0)
                        .shardId();
        String iterator =
                local.streams()
                        .getShardIterator(
                                r ->
                                        r.streamArn(stream)
                                                .shardId(shard)
                                                .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                        .shardIterator();
        return local.streams().getRecords(r -> r.shardIterator(iterator)).records();
    }
}
