package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.testing.FaultyProxy;
import dev.tally.testing.LocalDynamoDb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ItemTableITCase {

    private static final String BATCH = "BatchWriteItem";

    private final SinkTable table = new SinkTable();
    private final FaultyProxy proxy = new FaultyProxy(LocalDynamoDb.shared().endpoint(), 1);
    private final ItemTable items =
            new ItemTable(SinkTable.settings(proxy.endpoint().toString()), table.name());

    @AfterEach
    void close() {
        items.close();
        proxy.close();
    }

    @Test
    void writesManyInFewRequests() {
        List<Item> many = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            many.add(item("l" + i, i));
        }
        items.putAll(many);
        items.putAll(List.of());
        for (Item item : many) {
            assertThat(table.get(item.get("ListId").asText())).isEqualTo(item);
        }
        assertThat(proxy.seen(BATCH)).isEqualTo(3);
    }

    @Test
    void writesAgainWhatDynamoDbGivesBack() {
        AtomicInteger answers = new AtomicInteger();
        proxy.rewrite(BATCH, answer -> answers.incrementAndGet() < 3 ? unprocessed() : answer);
        items.putAll(List.of(item("a", 1)));
        assertThat(proxy.seen(BATCH)).isEqualTo(3);
        assertThat(table.get("given-back")).isEqualTo(item("given-back", 7));
    }

    @Test
    void saysSoWhenDynamoDbTakesNone() {
        proxy.rewrite(BATCH, answer -> unprocessed());
        assertThatThrownBy(() -> items.putAll(List.of(item("a", 1))))
                .isInstanceOf(TargetException.class)
                .hasMessageStartingWith("cannot write to table " + table.name())
                .hasMessageContaining("Raise its write capacity.");
    }

    private static Item item(String list, long count) {
        return Item.of(Map.of("ListId", Value.text(list), "TaskCount", Value.number(count)));
    }

    private String unprocessed() {
        return String.format(
                "{\"UnprocessedItems\":{\"%s\":[{\"PutRequest\":{\"Item\":"
                        + "{\"ListId\":{\"S\":\"given-back\"},\"TaskCount\":{\"N\":\"7\"}}}}]}}",
                table.name());
    }
}
