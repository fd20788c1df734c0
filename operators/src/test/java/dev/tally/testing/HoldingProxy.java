package dev.tally.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Stands before DynamoDB Local and lets chosen requests come late, fail, or come with their answer
 * lost. Listens on this machine only.
 */
public final class HoldingProxy implements AutoCloseable {

    /** What becomes of a request. */
    public enum Fate {
        /** It waits for {@link HoldingProxy#release}, however long the sender waits. */
        HOLD,
        /** It arrives, but the connection breaks instead of an answer. */
        LOSE_ANSWER,
        /** It does not arrive: throttled. */
        THROTTLE,
        /** It does not arrive: a server error. */
        FAIL,
        /** It does not arrive: no permission. */
        DENY,
        /** It does not arrive: it is wrong, says an answer that quotes all of it. */
        REFUSE
    }

    private final Relay relay;
    private final List<Rule> rules = new ArrayList<>();
    private final List<CompletableFuture<Void>> held = new ArrayList<>();
    private final List<CompletableFuture<Void>> late = new ArrayList<>();
    private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
    private final Map<String, Queue<String>> watched = new ConcurrentHashMap<>();

    public HoldingProxy(URI target) {
        this.relay = new Relay(target, this::handle);
    }

    public String endpoint() {
        return relay.endpoint();
    }

    /**
     * The next requests of the operation whose body has the text get that fate; of several rules
     * that fit, the first counts.
     */
    public synchronized void next(int requests, String operation, String text, Fate fate) {
        rules.add(
                new Rule(requests, op -> op.equals(operation), body -> body.contains(text), fate));
    }

    /** From now on all requests arrive, but for those that are held. */
    public synchronized void forget() {
        rules.clear();
    }

    /** How many requests of the operation have come. */
    public int seen(String operation) {
        AtomicInteger count = seen.get(operation);
        return count == null ? 0 : count.get();
    }

    /** From now on the requests to this table are kept. */
    public void watch(String table) {
        watched.putIfAbsent(table, new ConcurrentLinkedQueue<>());
    }

    /** The bodies of the operation's requests to a watched table, in the order they came. */
    public List<String> requests(String operation, String table) {
        List<String> bodies = new ArrayList<>();
        for (String request : watched.get(table)) {
            if (request.startsWith(operation + " ")) {
                bodies.add(request.substring(operation.length() + 1));
            }
        }
        return bodies;
    }

    private void keep(String operation, String body) {
        watched.forEach(
                (table, requests) -> {
                    if (body.contains("\"TableName\":\"" + table + "\"")) {
                        requests.add(operation + " " + body);
                    }
                });
    }

    /** How many requests are held back now. */
    public synchronized int held() {
        return held.size();
    }

    /** Lets what is held go on; completes when the target has answered all of it. */
    public synchronized CompletableFuture<Void> release() {
        held.forEach(one -> one.complete(null));
        held.clear();
        CompletableFuture<Void> all =
                CompletableFuture.allOf(late.toArray(new CompletableFuture<?>[0]));
        late.clear();
        return all;
    }

    private void handle(HttpExchange exchange, String operation, byte[] body) throws IOException {
        seen.computeIfAbsent(operation, name -> new AtomicInteger()).incrementAndGet();
        String text = new String(body, StandardCharsets.UTF_8);
        keep(operation, text);
        Fate fate = fate(operation, text);
        if (fate == null) {
            Relay.answer(exchange, relay.forward(exchange.getRequestHeaders(), body));
        } else if (fate == Fate.HOLD) {
            hold(exchange, body);
        } else if (fate == Fate.LOSE_ANSWER) {
            relay.forward(exchange.getRequestHeaders(), body);
        } else if (fate == Fate.THROTTLE) {
            Relay.error(exchange, 400, "ProvisionedThroughputExceededException", "");
        } else if (fate == Fate.DENY) {
            Relay.error(exchange, 400, "AccessDeniedException", "");
        } else if (fate == Fate.REFUSE) {
            String quoted = text.replace('"', '\'');
            Relay.error(exchange, 400, "ValidationException", "not a number: " + quoted);
        } else {
            Relay.error(exchange, 500, "InternalServerError", "");
        }
    }

    private synchronized Fate fate(String operation, String body) {
        for (Rule rule : rules) {
            if (rule.left > 0 && rule.operation.test(operation) && rule.body.test(body)) {
                rule.left--;
                return rule.fate;
            }
        }
        return null;
    }

    private void hold(HttpExchange exchange, byte[] body) throws IOException {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        synchronized (this) {
            held.add(gate);
            late.add(arrived);
        }
        gate.join();
        HttpResponse<byte[]> answer = relay.forward(exchange.getRequestHeaders(), body);
        arrived.complete(null);
        Relay.answer(exchange, answer);
    }

    @Override
    public void close() {
        release().orTimeout(5, TimeUnit.SECONDS).exceptionally(error -> null).join();
        relay.close();
    }

    private static final class Rule {
        private int left;
        private final Predicate<String> operation;
        private final Predicate<String> body;
        private final Fate fate;

        private Rule(int left, Predicate<String> operation, Predicate<String> body, Fate fate) {
            this.left = left;
            this.operation = operation;
            this.body = body;
            this.fate = fate;
        }
    }
}
