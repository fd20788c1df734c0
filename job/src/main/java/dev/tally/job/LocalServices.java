package dev.tally.job;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * DynamoDB Local and a local Kinesis for {@code local}, each a process of its own on 127.0.0.1: so
 * neither shares a class path with Flink, and each ends with {@link #close()}.
 *
 * <p>DynamoDB Local keeps its tables and streams in a folder, so that a run can be resumed from its
 * savepoint. It comes as Maven artifact, Kinesis (kinesis-local) as npm package; without Node there
 * is no Kinesis.
 */
public final class LocalServices implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private LocalData data;

    /**
     * @param folder for data and logs; must exist
     */
    public LocalServices(Path folder) {
        this.folder = folder;
    }

    /**
     * Starts DynamoDB Local.
     *
     * @return its endpoint
     * @throws UserError if the port is taken or it does not come up
     */
    public URI startDynamoDb(int port) throws IOException {
        if (!isFree(port)) {
            throw new UserError(
                    "cannot start DynamoDB Local on port "
                            + port
                            + ": the port is taken. Choose another with --dynamodb-port, or use"
                            + " what runs there with --dynamodb-endpoint.");
        }
        data = new LocalData(folder.resolve("dynamodb"));
        Path log = folder.resolve("dynamodb.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        command.add("-XX:+UseSerialGC");
        command.add(
                "-Dsqlite4java.library.path=" + System.getProperty("sqlite4java.library.path", ""));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("com.amazonaws.services.dynamodbv2.local.main.ServerRunner");
        command.add("-dbPath");
        command.add(data.open().toString());
        command.add("-port");
        command.add(String.valueOf(port));
        command.add("-sharedDb");
        command.add("-disableTelemetry");
        return start("DynamoDB Local", command, folder.toFile(), log, port, "");
    }

    /**
     * Starts kinesis-local from the folder that holds its start.js and node_modules.
     *
     * @return its endpoint, plain HTTP
     */
    URI startKinesis(Path home, int port, int tlsPort) throws IOException {
        Path log = folder.resolve("kinesis.log");
        List<String> command =
                List.of(
                        "env",
                        "KINESIS_MOCK_PLAIN_PORT=" + port,
                        "KINESIS_MOCK_TLS_PORT=" + tlsPort,
                        "node",
                        "start.js");
        return start("kinesis-local", command, home.toFile(), log, port, "/healthcheck");
    }

    private URI start(String name, List<String> command, File home, Path log, int port, String path)
            throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(home)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        processes.add(process);
        URI endpoint = URI.create("http://127.0.0.1:" + port);
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers(endpoint.resolve(path))) {
            boolean ended = waitFor(process, Duration.ofMillis(100));
            if (ended || System.nanoTime() > deadline) {
                throw new UserError(
                        "cannot start "
                                + name
                                + " on port "
                                + port
                                + ": "
                                + (ended ? "it ended at once" : "it does not answer")
                                + ". What it said is in "
                                + log
                                + ".");
            }
        }
        return endpoint;
    }

    /** Whether Node is there. */
    static boolean hasNode() throws IOException {
        try {
            Process node =
                    new ProcessBuilder("node", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return waitFor(node, Duration.ofSeconds(10)) && node.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Any answer will do, also an error. */
    private static boolean answers(URI uri) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(2000);
            connection.getResponseCode();
            connection.disconnect();
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static boolean waitFor(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a process", e);
        }
    }

    /** Ends the processes that were started here, waits for their end and keeps their data. */
    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            process.destroy();
        }
        for (Process process : processes) {
            if (!waitFor(process, END_LIMIT)) {
                process.destroyForcibly();
            }
        }
        if (data != null) {
            data.close();
        }
    }
}
