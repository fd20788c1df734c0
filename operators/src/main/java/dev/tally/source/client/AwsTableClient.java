package dev.tally.source.client;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.source.client.TableDescription.ViewType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamStatus;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The calls on a real table, through the AWS SDK: one request each, no retries.
 *
 * <p>Safe for all threads. Futures complete on threads of the SDK; what depends on them must be
 * short or move to a thread of its own.
 */
public final class AwsTableClient implements TableClient {

    private static final int SHARDS_PER_PAGE = 100;

    private final String table;
    private final String object;
    private final DynamoDbAsyncClient tables;
    private final DynamoDbStreamsAsyncClient streams;
    private final Wanted wanted;
    private final AwsPages pages;
    private final boolean ownReading;
    private final List<SdkAutoCloseable> owned;
    private final ServiceTime time;

    /**
     * @param table name or ARN
     * @param wanted of images; the others are left out
     * @param ownReading whether answers of GetRecords are read by {@link AnswerReader}; otherwise
     *     by the SDK, with the same result
     * @param owned what is closed with this client, in this order: also both SDK clients
     * @param clock milliseconds; for answers that do not tell the service's time
     */
    AwsTableClient(
            String table,
            DynamoDbAsyncClient tables,
            DynamoDbStreamsAsyncClient streams,
            Wanted wanted,
            boolean ownReading,
            List<SdkAutoCloseable> owned,
            LongSupplier clock) {
        this.table = table;
        this.object = "table " + table;
        this.tables = tables;
        this.streams = streams;
        this.wanted = wanted;
        this.pages = new AwsPages(wanted);
        this.ownReading = ownReading;
        this.owned = List.copyOf(owned);
        this.time = new ServiceTime(clock);
    }

    @Override
    public CompletableFuture<TableDescription> describeTable() {
        return answer(
                AwsCall.DESCRIBE_TABLE,
                object,
                () ->
                        tables.describeTable(request -> request.tableName(table))
                                .thenCompose(this::describe),
                description -> description);
    }

    /** Of a stream that was disabled only DescribeStream tells what its records carry. */
    private CompletableFuture<TableDescription> describe(DescribeTableResponse response) {
        StreamSpecification stream = response.table().streamSpecification();
        if (stream != null && Boolean.TRUE.equals(stream.streamEnabled())) {
            ViewType view = ViewType.valueOf(stream.streamViewTypeAsString());
            return CompletableFuture.completedFuture(toDescription(response, true, view));
        }
        String arn = response.table().latestStreamArn();
        if (arn == null) {
            return CompletableFuture.completedFuture(toDescription(response, false, null));
        }
        return streams.describeStream(request -> request.streamArn(arn).limit(1))
                .handle(
                        (described, failure) ->
                                toDescription(response, false, viewType(arn, described, failure)));
    }

    private static ViewType viewType(
            String arn, DescribeStreamResponse described, Throwable failure) {
        if (failure == null) {
            return ViewType.valueOf(described.streamDescription().streamViewTypeAsString());
        }
        ClientException error = AwsErrors.of(AwsCall.DESCRIBE_STREAM, "stream " + arn, failure);
        if (error.kind() != ClientException.Kind.NOT_FOUND) {
            throw new CompletionException(error);
        }
        return null;
    }

    @Override
    public CompletableFuture<ShardPage> describeStream(String streamArn, String afterShardId) {
        return answer(
                AwsCall.DESCRIBE_STREAM,
                "stream " + streamArn,
                () ->
                        streams.describeStream(
                                request ->
                                        request.streamArn(streamArn)
                                                .exclusiveStartShardId(afterShardId)
                                                .limit(SHARDS_PER_PAGE)),
                this::toShardPage);
    }

    @Override
    public CompletableFuture<ScanPage> scan(int segment, int totalSegments, Item after, int limit) {
        return answer(
                AwsCall.SCAN,
                object,
                () ->
                        tables.scan(
                                request ->
                                        request.tableName(table)
                                                .consistentRead(true)
                                                .segment(segment)
                                                .totalSegments(totalSegments)
                                                .exclusiveStartKey(
                                                        after == null
                                                                ? null
                                                                : AwsValues.toAttributes(
                                                                        after.attributes()))
                                                .limit(limit)
                                                .returnConsumedCapacity(
                                                        ReturnConsumedCapacity.TOTAL)),
                this::toScanPage);
    }

    /**
     * A strongly consistent GetItem, as a page of one item, or of none if there is no such item.
     */
    public CompletableFuture<ScanPage> get(Item keys) {
        return answer(
                AwsCall.GET_ITEM,
                object,
                () ->
                        tables.getItem(
                                request ->
                                        request.tableName(table)
                                                .consistentRead(true)
                                                .key(AwsValues.toAttributes(keys.attributes()))
                                                .returnConsumedCapacity(
                                                        ReturnConsumedCapacity.TOTAL)),
                response ->
                        pages.rows(
                                response.hasItem() ? List.of(response.item()) : List.of(),
                                null,
                                response.consumedCapacity(),
                                time.of(response)));
    }

    @Override
    public CompletableFuture<String> shardIterator(
            String streamArn, String shardId, String afterSequenceNumber) {
        ShardIteratorType type =
                afterSequenceNumber == null
                        ? ShardIteratorType.TRIM_HORIZON
                        : ShardIteratorType.AFTER_SEQUENCE_NUMBER;
        return answer(
                AwsCall.SHARD_ITERATOR,
                "shard " + shardId + " of stream " + streamArn,
                () ->
                        streams.getShardIterator(
                                request ->
                                        request.streamArn(streamArn)
                                                .shardId(shardId)
                                                .shardIteratorType(type)
                                                .sequenceNumber(afterSequenceNumber)),
                response -> response.shardIterator());
    }

    @Override
    public CompletableFuture<ChangePage> getRecords(
            String iterator, int limit, Consumer<String> next) {
        RawBody body = new RawBody();
        return answer(
                AwsCall.GET_RECORDS,
                "a shard of the stream of " + object,
                () ->
                        streams.getRecords(
                                request -> {
                                    request.shardIterator(iterator).limit(limit);
                                    if (ownReading) {
                                        request.overrideConfiguration(body::of);
                                    }
                                }),
                response -> {
                    if (!body.taken()) {
                        return pages.changes(response, time.of(response));
                    }
                    byte[] bytes = body.bytes();
                    String named = AnswerReader.nextIterator(bytes);
                    if (named != null) {
                        next.accept(named);
                    }
                    return AnswerReader.changes(bytes, wanted, time.of(response));
                });
    }

    @Override
    public void close() {
        owned.forEach(SdkAutoCloseable::close);
    }

    private interface Reading<R, T> {
        T of(R response) throws IOException;
    }

    /** Sends and reads; whatever goes wrong, also before sending, is in the future, and classed. */
    private static <R, T> CompletableFuture<T> answer(
            AwsCall call,
            String object,
            Supplier<CompletableFuture<R>> sending,
            Reading<R, T> reading) {
        CompletableFuture<R> response;
        try {
            response = sending.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(AwsErrors.of(call, object, e));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        response.whenComplete(
                (value, failure) -> {
                    if (failure != null) {
                        answer.completeExceptionally(AwsErrors.of(call, object, failure));
                        return;
                    }
                    try {
                        answer.complete(reading.of(value));
                    } catch (IOException | RuntimeException e) {
                        answer.completeExceptionally(AwsErrors.of(call, object, e));
                    }
                });
        return answer;
    }

    private TableDescription toDescription(
            DescribeTableResponse response, boolean streamEnabled, ViewType viewType) {
        software.amazon.awssdk.services.dynamodb.model.TableDescription described =
                response.table();
        // DynamoDB always has a table id; what stands in for one there changes with the table too.
        String id =
                described.tableId() == null
                        ? described.tableArn() + "@" + described.creationDateTime()
                        : described.tableId();
        return new TableDescription(
                id,
                described.tableArn(),
                toKeySchema(described.keySchema(), described.attributeDefinitions()),
                described.itemCount(),
                described.tableSizeBytes(),
                described.latestStreamArn(),
                streamEnabled,
                viewType,
                described.hasReplicas() ? described.replicas().size() : 0,
                time.of(response));
    }

    private static KeySchema toKeySchema(
            List<KeySchemaElement> elements, List<AttributeDefinition> definitions) {
        List<KeySchema.Attribute> attributes = new ArrayList<>(2);
        for (KeySchemaElement element : elements) {
            for (AttributeDefinition definition : definitions) {
                if (definition.attributeName().equals(element.attributeName())) {
                    Value.Type type = Value.Type.valueOf(definition.attributeTypeAsString());
                    attributes.add(new KeySchema.Attribute(element.attributeName(), type));
                }
            }
        }
        return KeySchema.of(attributes);
    }

    private ShardPage toShardPage(DescribeStreamResponse response) {
        List<Shard> shards = new ArrayList<>();
        for (software.amazon.awssdk.services.dynamodb.model.Shard shard :
                response.streamDescription().shards()) {
            boolean closed =
                    shard.sequenceNumberRange() != null
                            && shard.sequenceNumberRange().endingSequenceNumber() != null;
            shards.add(new Shard(shard.shardId(), shard.parentShardId(), closed));
        }
        StreamStatus status = response.streamDescription().streamStatus();
        return new ShardPage(
                shards,
                response.streamDescription().lastEvaluatedShardId(),
                status == StreamStatus.ENABLED || status == StreamStatus.ENABLING,
                time.of(response));
    }

    private ScanPage toScanPage(ScanResponse response) {
        boolean more = response.hasLastEvaluatedKey() && !response.lastEvaluatedKey().isEmpty();
        return pages.rows(
                response.items(),
                more ? toLastKey(response.lastEvaluatedKey()) : null,
                response.consumedCapacity(),
                time.of(response));
    }

    /** Without it there is no going on behind this page. */
    private Item toLastKey(Map<String, AttributeValue> key) {
        Unread unread = Unread.none();
        Item read =
                AwsValues.toItem(
                        key, attribute -> true, "the key of the last item of a page", unread);
        if (unread.count() > 0) {
            throw new CompletionException(
                    new ClientException(
                            ClientException.Kind.REFUSED,
                            "cannot go on scanning "
                                    + object
                                    + ": "
                                    + unread.sentence()
                                    + " Take a newer release, or delete the item.",
                            null));
        }
        return read;
    }
}
