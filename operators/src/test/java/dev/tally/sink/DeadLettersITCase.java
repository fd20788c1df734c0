package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.change.DeadLetter;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.json.DynamoDbJson;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.Views;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Dead letters in a table of DynamoDB Local. */
class DeadLettersITCase {

    @RegisterExtension static final MiniClusterExtension CLUSTER = new MiniClusterExtension();

    private static final Item KEYS = Item.of(Map.of("TaskId", Value.text("t1")));

    private static final Views VIEWS = new Views(List.of(), List.of(), List.of());

    private final LocalDynamoDb local = LocalDynamoDb.shared();

    @Test
    void aLetterIsStoredWithAllThatIsKnown() throws Exception {
        createTable("letters");
        Value deep = Value.text("bottom");
        for (int depth = 0; depth < 31; depth++) {
            deep = Value.list(List.of(deep));
        }
        Item item = KEYS.with("Deep", deep);
        long time = 1_795_201_200_000L;
        write(
                "letters",
                new DeadLetter("e1", "view v", "why", KEYS, "000001-42", time, item),
                new DeadLetter("e2", "feed f", "why not", KEYS, null, 0, null));

        Map<String, AttributeValue> first = read("letters", "e1");
        assertThat(first.get("Source").s()).isEqualTo("view v");
        assertThat(first.get("Reason").s()).isEqualTo("why");
        assertThat(first.get("Version").s()).isEqualTo("000001-42");
        assertThat(first.get("Time").s()).isEqualTo("2026-11-20T19:00:00Z");
        assertThat(json(first.get("Keys"))).isEqualTo(KEYS);
        assertThat(json(first.get("Item"))).as("as deep as items go").isEqualTo(item);
        assertThat(read("letters", "e2")).containsOnlyKeys("Id", "Source", "Reason", "Keys");
    }

    @Test
    void aRepeatOverwrites() throws Exception {
        createTable("letters-again");
        DeadLetter letter = new DeadLetter("e1", "view v", "why", KEYS, null, 0, null);
        write("letters-again", letter, letter);
        write("letters-again", letter);
        assertThat(local.client().scan(r -> r.tableName("letters-again")).items()).hasSize(1);
    }

    @Test
    void anItemThatIsTooLargeIsLeftOutAndItIsSaidSo() throws Exception {
        createTable("letters-large");
        Item large = KEYS.with("Title", Value.text("x".repeat(390_000)));
        Item fits = KEYS.with("Title", Value.text("x".repeat(340_000)));
        write(
                "letters-large",
                new DeadLetter("e1", "view v", "why", KEYS, null, 0, large),
                new DeadLetter("e2", "view v", "why", KEYS, null, 0, fits));

        assertThat(read("letters-large", "e1").get("Item").s())
                .matches("left out: its JSON has 390\\d{3} bytes");
        assertThat(json(read("letters-large", "e2").get("Item"))).isEqualTo(fits);
    }

    @Test
    void anIdThatIsNoKeyIsHashed() throws Exception {
        createTable("letters-id");
        String id = "e".repeat(3_000);
        write("letters-id", new DeadLetter(id, "view v", "why", KEYS, null, 0, null));
        assertThat(read("letters-id", StreamEntry.sha256(id))).isNotEmpty();
    }

    @Test
    void aTableThatIsMissingStopsTheJobByName() {
        DeadLetter letter = new DeadLetter("e1", "view v", "why", KEYS, null, 0, null);
        assertThatThrownBy(() -> write("letters-missing", letter))
                .hasStackTraceContaining("cannot write dead letters to table letters-missing: ");
    }

    private void write(String table, DeadLetter... letters) throws Exception {
        DeadLetters sink = new DeadLetters(table, VIEWS, SinkJobs.local(local.endpoint()));
        SinkJobs.run(DeadLetter.class, List.of(letters), sink);
    }

    private Map<String, AttributeValue> read(String table, String id) {
        return local.client()
                .getItem(r -> r.tableName(table).key(Map.of("Id", AttributeValue.fromS(id))))
                .item();
    }

    private static Item json(AttributeValue text) throws Exception {
        return DynamoDbJson.readItem(text.s().getBytes(StandardCharsets.UTF_8));
    }

    private static void createTable(String table) {
        DynamoDbClient client = LocalDynamoDb.shared().client();
        client.createTable(
                r ->
                        r.tableName(table)
                                .attributeDefinitions(
                                        AttributeDefinition.builder()
                                                .attributeName("Id")
                                                .attributeType(ScalarAttributeType.S)
                                                .build())
                                .keySchema(
                                        KeySchemaElement.builder()
                                                .attributeName("Id")
                                                .keyType(KeyType.HASH)
                                                .build())
                                .billingMode(BillingMode.PAY_PER_REQUEST));
    }
}
