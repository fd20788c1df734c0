package dev.tally.bench.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A {@link PageServer} in a process of its own, so that its time is not that of the job. */
final class PageProcess implements AutoCloseable {

    private final Process process;
    private final URI endpoint;

    PageProcess(Path folder, int shards) throws IOException {
        process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1g",
                                "-cp",
                                System.getProperty("java.class.path"),
                                PageServer.class.getName(),
                                folder.toString(),
                                Integer.toString(shards))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        endpoint = URI.create("http://127.0.0.1:" + output.readLine());
    }

    URI endpoint() {
        return endpoint;
    }

    long cpuNanos() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
