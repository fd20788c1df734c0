package dev.tally.source.client;

import com.sun.net.httpserver.HttpServer;
import dev.tally.testing.LocalDynamoDb;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Answers every request with the same bytes, and opens clients that read them both ways. */
final class FixedAnswer implements AutoCloseable {

    private final HttpServer server;
    private final List<TableClient> opened = new ArrayList<>();

    private volatile int status = 200;
    private volatile Map<String, String> headers = Map.of();
    private volatile byte[] body = {};
    private volatile int missing;

    FixedAnswer() throws IOException {
        // Or each body waits 40 ms for the client's word that it has the headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    headers.forEach(exchange.getResponseHeaders()::set);
                    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
                    exchange.getResponseBody().write(body, 0, body.length - missing);
                    exchange.close();
                });
        server.start();
    }

    TableClient client(Wanted wanted, boolean ownReading) {
        URI here = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        TableClient client =
                AwsTableClients.open(
                        "tasks",
                        ClientSettings.of("eu-west-1", null, here, null),
                        LocalDynamoDb.credentials(),
                        wanted,
                        ownReading,
                        new ArrayList<>());
        opened.add(client);
        return client;
    }

    /** From now on; the header Date is the server's own. */
    FixedAnswer is(byte[] bytes) {
        status = 200;
        headers = Map.of();
        missing = 0;
        body = bytes;
        return this;
    }

    FixedAnswer status(int code) {
        status = code;
        return this;
    }

    FixedAnswer header(String name, String value) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(name, value);
        headers = all;
        return this;
    }

    /** The connection ends so many bytes before the body does. */
    FixedAnswer torn(int bytes) {
        missing = bytes;
        return this;
    }

    @Override
    public void close() {
        opened.forEach(TableClient::close);
        server.stop(0);
    }
}
