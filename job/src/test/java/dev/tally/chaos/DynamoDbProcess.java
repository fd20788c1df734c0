package dev.tally.chaos;

import static org.awaitility.Awaitility.await;

import dev.tally.testing.LocalDynamoDb;
import dev.tally.testing.SourceTree;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** DynamoDB Local as a process of its own, in memory. It is never killed. */
final class DynamoDbProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final Jvm jvm;
    private final String endpoint;
    private final DynamoDbClient client;

    DynamoDbProcess(Path folder) throws IOException {
        int port = RealCluster.freePort();
        endpoint = "http://127.0.0.1:" + port;
        jvm =
                Jvm.start(
                        "dynamodb",
                        folder,
                        List.of(
                                "-Xmx512m",
                                "-Dsqlite4java.library.path="
                                        + System.getProperty("sqlite4java.library.path"),
                                "-cp",
                                SourceTree.root().resolve("job/target/local/lib") + "/*",
                                "com.amazonaws.services.dynamodbv2.local.main.ServerRunner",
                                "-inMemory",
                                "-sharedDb",
                                "-disableTelemetry",
                                "-port",
                                Integer.toString(port)),
                        folder);
        client =
                DynamoDbClient.builder()
                        .endpointOverride(URI.create(endpoint))
                        .region(LocalDynamoDb.region())
                        .credentialsProvider(LocalDynamoDb.credentials())
                        .httpClientBuilder(ApacheHttpClient.builder())
                        .build();
        await().atMost(START_LIMIT).ignoreExceptions().until(() -> client.listTables() != null);
    }

    String endpoint() {
        return endpoint;
    }

    DynamoDbClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        jvm.kill();
    }
}
