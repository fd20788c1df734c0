package dev.tally.bench.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/** A Kafka broker, which is its own controller, in a JVM of its own and on loopback only. */
final class Broker implements AutoCloseable {

    private static final int START_SECONDS = 60;

    private final Process process;
    private final String address;

    private Broker(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Starts one in an empty folder, and returns when it answers. */
    static Broker start(Path folder) throws Exception {
        int port;
        int controllerPort;
        try (ServerSocket one = free();
                ServerSocket other = free()) {
            port = one.getLocalPort();
            controllerPort = other.getLocalPort();
        }
        Path properties = folder.resolve("server.properties");
        Files.writeString(properties, properties(folder, port, controllerPort));
        String id = Uuid.randomUuid().toString();
        String file = properties.toString();
        Process format = java(folder, "kafka.tools.StorageTool", "format", "-t", id, "-c", file);
        if (!format.waitFor(START_SECONDS, TimeUnit.SECONDS) || format.exitValue() != 0) {
            format.destroyForcibly();
            throw failed(folder);
        }
        Process process = java(folder, "kafka.Kafka", file);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Broker broker = new Broker(process, "127.0.0.1:" + port);
        broker.await(folder);
        return broker;
    }

    private static ServerSocket free() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static String properties(Path folder, int port, int controllerPort) {
        return """
                process.roles=broker,controller
                node.id=1
                listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
                controller.listener.names=CONTROLLER
                controller.quorum.voters=1@127.0.0.1:%d
                log.dirs=%s
                offsets.topic.replication.factor=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                group.initial.rebalance.delay.ms=0
                """
                .formatted(port, controllerPort, controllerPort, folder.resolve("log"));
    }

    /** Kafka's own scripts give the broker 1 GB as well. */
    private static Process java(Path folder, String main, String... args) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1g",
                                "-Djava.io.tmpdir=" + folder,
                                "-cp",
                                System.getProperty("java.class.path"),
                                main));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("broker.txt").toFile()))
                .start();
    }

    private void await(Path folder) throws Exception {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address))) {
            while (true) {
                try {
                    admin.describeCluster().nodes().get(1, TimeUnit.SECONDS);
                    return;
                } catch (ExecutionException | TimeoutException e) {
                    if (!process.isAlive() || System.nanoTime() > limit) {
                        close();
                        throw failed(folder);
                    }
                }
            }
        }
    }

    private static IllegalStateException failed(Path folder) throws IOException {
        return new IllegalStateException(
                "cannot start the Kafka broker: "
                        + Files.readString(folder.resolve("broker.txt")).strip()
                        + ". See what it said.");
    }

    String address() {
        return address;
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
