package dev.tally.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import java.util.concurrent.Executors;
import java.util.zip.CRC32;

/**
 * A process that answers as DynamoDB does for one table and its stream, out of the files of {@link
 * Pages}. Its first line of output is the port; it ends with its input.
 */
final class PageServer {

    private static final String TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/items";
    private static final String STREAM = TABLE + "/stream/2026-11-24T19:00:00.000";
    private static final String KEY = "[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]";

    private final Path folder;
    private final int shards;
    private final ObjectMapper json = new ObjectMapper();

    private PageServer(Path folder, int shards) {
        this.folder = folder;
        this.shards = shards;
    }

    /** Folder of the pages, and number of shards. */
    public static void main(String[] args) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        PageServer pages = new PageServer(Path.of(args[0]), Integer.parseInt(args[1]));
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", pages::handle);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
        System.out.println(server.getAddress().getPort());
        while (System.in.read() >= 0) {
            // Until whoever started it has ended.
        }
        System.exit(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        JsonNode request = json.readTree(exchange.getRequestBody().readAllBytes());
        byte[] answer = answer(target.substring(target.indexOf('.') + 1), request);
        CRC32 checksum = new CRC32();
        checksum.update(answer);
        exchange.getResponseHeaders().set("x-amz-crc32", Long.toString(checksum.getValue()));
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private byte[] answer(String operation, JsonNode request) throws IOException {
        switch (operation) {
            case "DescribeTable":
                return utf8(table());
            case "DescribeStream":
                return utf8(stream());
            case "GetShardIterator":
                return utf8("{\"ShardIterator\":\"" + number(request) + "/0\"}");
            case "GetRecords":
                return records(request.get("ShardIterator").asText());
            default:
                throw new IOException("cannot answer " + operation);
        }
    }

    private static int number(JsonNode request) {
        return Integer.parseInt(request.get("ShardId").asText().substring("shardId-".length()));
    }

    private static String table() {
        return "{\"Table\":{\"TableName\":\"items\",\"TableStatus\":\"ACTIVE\","
                + "\"ItemCount\":100000,"
                + "\"TableSizeBytes\":70000000,\"TableId\":\"bench\",\"CreationDateTime\":1.7E9,"
                + "\"AttributeDefinitions\":[{\"AttributeName\":\"id\",\"AttributeType\":\"S\"}],"
                + "\"StreamSpecification\":{\"StreamEnabled\":true,"
                + "\"StreamViewType\":\"NEW_AND_OLD_IMAGES\"},\"KeySchema\":"
                + KEY
                + ",\"TableArn\":\""
                + TABLE
                + "\",\"LatestStreamArn\":\""
                + STREAM
                + "\"}}";
    }

    private String stream() {
        StringJoiner listed = new StringJoiner(",");
        for (int shard = 0; shard < shards; shard++) {
            listed.add(
                    "{\"ShardId\":\"shardId-"
                            + shard
                            + "\",\"SequenceNumberRange\":{\"StartingSequenceNumber\":\"1\"}}");
        }
        return "{\"StreamDescription\":{\"StreamStatus\":\"ENABLED\",\"TableName\":\"items\","
                + "\"StreamViewType\":\"NEW_AND_OLD_IMAGES\",\"KeySchema\":"
                + KEY
                + ",\"StreamArn\":\""
                + STREAM
                + "\",\"Shards\":["
                + listed
                + "]}}";
    }

    /** Behind the last page there is nothing, as in a shard that is still open. */
    private byte[] records(String iterator) throws IOException {
        String[] parts = iterator.split("/");
        Path page = Pages.file(folder, Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        return Files.exists(page)
                ? Files.readAllBytes(page)
                : utf8("{\"Records\":[],\"NextShardIterator\":\"" + iterator + "\"}");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
