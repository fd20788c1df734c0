package dev.tally.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.kinesis.shaded.software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import org.apache.flink.kinesis.shaded.software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * Kinesis on this machine: the npm package kinesis-local as a Node process of its own.
 *
 * <p>It takes its ports from the environment: {@code KINESIS_MOCK_PLAIN_PORT} (HTTP, default 4568)
 * and {@code KINESIS_MOCK_TLS_PORT} (HTTPS, default 4567); both are always opened, on all
 * interfaces. {@code KINESIS_MOCK_CERT_PATH} is its certificate, {@code server.json} in the folder
 * it is started in; that is why {@code scripts/kinesis-local/start.js} starts it in its own. {@code
 * GET /healthcheck} answers 200 once it is up. Use plain HTTP/1.1: HTTP/2 does not come up. Times
 * to create and to delete a stream are configurable ({@code CREATE_STREAM_DURATION}, default 500
 * ms), and so is the number of shards of all streams together ({@code SHARD_LIMIT}, 50).
 *
 * <p>On first use {@code npm ci} fetches the version in the lock file. The process ends with {@link
 * #close()}, and by itself when this JVM ends in any way, since it watches its standard input.
 */
public final class LocalKinesis implements AutoCloseable {

    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(3);
    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static LocalKinesis shared;

    /**
     * Holds the event loop that clients of Apache's Kinesis sink share: whoever closes the last of
     * them waits two seconds, and that is each job that ends.
     */
    private static final SdkAsyncHttpClient HOLDS_LOOP = NettyNioAsyncHttpClient.create();

    private final Process process;
    private final URI endpoint;
    private final KinesisClient client;

    private LocalKinesis(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
        this.client =
                KinesisClient.builder()
                        .endpointOverride(endpoint)
                        .region(LocalDynamoDb.region())
                        .credentialsProvider(LocalDynamoDb.credentials())
                        .httpClientBuilder(ApacheHttpClient.builder())
                        .build();
    }

    /** The one instance of this JVM; it ends with the JVM. */
    public static synchronized LocalKinesis shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /** One more, without streams. */
    public static LocalKinesis start() {
        Path folder = SourceTree.root().resolve("scripts/kinesis-local");
        install(folder);
        int port = FreePorts.next();
        Process process = launch(folder, port);
        URI endpoint = URI.create("http://127.0.0.1:" + port);
        try {
            await().atMost(START_LIMIT)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> !process.isAlive() || answers(endpoint));
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "cannot start kinesis-local on port "
                            + port
                            + ": it ended with "
                            + process.exitValue()
                            + ". Its output is in "
                            + log(port));
        }
        return new LocalKinesis(process, endpoint);
    }

    /** Where it listens: plain HTTP/1.1. */
    public URI endpoint() {
        return endpoint;
    }

    /** A client, to be closed by nobody. */
    public KinesisClient client() {
        return client;
    }

    boolean isRunning() {
        return process.isAlive();
    }

    @Override
    public void close() {
        client.close();
        /* Asked politely it takes ten seconds; there is nothing it would save. */
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Modules are tested by several JVMs, also at the same time: one of them installs. */
    private static synchronized void install(Path folder) {
        Path main = folder.resolve("node_modules/kinesis-local/main.js");
        Path lock = folder.resolve(".install.lock");
        try (FileChannel channel =
                        FileChannel.open(
                                lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (held.isValid() && !Files.exists(main)) {
                npmInstall(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot install kinesis-local in " + folder, e);
        }
    }

    private static void npmInstall(Path folder) throws IOException {
        Process npm =
                new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("install.log").toFile())
                        .start();
        try {
            if (npm.waitFor(INSTALL_LIMIT.toSeconds(), TimeUnit.SECONDS) && npm.exitValue() == 0) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        npm.destroyForcibly();
        throw new IOException(
                "cannot run npm ci in "
                        + folder
                        + ": see install.log there. It needs Node 20 and an npm registry.");
    }

    private static Process launch(Path folder, int port) {
        ProcessBuilder builder =
                new ProcessBuilder("node", "start.js")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log(port).toFile());
        builder.environment().put("KINESIS_MOCK_PLAIN_PORT", Integer.toString(port));
        builder.environment().put("KINESIS_MOCK_TLS_PORT", Integer.toString(FreePorts.next()));
        builder.environment().put("CREATE_STREAM_DURATION", "10ms");
        builder.environment().put("DELETE_STREAM_DURATION", "10ms");
        builder.environment().put("SHARD_LIMIT", "1000");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start node: is Node 20 installed?", e);
        }
    }

    private static Path log(int port) {
        return Path.of(System.getProperty("java.io.tmpdir"), "kinesis-local-" + port + ".log");
    }

    private static boolean answers(URI endpoint) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) endpoint.resolve("/healthcheck").toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(1_000);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }
}
