package dev.tally.bench.local;

import com.sun.net.httpserver.HttpExchange;
import dev.tally.testing.Relay;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before DynamoDB Local and counts the updates of each table, repeated ones included. Those
 * of some tables it answers itself: DynamoDB Local takes a few hundred a second, DynamoDB any
 * number.
 */
final class Requests implements AutoCloseable {

    private static final Pattern TABLE = Pattern.compile("\"TableName\":\"([^\"]+)\"");

    private final Map<String, LongAdder> updates = new ConcurrentHashMap<>();
    private final Set<String> answered;
    private final Relay relay;

    /**
     * @param answered tables whose updates go no further
     */
    Requests(URI dynamoDb, Set<String> answered) {
        this.answered = answered;
        this.relay = new Relay(dynamoDb, this::handle);
    }

    URI endpoint() {
        return URI.create(relay.endpoint());
    }

    /** Updates of a table so far. */
    long updates(String table) {
        LongAdder count = updates.get(table);
        return count == null ? 0 : count.sum();
    }

    private void handle(HttpExchange exchange, String operation, byte[] body) throws IOException {
        if (operation.equals("UpdateItem")) {
            Matcher named = TABLE.matcher(new String(body, StandardCharsets.UTF_8));
            if (named.find()) {
                updates.computeIfAbsent(named.group(1), t -> new LongAdder()).increment();
                if (answered.contains(named.group(1))) {
                    Relay.accept(exchange);
                    return;
                }
            }
        }
        Relay.answer(exchange, relay.forward(exchange.getRequestHeaders(), body));
    }

    @Override
    public void close() {
        relay.close();
    }
}
