package dev.tally.bench.drift;

import com.sun.net.httpserver.HttpExchange;
import dev.tally.testing.Relay;
import java.io.IOException;
import java.net.URI;
import java.util.Random;
import java.util.Set;

/**
 * Stands before DynamoDB Local. Of the writes it throttles some, which do not arrive, and of some
 * that do arrive it breaks the connection instead of an answer.
 */
final class WeakTarget implements AutoCloseable {

    private static final Set<String> WRITES =
            Set.of("UpdateItem", "PutItem", "DeleteItem", "BatchWriteItem");
    private static final double THROTTLED = 0.02;
    private static final double LOST = 0.005;

    private final Random random = new Random(7);
    private final Relay relay;

    WeakTarget(URI dynamoDb) {
        this.relay = new Relay(dynamoDb, this::handle);
    }

    URI endpoint() {
        return URI.create(relay.endpoint());
    }

    private void handle(HttpExchange exchange, String operation, byte[] body) throws IOException {
        double dice = WRITES.contains(operation) ? dice() : 1;
        if (dice < THROTTLED) {
            Relay.error(exchange, 400, "ProvisionedThroughputExceededException", "");
        } else if (dice < THROTTLED + LOST) {
            relay.forward(exchange.getRequestHeaders(), body);
        } else {
            Relay.answer(exchange, relay.forward(exchange.getRequestHeaders(), body));
        }
    }

    private synchronized double dice() {
        return random.nextDouble();
    }

    @Override
    public void close() {
        relay.close();
    }
}
