package dev.tally.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Stands before DynamoDB Local, for tables and streams, and does to requests and answers what a
 * network and a service in trouble do. Listens on this machine only.
 *
 * <p>By chance: what happens to the n-th request of an operation depends on the seed and n alone,
 * not on threads. Or by order: {@link #next}. {@link #heal} ends both; what is late still lands.
 */
public final class FaultyProxy implements AutoCloseable {

    /** What goes wrong with a request. */
    public enum Fault {
        /** It does not arrive: a server error. */
        FAIL,
        /** It does not arrive: throttled. */
        THROTTLE,
        /** It does not arrive: a third reader on a shard, or too many calls. */
        LIMIT,
        /** It does not arrive: no permission. */
        DENY,
        /** It does not arrive: its shard iterator is too old. */
        EXPIRE_ITERATOR,
        /** It does not arrive: the connection breaks. */
        RESET,
        /** It arrives, but the connection breaks instead of an answer. */
        LOSE_ANSWER,
        /** It arrives, but the connection breaks in the middle of the answer. */
        TEAR_ANSWER,
        /** The connection breaks at once; the request arrives later, after others. */
        LAND_LATE,
        /** No answer for as long as {@link #hang} says; then the request arrives. */
        HANG,
        /** It waits before it arrives, and is answered. */
        SLOW,
        /** Only a few of what it reads come back: a short page, with where to go on. */
        SHORT_PAGE
    }

    /** Any operation. */
    public static final String ANY = "*";

    private static final Set<String> PAGED = Set.of("Scan", "Query", "GetRecords");
    private static final int SHORT_PAGE_MAX = 3;

    private final long seed;
    private final Relay relay;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Rule> rules = new ArrayList<>();
    private final List<CompletableFuture<Void>> late = new ArrayList<>();
    private final Map<String, UnaryOperator<String>> rewrites = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
    private final Map<Fault, AtomicInteger> injected = new ConcurrentHashMap<>();
    private volatile Duration delay = Duration.ofMillis(200);
    private volatile Duration hang = Duration.ofSeconds(20);

    public FaultyProxy(URI target, long seed) {
        this.seed = seed;
        this.relay = new Relay(target, this::handle);
    }

    public URI endpoint() {
        return URI.create(relay.endpoint());
    }

    /**
     * From now on requests of the operation meet the fault by chance.
     *
     * @param operation such as {@code UpdateItem}, or {@link #ANY}
     */
    public synchronized FaultyProxy often(double chance, String operation, Fault fault) {
        rules.add(new Rule(operation, "", fault, chance, Integer.MAX_VALUE));
        return this;
    }

    /**
     * The next requests of the operation whose body has the text meet the fault; of several rules
     * that fit, the first counts.
     */
    public synchronized FaultyProxy next(int requests, String operation, String text, Fault fault) {
        rules.add(new Rule(operation, text, fault, 1, requests));
        return this;
    }

    /** From now on answers of the operation come as the function makes them; null: as they are. */
    public FaultyProxy rewrite(String operation, UnaryOperator<String> answer) {
        if (answer == null) {
            rewrites.remove(operation);
        } else {
            rewrites.put(operation, answer);
        }
        return this;
    }

    /** The longest that {@link Fault#SLOW} and {@link Fault#LAND_LATE} wait. */
    public FaultyProxy delay(Duration longest) {
        delay = longest;
        return this;
    }

    /** How long {@link Fault#HANG} goes without an answer: longer than the client's patience. */
    public FaultyProxy hang(Duration time) {
        hang = time;
        return this;
    }

    /** No more faults and no more rewriting. */
    public synchronized void heal() {
        rules.clear();
        rewrites.clear();
    }

    /** Completes when all that was late has arrived. */
    public synchronized CompletableFuture<Void> landed() {
        return CompletableFuture.allOf(late.toArray(new CompletableFuture<?>[0]));
    }

    /** How many requests of the operation have come; {@link #ANY} for all. */
    public int seen(String operation) {
        if (operation.equals(ANY)) {
            return seen.values().stream().mapToInt(AtomicInteger::get).sum();
        }
        AtomicInteger count = seen.get(operation);
        return count == null ? 0 : count.get();
    }

    /** The operations that have come at all. */
    public Set<String> operations() {
        return Set.copyOf(seen.keySet());
    }

    /** How often a fault has happened. */
    public int injected(Fault fault) {
        AtomicInteger count = injected.get(fault);
        return count == null ? 0 : count.get();
    }

    private void handle(HttpExchange exchange, String operation, byte[] body) throws IOException {
        int number = seen.computeIfAbsent(operation, name -> new AtomicInteger()).incrementAndGet();
        SplittableRandom random =
                new SplittableRandom(seed * 1_000_003 + operation.hashCode() * 31L + number);
        Fault fault = fault(operation, new String(body, StandardCharsets.UTF_8), random);
        if (fault != null) {
            injected.computeIfAbsent(fault, name -> new AtomicInteger()).incrementAndGet();
        }
        handle(exchange, operation, body, fault, random);
    }

    private void handle(
            HttpExchange exchange,
            String operation,
            byte[] body,
            Fault fault,
            SplittableRandom random)
            throws IOException {
        if (fault == null) {
            pass(exchange, operation, body);
            return;
        }
        switch (fault) {
            case FAIL:
                Relay.error(exchange, 500, "InternalServerError", "by the proxy");
                break;
            case THROTTLE:
                Relay.error(
                        exchange, 400, "ProvisionedThroughputExceededException", "by the proxy");
                break;
            case LIMIT:
                Relay.error(exchange, 400, "LimitExceededException", "by the proxy");
                break;
            case DENY:
                Relay.error(exchange, 400, "AccessDeniedException", "by the proxy");
                break;
            case EXPIRE_ITERATOR:
                Relay.error(exchange, 400, "ExpiredIteratorException", "by the proxy");
                break;
            case RESET:
                break;
            case LOSE_ANSWER:
                relay.forward(exchange.getRequestHeaders(), body);
                break;
            case TEAR_ANSWER:
                Relay.tear(exchange, relay.forward(exchange.getRequestHeaders(), body));
                break;
            case LAND_LATE:
                landLate(exchange.getRequestHeaders(), body, random);
                break;
            case HANG:
                await(hang);
                pass(exchange, operation, body);
                break;
            case SLOW:
                await(some(delay, random));
                pass(exchange, operation, body);
                break;
            default:
                pass(exchange, operation, shortened(operation, body, random));
        }
    }

    private synchronized Fault fault(String operation, String body, SplittableRandom random) {
        for (Rule rule : rules) {
            if (rule.fits(operation, body) && random.nextDouble() < rule.chance) {
                rule.left--;
                return rule.fault;
            }
        }
        return null;
    }

    private void pass(HttpExchange exchange, String operation, byte[] body) throws IOException {
        HttpResponse<byte[]> answer = relay.forward(exchange.getRequestHeaders(), body);
        UnaryOperator<String> rewrite = rewrites.get(operation);
        if (rewrite == null || answer.statusCode() != 200) {
            Relay.answer(exchange, answer);
        } else {
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            Relay.answer(exchange, answer, rewrite.apply(text));
        }
    }

    private void landLate(Headers headers, byte[] body, SplittableRandom random) {
        Duration wait = some(delay, random);
        CompletableFuture<Void> landing =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                await(wait);
                                relay.forward(headers, body);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        relay.threads());
        synchronized (this) {
            late.removeIf(CompletableFuture::isDone);
            late.add(landing);
        }
    }

    private static Duration some(Duration longest, SplittableRandom random) {
        return Duration.ofMillis(1 + random.nextInt((int) Math.max(1, longest.toMillis())));
    }

    /** Ends early when the proxy is closed. */
    private void await(Duration time) throws IOException {
        try {
            closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The same request for fewer items or records. */
    private static byte[] shortened(String operation, byte[] body, SplittableRandom random) {
        if (!PAGED.contains(operation)) {
            return body;
        }
        String text = new String(body, StandardCharsets.UTF_8);
        String open = text.replaceFirst("\"Limit\":\\d+,?", "").replaceFirst(",\\}$", "}");
        String limited = "{\"Limit\":" + (1 + random.nextInt(SHORT_PAGE_MAX)) + ",";
        return open.replaceFirst("^\\{", limited).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closed.countDown();
        landed().orTimeout(5, TimeUnit.SECONDS).exceptionally(error -> null).join();
        relay.close();
    }

    private static final class Rule {
        private final String operation;
        private final String text;
        private final Fault fault;
        private final double chance;
        private int left;

        private Rule(String operation, String text, Fault fault, double chance, int left) {
            this.operation = operation;
            this.text = text;
            this.fault = fault;
            this.chance = chance;
            this.left = left;
        }

        private boolean fits(String called, String body) {
            return left > 0
                    && (operation.equals(ANY) || operation.equals(called))
                    && body.contains(text);
        }
    }
}
