package dev.tally.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

    private static final Set<String> OWN_HEADERS =
            Set.of("host", "connection", "content-length", "upgrade", "http2-settings", "expect");
    private static final String ERROR =
            "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"%s\"}";

    private final URI target;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Rule> rules = new ArrayList<>();
    private final List<CompletableFuture<Void>> held = new ArrayList<>();
    private final List<CompletableFuture<Void>> late = new ArrayList<>();
    private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
    private final Map<String, Queue<String>> watched = new ConcurrentHashMap<>();

    public HoldingProxy(URI target) {
        this.target = target;
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a proxy", e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
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

    private void handle(HttpExchange exchange) throws IOException {
        String called = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        String operation = called.substring(called.indexOf('.') + 1);
        seen.computeIfAbsent(operation, name -> new AtomicInteger()).incrementAndGet();
        byte[] body = exchange.getRequestBody().readAllBytes();
        keep(operation, new String(body, StandardCharsets.UTF_8));
        Fate fate = fate(operation, new String(body, StandardCharsets.UTF_8));
        try {
            if (fate == null) {
                answer(exchange, forward(exchange.getRequestHeaders(), body));
            } else if (fate == Fate.HOLD) {
                hold(exchange, body);
            } else if (fate == Fate.LOSE_ANSWER) {
                forward(exchange.getRequestHeaders(), body);
            } else if (fate == Fate.THROTTLE) {
                error(exchange, 400, "ProvisionedThroughputExceededException", "");
            } else if (fate == Fate.DENY) {
                error(exchange, 400, "AccessDeniedException", "");
            } else if (fate == Fate.REFUSE) {
                String quoted = new String(body, StandardCharsets.UTF_8).replace('"', '\'');
                error(exchange, 400, "ValidationException", "not a number: " + quoted);
            } else {
                error(exchange, 500, "InternalServerError", "");
            }
        } finally {
            exchange.close();
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
        HttpResponse<byte[]> answer = forward(exchange.getRequestHeaders(), body);
        arrived.complete(null);
        answer(exchange, answer);
    }

    private HttpResponse<byte[]> forward(Headers headers, byte[] body) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target).POST(BodyPublishers.ofByteArray(body));
        headers.forEach(
                (name, values) -> {
                    if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                        request.header(name, values.get(0));
                    }
                });
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("cannot forward a request: the proxy ends", e);
        }
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> response)
            throws IOException {
        for (String name : List.of("content-type", "x-amz-crc32", "x-amzn-requestid", "date")) {
            response.headers()
                    .firstValue(name)
                    .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
        }
        exchange.sendResponseHeaders(response.statusCode(), response.body().length);
        exchange.getResponseBody().write(response.body());
    }

    private static void error(HttpExchange exchange, int status, String code, String message)
            throws IOException {
        byte[] body = String.format(ERROR, code, message).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        release().orTimeout(5, TimeUnit.SECONDS).exceptionally(error -> null).join();
        server.stop(0);
        threads.shutdownNow();
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
