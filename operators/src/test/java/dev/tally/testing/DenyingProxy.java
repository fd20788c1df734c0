package dev.tally.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before DynamoDB Local or the local Kinesis and knows permissions as IAM does: it reads of
 * each request which action on which resource it is, and sends on only what is allowed. A request
 * of which it cannot tell the resource is denied. Listens on this machine only.
 */
public final class DenyingProxy implements AutoCloseable {

    /** Of tables and their streams: DynamoDB Local has made-up regions and accounts. */
    private static final Pattern ARN = Pattern.compile("arn:aws:(\\w+):[^:]*:[^:]*:([^|\"\\\\]+)");

    private static final Pattern NAMED = Pattern.compile("\"(TableName|StreamName)\":\"([^\"]+)\"");
    private static final Pattern BATCH = Pattern.compile("\"RequestItems\":\\{\"([^\"]+)\":");
    private static final Pattern LOCATED =
            Pattern.compile("\"(StreamArn|StreamARN|ShardIterator)\":\"([^\"]+)\"");

    /** Texts of up to 23 bytes have their length in the byte before them, longer ones in two. */
    private static final Pattern CBOR =
            Pattern.compile("Stream(?:Name|ARN)(?:x([\\x18-\\xff])|([\\x60-\\x77]))");

    private final Relay relay;
    private final String region;
    private final String account;
    private final BiFunction<String, String, String> policy;
    private final Map<String, Boolean> used = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> denied = new ConcurrentLinkedQueue<>();

    /**
     * @param region of the resources that the policy is asked about, and their account
     * @param policy by what an action on an ARN is allowed; null if it is not
     */
    public DenyingProxy(
            URI target, String region, String account, BiFunction<String, String, String> policy) {
        this.relay = new Relay(target, this::handle);
        this.region = region;
        this.account = account;
        this.policy = policy;
    }

    public String endpoint() {
        return relay.endpoint();
    }

    /** By what requests were allowed. */
    public List<String> used() {
        return List.copyOf(used.keySet());
    }

    /** Action and resource of each request that was denied. */
    public List<String> denied() {
        return new ArrayList<>(denied);
    }

    private void handle(HttpExchange exchange, String operation, byte[] body) throws IOException {
        String service = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        boolean kinesis = service.startsWith("Kinesis");
        String action = (kinesis ? "kinesis:" : "dynamodb:") + operation;
        String resource = resource(kinesis, new String(body, StandardCharsets.ISO_8859_1));
        String by = resource == null ? null : policy.apply(action, resource);
        if (by == null) {
            denied.add(action + " on " + resource);
            Relay.error(exchange, 400, "AccessDeniedException", "denied by the proxy");
            return;
        }
        used.put(by, true);
        Relay.answer(exchange, relay.forward(exchange.getRequestHeaders(), body));
    }

    private String resource(boolean kinesis, String body) {
        String named = named(body);
        if (named == null) {
            return null;
        }
        Matcher arn = ARN.matcher(named);
        if (arn.lookingAt()) {
            return arn(arn.group(1), arn.group(2));
        }
        return kinesis ? arn("kinesis", "stream/" + named) : arn("dynamodb", "table/" + named);
    }

    private String arn(String service, String path) {
        return String.join(":", "arn", "aws", service, region, account, path);
    }

    /** A name or an ARN, or what begins with one after a number; null if there is none. */
    private static String named(String body) {
        for (Pattern pattern : List.of(LOCATED, NAMED)) {
            Matcher found = pattern.matcher(body);
            if (found.find()) {
                String text = found.group(2);
                int arn = text.indexOf("arn:");
                return arn < 0 ? text : text.substring(arn);
            }
        }
        Matcher batch = BATCH.matcher(body);
        if (batch.find()) {
            return batch.group(1);
        }
        Matcher cbor = CBOR.matcher(body);
        if (!cbor.find()) {
            return null;
        }
        String length = cbor.group(1);
        int size = length == null ? cbor.group(2).charAt(0) - 0x60 : length.charAt(0);
        return body.substring(cbor.end(), cbor.end() + size);
    }

    @Override
    public void close() {
        relay.close();
    }
}
