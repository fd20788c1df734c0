package dev.tally.testing;

import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * DynamoDB Local with streams, in this process and in memory, on a free port of this machine.
 *
 * <p>Starting one costs seconds, so tests take {@link #shared()}, which lives as long as the JVM,
 * and keep apart by table names of their own. What it does not do like DynamoDB: a table's stream
 * is one shard that never splits; creation times are cut to the minute; sequence numbers start at
 * 1; nothing is ever throttled. It writes some hundred items a second.
 */
public final class LocalDynamoDb implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static LocalDynamoDb shared;

    private final DynamoDBProxyServer server;
    private final URI endpoint;
    private final DynamoDbClient client;
    private final DynamoDbStreamsClient streams;

    private LocalDynamoDb(DynamoDBProxyServer server, URI endpoint) {
        this.server = server;
        this.endpoint = endpoint;
        this.client =
                DynamoDbClient.builder()
                        .endpointOverride(endpoint)
                        .region(region())
                        .credentialsProvider(credentials())
                        .httpClientBuilder(ApacheHttpClient.builder())
                        .build();
        this.streams =
                DynamoDbStreamsClient.builder()
                        .endpointOverride(endpoint)
                        .region(region())
                        .credentialsProvider(credentials())
                        .httpClientBuilder(ApacheHttpClient.builder())
                        .build();
    }

    /** The one instance of this JVM; never closed, it ends with the JVM. */
    public static synchronized LocalDynamoDb shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /** One more, empty, for a test that takes the service away. */
    public static LocalDynamoDb start() {
        return start(FreePorts.next());
    }

    /** As {@link #start()}, on a port where one has been before. */
    public static LocalDynamoDb start(int port) {
        if (System.getProperty("sqlite4java.library.path") == null) {
            throw new IllegalStateException(
                    "cannot start DynamoDB Local: sqlite4java.library.path is not set. Run the test"
                            + " by Maven, or set it to operators/target/local/native.");
        }
        String[] arguments = {
            "-inMemory", "-sharedDb", "-disableTelemetry", "-port", Integer.toString(port)
        };
        try {
            DynamoDBProxyServer server = ServerRunner.createServerFromCommandLineArgs(arguments);
            server.start();
            return new LocalDynamoDb(server, URI.create("http://" + HOST + ":" + port));
        } catch (Exception e) {
            throw new IllegalStateException("cannot start DynamoDB Local on port " + port, e);
        }
    }

    /** Where it listens; for the streams API too. */
    public URI endpoint() {
        return endpoint;
    }

    /** Accepts any region; this one is used throughout. */
    public static Region region() {
        return Region.US_EAST_1;
    }

    /** Accepts any credentials; these are used throughout. */
    public static AwsCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
    }

    /** A client of tables, to be closed by nobody. */
    public DynamoDbClient client() {
        return client;
    }

    /** A client of streams, to be closed by nobody. */
    public DynamoDbStreamsClient streams() {
        return streams;
    }

    @Override
    public void close() {
        client.close();
        streams.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("cannot stop DynamoDB Local at " + endpoint, e);
        }
    }
}
