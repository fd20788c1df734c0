package dev.tally.job;

import dev.tally.testing.LocalDynamoDb;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A reader that polls a table of rows all the time: no guard of a row may ever decrease. */
final class GuardWatch implements AutoCloseable {

    private static final int POSITION = "0000000000-0000000000000000-0000000000".length();

    private final String table;
    private final String guard;
    private final Map<String, String> highest = new ConcurrentHashMap<>();
    private final List<String> decreases = Collections.synchronizedList(new ArrayList<>());
    private final Thread reader = new Thread(this::poll, "guard watch");
    private volatile boolean ends;
    private final AtomicInteger polls = new AtomicInteger();

    /**
     * @param table with the key ListId
     */
    GuardWatch(String table, String view) {
        this.table = table;
        this.guard = "_tally_" + view;
        reader.start();
    }

    private void poll() {
        while (!ends) {
            for (Map<String, AttributeValue> row :
                    LocalDynamoDb.shared()
                            .client()
                            .scan(scan -> scan.tableName(table).consistentRead(true))
                            .items()) {
                see(row.get("ListId").s(), row.get(guard).s().substring(0, POSITION));
            }
            polls.incrementAndGet();
        }
    }

    private void see(String row, String position) {
        String before = highest.put(row, position);
        if (before != null && before.compareTo(position) > 0) {
            decreases.add(row + " went from " + before + " to " + position);
        }
    }

    List<String> decreases() {
        return decreases;
    }

    int polls() {
        return polls.get();
    }

    @Override
    public void close() {
        ends = true;
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
