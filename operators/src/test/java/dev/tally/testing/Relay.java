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
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands before DynamoDB Local and gives each request to a handler, which may send it on and answer
 * it; one that it does not answer ends with a broken connection. Listens on this machine only.
 */
public final class Relay implements AutoCloseable {

    /** Called on a thread of its own for each request. */
    @FunctionalInterface
    public interface Handler {
        void handle(HttpExchange exchange, String operation, byte[] body) throws IOException;
    }

    private static final Set<String> OWN_HEADERS =
            Set.of("host", "connection", "content-length", "upgrade", "http2-settings", "expect");
    private static final String CHECKSUM = "x-amz-crc32";
    private static final String ERROR =
            "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"%s\"}";

    private final URI target;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    public Relay(URI target, Handler handler) {
        this.target = target;
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a proxy", e);
        }
        server.createContext("/", exchange -> handle(exchange, handler));
        server.setExecutor(threads);
        server.start();
    }

    private static void handle(HttpExchange exchange, Handler handler) throws IOException {
        try {
            String called = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            String operation = called.substring(called.indexOf('.') + 1);
            handler.handle(exchange, operation, exchange.getRequestBody().readAllBytes());
        } finally {
            exchange.close();
        }
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Executor threads() {
        return threads;
    }

    /** Sends a request on as it came. */
    public HttpResponse<byte[]> forward(Headers headers, byte[] body) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target).POST(BodyPublishers.ofByteArray(body));
        headers.forEach(
                (name, values) -> {
                    if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                        values.forEach(value -> request.header(name, value));
                    }
                });
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("cannot forward a request: the proxy ends", e);
        }
    }

    /** Answers as the target did. */
    public static void answer(HttpExchange exchange, HttpResponse<byte[]> answer)
            throws IOException {
        headers(exchange, answer);
        send(exchange, answer.statusCode(), answer.body());
    }

    /** Answers as the target did, but with this for a body. */
    static void answer(HttpExchange exchange, HttpResponse<byte[]> answer, String body)
            throws IOException {
        headers(exchange, answer);
        exchange.getResponseHeaders().remove(CHECKSUM);
        send(exchange, answer.statusCode(), body.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers half of what the target did. */
    static void tear(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
        headers(exchange, answer);
        exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
        exchange.getResponseBody().write(answer.body(), 0, answer.body().length / 2);
        exchange.getResponseBody().flush();
    }

    /** Answers that a write was done, though the target has not heard of it. */
    public static void accept(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("content-type", "application/x-amz-json-1.0");
        send(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
    }

    public static void error(HttpExchange exchange, int status, String code, String message)
            throws IOException {
        exchange.getResponseHeaders().set("content-type", "application/x-amz-json-1.0");
        String body = String.format(ERROR, code, message);
        send(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void headers(HttpExchange to, HttpResponse<byte[]> from) {
        for (String name : List.of("content-type", CHECKSUM, "x-amzn-requestid", "date")) {
            from.headers()
                    .firstValue(name)
                    .ifPresent(value -> to.getResponseHeaders().set(name, value));
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
