package dev.tally.job.managed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * The AWS services that {@code scripts/submit.sh managed} calls, at one address of this machine. It
 * keeps their state, refuses what they would refuse, notes every request, and fails on demand.
 */
public final class FakeAws implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where it answers; the CLI takes it as {@code --endpoint-url}. */
    final String endpoint;

    final FakeBucket buckets = new FakeBucket();
    final FakeAccount account = new FakeAccount();
    final FakeStack stacks = new FakeStack(buckets, account);
    final FakeFlink flink;

    private final FakeDashboard dashboard;
    private final HttpServer server;
    private final List<FakeRequest> requests = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();

    /** The next calls of an operation answer an error. */
    private static final class Failure {
        final String operation;
        final FakeError error;
        int times;

        Failure(String operation, FakeError error, int times) {
            this.operation = operation;
            this.error = error;
            this.times = times;
        }
    }

    FakeAws(int port) throws IOException {
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        flink = new FakeFlink(buckets, endpoint);
        dashboard = new FakeDashboard(flink);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * Serves until it is ended. A person provokes errors with {@code POST /fake/fail} {@code
     * {"operation", "code", "message", "times"}} and sets the state with {@code POST /fake/set}
     * {@code {"next-failure", "restart-loop", "looks", "deny", "snapshots-fail"}}.
     */
    public static void main(String[] args) throws Exception {
        try (FakeAws fake = new FakeAws(args.length > 0 ? Integer.parseInt(args[0]) : 0)) {
            System.out.println(fake.endpoint);
            new CountDownLatch(1).await();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /**
     * An application of the script that runs, as {@code up} leaves it, without the time it takes.
     */
    synchronized FakeApplication running(String name) {
        String bucket = "tally-" + name + "-codebucket";
        buckets.create(bucket);
        buckets.objects(bucket).put("jars/tally-1.jar", new byte[1]);
        ObjectNode request = JSON.createObjectNode();
        request.put("ApplicationName", name).put("RuntimeEnvironment", "FLINK-1_20");
        request.put("ServiceExecutionRole", "arn:aws:iam::" + FakeAccount.ID + ":role/" + name);
        request.putArray("Tags").addObject().put("Key", "tally").put("Value", name);
        ObjectNode configuration = request.putObject("ApplicationConfiguration");
        configuration
                .putObject("ApplicationCodeConfiguration")
                .put("CodeContentType", "ZIPFILE")
                .putObject("CodeContent")
                .putObject("S3ContentLocation")
                .put("BucketARN", "arn:aws:s3:::" + bucket)
                .put("FileKey", "jars/tally-1.jar");
        configuration
                .putObject("ApplicationSystemRollbackConfiguration")
                .put("RollbackEnabled", true);
        flink.answer("CreateApplication", request);
        FakeApplication made = flink.applications.get(name);
        FakeDescriptions.run(made.configuration(), JSON.createObjectNode());
        made.runs();
        return made;
    }

    /** What was asked so far, oldest first. */
    synchronized List<FakeRequest> requests() {
        return new ArrayList<>(requests);
    }

    /** What was asked of one operation so far, oldest first. */
    synchronized List<JsonNode> requests(String operation) {
        List<JsonNode> found = new ArrayList<>();
        for (FakeRequest request : requests) {
            if (request.operation.equals(operation)) {
                found.add(request.body);
            }
        }
        return found;
    }

    synchronized void forgetRequests() {
        requests.clear();
    }

    synchronized void forgetFailures() {
        failures.clear();
    }

    /** The next calls of an operation answer this error instead. */
    synchronized void fail(String operation, String code, String message, int times) {
        failures.add(new Failure(operation, new FakeError(code, message), times));
    }

    /** A mistake of the fake itself is told where it runs, and ends the call that met it. */
    private void handle(HttpExchange exchange) throws IOException {
        try {
            answer(exchange);
        } catch (RuntimeException e) {
            e.printStackTrace();
            exchange.close();
            throw e;
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        String path = exchange.getRequestURI().getPath();
        Map<String, String> query = form(exchange.getRequestURI().getRawQuery());
        synchronized (this) {
            if (path.startsWith("/flinkdashboard") || path.startsWith("/fake/")) {
                json(exchange, () -> page(path, query, body));
            } else if (target != null) {
                json(exchange, () -> call(target, body));
            } else if (exchange.getRequestMethod().equals("POST") && path.equals("/")) {
                query(exchange, form(new String(body, UTF_8)));
            } else {
                s3(exchange, path, query, body);
            }
        }
    }

    /** An answer that may not come. */
    private interface Answer {
        JsonNode get() throws IOException;
    }

    private static void json(HttpExchange exchange, Answer answer) throws IOException {
        String type = "application/x-amz-json-1.1";
        try {
            send(exchange, 200, type, JSON.writeValueAsBytes(answer.get()));
        } catch (FakeError e) {
            ObjectNode error = JSON.createObjectNode();
            error.put("__type", e.code).put("message", e.getMessage());
            send(exchange, e.status, type, JSON.writeValueAsBytes(error));
        }
    }

    private JsonNode page(String path, Map<String, String> query, byte[] body) throws IOException {
        if (path.equals("/fake/fail")) {
            JsonNode said = JSON.readTree(body);
            fail(
                    said.get("operation").asText(),
                    said.get("code").asText(),
                    said.path("message").asText(),
                    said.path("times").asInt(1));
            return said;
        }
        if (path.equals("/fake/set")) {
            set(JSON.readTree(body));
            return JSON.createObjectNode();
        }
        if (path.equals("/fake/cli")) {
            return new FakeCli(this).answer(new String(body, UTF_8));
        }
        return dashboard.answer(path.substring("/flinkdashboard".length()), query.get("authToken"));
    }

    private void set(JsonNode said) {
        for (Map.Entry<String, JsonNode> each : said.properties()) {
            String value = each.getValue().isNull() ? null : each.getValue().asText();
            switch (each.getKey()) {
                case "next-failure":
                    flink.nextFailure = value;
                    break;
                case "restart-loop":
                    flink.applications.values().forEach(a -> a.restartLoop = value);
                    break;
                case "looks":
                    flink.looks = each.getValue().asInt();
                    break;
                case "deny":
                    account.denied.add(value);
                    break;
                case "snapshots-fail":
                    flink.snapshotsFail = each.getValue().asBoolean();
                    break;
                default:
                    throw new FakeError("Unknown", each.getKey());
            }
        }
    }

    JsonNode call(String target, byte[] body) throws IOException {
        int dot = target.indexOf('.');
        String service = target.substring(0, dot);
        String operation = target.substring(dot + 1);
        JsonNode said = JSON.readTree(body);
        note(service, operation, said);
        if (service.startsWith("KinesisAnalytics_")) {
            return flink.answer(operation, said);
        }
        if (service.startsWith("Logs_")) {
            return account.logs(operation, said);
        }
        if (service.startsWith("ServiceQuotas")) {
            return account.quotas(operation, said);
        }
        return account.dynamoDb(operation, said);
    }

    void note(String service, String operation, JsonNode body) {
        requests.add(new FakeRequest(service, operation, body));
        for (Failure failure : failures) {
            if (failure.operation.equals(operation) && failure.times > 0) {
                failure.times--;
                throw failure.error;
            }
        }
    }

    private void query(HttpExchange exchange, Map<String, String> form) throws IOException {
        String action = form.get("Action");
        try {
            boolean stack = "2010-05-15".equals(form.get("Version"));
            String result = query(stack ? "cloudformation" : "iam", action, form);
            String xml =
                    FakeBucket.tag(
                            action + "Response",
                            FakeBucket.tag(action + "Result", result)
                                    + FakeBucket.tag(
                                            "ResponseMetadata", FakeBucket.tag("RequestId", "1")));
            send(exchange, 200, "text/xml", xml.getBytes(UTF_8));
        } catch (FakeError e) {
            String xml =
                    FakeBucket.tag(
                            "ErrorResponse",
                            FakeBucket.tag("Error", errorContent(e))
                                    + FakeBucket.tag("RequestId", "1"));
            send(exchange, e.status, "text/xml", xml.getBytes(UTF_8));
        }
    }

    /** The content of what cloudformation, iam and sts answer. */
    String query(String service, String action, Map<String, String> form) {
        note(service, action, JSON.valueToTree(form));
        return service.equals("cloudformation")
                ? stacks.query(action, form)
                : account.query(action, form);
    }

    private static String errorContent(FakeError e) {
        return FakeBucket.tag("Code", e.code)
                + FakeBucket.tag("Message", FakeStack.escaped(e.getMessage()));
    }

    private void s3(HttpExchange exchange, String path, Map<String, String> query, byte[] body)
            throws IOException {
        String[] names = path.substring(1).split("/", 2);
        String key = names.length > 1 ? names[1] : "";
        String method = exchange.getRequestMethod();
        String operation = FakeBucket.operation(method, key, query);
        try {
            ObjectNode said = JSON.createObjectNode().put("Bucket", names[0]).put("Key", key);
            note("s3", operation, said);
            String hash = exchange.getRequestHeaders().getFirst("x-amz-content-sha256");
            boolean chunked = hash != null && hash.startsWith("STREAMING-");
            byte[] whole = chunked ? FakeBucket.unchunked(body) : body;
            byte[] answer = buckets.answer(operation, names[0], key, query, whole);
            exchange.getResponseHeaders().add("ETag", "\"e\"");
            exchange.getResponseHeaders().add("x-amz-version-id", "v1");
            exchange.getResponseHeaders().add("Last-Modified", "Fri, 20 Nov 2026 18:00:00 GMT");
            send(exchange, 200, "application/xml", answer);
        } catch (FakeError e) {
            byte[] xml = FakeBucket.tag("Error", errorContent(e)).getBytes(UTF_8);
            send(exchange, e.status, "application/xml", xml);
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().add("Content-Length", String.valueOf(body.length));
        }
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static Map<String, String> form(String encoded) {
        Map<String, String> form = new TreeMap<>();
        if (encoded != null && !encoded.isEmpty()) {
            for (String pair : encoded.split("&")) {
                String[] parts = pair.split("=", 2);
                form.put(
                        URLDecoder.decode(parts[0], UTF_8),
                        parts.length > 1 ? URLDecoder.decode(parts[1], UTF_8) : "");
            }
        }
        return form;
    }
}
