package dev.tally.bench.drift;

import dev.tally.source.client.Change;
import dev.tally.source.client.TableClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A function on the stream: for each record {@code UpdateItem} with {@code ADD} to the rows that
 * its images name. A batch of which something fails is delivered again, all of it.
 */
final class LambdaKeeper implements Keeper {

    /** One batch in so many fails on its way. */
    private static final int FAILING = 50;

    private final StreamReader stream;
    private final DynamoDbAsyncClient target;
    private final String rows;
    private final Random random = new Random(11);

    LambdaKeeper(TableClient source, DynamoDbAsyncClient target, String rows) {
        this.stream = new StreamReader(source, true);
        this.target = target;
        this.rows = rows;
    }

    @Override
    public void start() {}

    @Override
    public void catchUp() throws Exception {
        stream.readAll(
                batch -> {
                    if (random.nextInt(FAILING) == 0) {
                        add(batch.subList(0, random.nextInt(batch.size())));
                    }
                    add(batch);
                });
    }

    private void add(List<Change> batch) {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (Change change : batch) {
            Group.changesOf(change).forEach((list, by) -> calls.add(add(list, by)));
        }
        calls.forEach(CompletableFuture::join);
    }

    private CompletableFuture<?> add(String list, Group by) {
        return target.updateItem(
                update ->
                        update.tableName(rows)
                                .key(Map.of("ListId", AttributeValue.fromS(list)))
                                .updateExpression("ADD Tasks :tasks, Effort :effort")
                                .expressionAttributeValues(
                                        Map.of(
                                                ":tasks",
                                                AttributeValue.fromN(Long.toString(by.tasks())),
                                                ":effort",
                                                AttributeValue.fromN(
                                                        by.effort().toPlainString()))));
    }

    @Override
    public void mark() {
        stream.mark();
    }

    /** Its trigger begins there anew; the rows are what they are. */
    @Override
    public void goBack() {
        stream.goBack();
    }

    @Override
    public void close() {}
}
