package dev.tally.sink;

import dev.tally.change.DeadLetter;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.json.DynamoDbJson;
import dev.tally.sink.async.Conversion;
import dev.tally.sink.async.WatchedSink;
import dev.tally.view.Views;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.base.sink.AsyncSinkBase;
import org.apache.flink.connector.base.sink.writer.ElementConverter;
import org.apache.flink.connector.dynamodb.sink.DynamoDbSink;
import org.apache.flink.connector.dynamodb.sink.DynamoDbWriteRequest;
import org.apache.flink.connector.dynamodb.sink.DynamoDbWriteRequestType;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Dead letters to a DynamoDB table with the key {@code Id} (S). At least once; a repeat has the
 * same id and overwrites.
 *
 * <p>Keys and item are stored as texts in DynamoDB JSON, since an item that is nested as deep as
 * DynamoDB allows would not fit into another. An item too large for one is left out, and {@code
 * Item} says so.
 */
public final class DeadLetters
        extends WatchedSink<DeadLetter, DynamoDbWriteRequest, DynamoDbWriteRequest> {

    private static final long serialVersionUID = 1L;

    /** Of the table. */
    public static final KeySchema KEY = KeySchema.of(new KeySchema.Attribute("Id", Value.Type.S));

    /** Of an item's text, so that the whole letter stays below DynamoDB's 400 KB. */
    static final int ITEM_BYTES_MAX = 350_000;

    /** DynamoDB's limit of a partition key. */
    private static final int ID_BYTES_MAX = 2048;

    private static final int BATCH_MAX = 25;
    private static final int REQUESTS_MAX = 4;
    private static final int BUFFER_MAX = 1_000;
    private static final long LINGER_MILLIS = 500;

    private final String table;
    private final Map<String, String> tables;
    private final ConnectorSettings settings;

    /**
     * @param table name
     * @param views the letters of which come here
     */
    public DeadLetters(String table, Views views, ConnectorSettings settings) {
        this(table, views, settings, FIRST_SUCCESS_LIMIT);
    }

    DeadLetters(String table, Views views, ConnectorSettings settings, Duration limit) {
        super(limit);
        this.table = table;
        this.tables = LetterCounters.tables(views);
        this.settings = settings;
    }

    @Override
    protected String destination() {
        return "dead letters to table " + table;
    }

    @Override
    protected AsyncSinkBase<DynamoDbWriteRequest, DynamoDbWriteRequest> connector() {
        ElementConverter<DynamoDbWriteRequest, DynamoDbWriteRequest> asIs =
                (request, context) -> request;
        return DynamoDbSink.<DynamoDbWriteRequest>builder()
                .setTableName(table)
                .setDynamoDbProperties(settings.properties(table))
                .setElementConverter(asIs)
                .setOverwriteByPartitionKeys(List.of("Id"))
                .setMaxBatchSize(BATCH_MAX)
                .setMaxInFlightRequests(REQUESTS_MAX)
                .setMaxBufferedRequests(BUFFER_MAX)
                .setMaxTimeInBufferMS(LINGER_MILLIS)
                .setFailOnError(false)
                .build();
    }

    @Override
    protected Conversion<DeadLetter, DynamoDbWriteRequest> conversion(MetricGroup metrics) {
        return new Requests(new LetterCounters(metrics, tables), metrics.counter("itemsLeftOut"));
    }

    private static final class Requests implements Conversion<DeadLetter, DynamoDbWriteRequest> {

        private final LetterCounters letters;
        private final Counter itemsLeftOut;

        Requests(LetterCounters letters, Counter itemsLeftOut) {
            this.letters = letters;
            this.itemsLeftOut = itemsLeftOut;
        }

        @Override
        public DynamoDbWriteRequest apply(DeadLetter letter) {
            letters.count(letter);
            Map<String, AttributeValue> row = new HashMap<>();
            row.put("Id", AttributeValue.fromS(id(letter.id())));
            row.put("Source", AttributeValue.fromS(letter.source()));
            row.put("Reason", AttributeValue.fromS(letter.reason()));
            row.put("Keys", text(DynamoDbJson.toBytes(letter.keys())));
            if (letter.version() != null) {
                row.put("Version", AttributeValue.fromS(letter.version()));
            }
            if (letter.time() > 0) {
                String time = Instant.ofEpochMilli(letter.time()).toString();
                row.put("Time", AttributeValue.fromS(time));
            }
            if (letter.item() != null) {
                row.put("Item", item(DynamoDbJson.toBytes(letter.item())));
            }
            return DynamoDbWriteRequest.builder()
                    .setType(DynamoDbWriteRequestType.PUT)
                    .setItem(row)
                    .build();
        }

        private AttributeValue item(byte[] json) {
            if (json.length <= ITEM_BYTES_MAX) {
                return text(json);
            }
            itemsLeftOut.inc();
            return AttributeValue.fromS("left out: its JSON has " + json.length + " bytes");
        }

        private static AttributeValue text(byte[] json) {
            return AttributeValue.fromS(new String(json, StandardCharsets.UTF_8));
        }

        private static String id(String id) {
            int bytes = id.getBytes(StandardCharsets.UTF_8).length;
            return bytes > 0 && bytes <= ID_BYTES_MAX ? id : StreamEntry.sha256(id);
        }

        @Override
        public long size(DynamoDbWriteRequest request) {
            long characters = 0;
            for (AttributeValue value : request.getItem().values()) {
                characters += value.s().length();
            }
            return 2 * characters;
        }
    }
}
