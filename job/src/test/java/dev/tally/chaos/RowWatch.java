package dev.tally.chaos;

import dev.tally.sink.Guard;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A reader that reads all rows of a view all the time. A row whose guard is older than one it has
 * seen before would be a row that went back.
 */
final class RowWatch implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final DynamoDbClient client;
    private final String table;
    private final String guard;
    private final Map<String, Guard> newest = new HashMap<>();
    private final List<String> decreased = new ArrayList<>();
    private final Thread thread = new Thread(this::readOn, "row-watch");
    private long reads;
    private volatile boolean ended;
    private volatile Throwable failure;

    RowWatch(DynamoDbClient client, String table, String view) {
        this.client = client;
        this.table = table;
        this.guard = "_tally_" + view;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void readOn() {
        try {
            while (!ended) {
                for (Map<String, AttributeValue> row : rows()) {
                    see(row.get("ListId").s(), row.get(guard));
                }
                synchronized (this) {
                    reads++;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private Iterable<Map<String, AttributeValue>> rows() {
        return client.scanPaginator(scan -> scan.tableName(table).consistentRead(true)).items();
    }

    private synchronized void see(String row, AttributeValue text) {
        Guard now = text == null ? null : Guard.parse(text.s()).orElse(null);
        Guard before = newest.get(row);
        if (before != null && (now == null || now.compareTo(before) < 0)) {
            decreased.add(row + " from " + before + " to " + now);
        }
        if (now != null) {
            newest.put(row, now);
        }
    }

    /** Of the newest checkpoint of which a row has been seen; 0 before there are rows. */
    synchronized long newestCheckpoint() {
        long checkpoint = 0;
        for (Guard one : newest.values()) {
            checkpoint = Math.max(checkpoint, one.checkpoint());
        }
        return checkpoint;
    }

    /** How many rows are of this checkpoint or a later one. */
    synchronized int rowsFrom(long checkpoint) {
        int rows = 0;
        for (Guard one : newest.values()) {
            rows += one.checkpoint() >= checkpoint ? 1 : 0;
        }
        return rows;
    }

    /** All times that all rows were read. */
    synchronized long reads() {
        if (failure != null) {
            throw new IllegalStateException("the reader of all rows has failed", failure);
        }
        return reads;
    }

    synchronized List<String> decreased() {
        return List.copyOf(decreased);
    }

    /** What the rows with tasks say at this moment, by list. */
    Map<String, List<String>> counts() {
        Map<String, List<String>> counts = new TreeMap<>();
        for (Map<String, AttributeValue> row : rows()) {
            if (!row.get("TaskCount").n().equals("0")) {
                counts.put(
                        row.get("ListId").s(),
                        List.of(
                                row.get("TaskCount").n(),
                                row.get("OpenTasks").n(),
                                Traffic.plain(new BigDecimal(row.get("Effort").n()))));
            }
        }
        return counts;
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
