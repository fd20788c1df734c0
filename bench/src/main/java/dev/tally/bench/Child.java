package dev.tally.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tally.bench.report.Run;
import dev.tally.bench.run.Figures;
import dev.tally.bench.run.Scratch;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs in JVMs of their own, one at a time; what they say beside their figures goes to a file. */
final class Child {

    static final Path LIBRARIES = Path.of("bench", "target", "lib");
    static final Path KAFKA_LIBRARIES = Path.of("bench", "kafka", "target", "lib");

    /** The same for all. A heap that has to grow first is collected as a whole to do so. */
    static final List<String> FLAGS =
            List.of(
                    "-Xms6g",
                    "-Xmx6g",
                    "-XX:+UseParallelGC",
                    "--add-opens=java.base/java.util=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/java.net=ALL-UNNAMED",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-opens=java.base/java.time=ALL-UNNAMED",
                    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED");

    /** A run is given up when it is slower than that, and five minutes for all else. */
    private static final int SLOWEST_PER_SECOND = 1_000;

    private static final int MORE_SECONDS = 300;

    private final Path said;
    private volatile Process process;

    Child(Path said) {
        this.said = said;
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
    }

    /**
     * @throws IOException if the run brings no figures; its message says why
     */
    Figures figures(Run run) throws IOException, InterruptedException {
        int seconds = MORE_SECONDS + run.setting().changes() / SLOWEST_PER_SECOND;
        try (Scratch scratch = new Scratch()) {
            String last = lastLine(command(run, scratch.folder()), seconds);
            return new ObjectMapper().readValue(last, Figures.class);
        }
    }

    private String lastLine(List<String> command, int seconds)
            throws IOException, InterruptedException {
        Process started =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(said.toFile()))
                        .start();
        process = started;
        Thread timer = new Thread(() -> endAfter(started, seconds));
        timer.setDaemon(true);
        timer.start();
        String last = null;
        try (BufferedReader out = started.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = line;
            }
        } finally {
            end();
        }
        int exit = started.waitFor();
        timer.join();
        if (exit != 0 || last == null) {
            throw new IOException("exit code " + exit + " (limit " + seconds + " s), see " + said);
        }
        return last;
    }

    /** What a run leaves behind, also where it is ended, goes with its folder. */
    private static List<String> command(Run run, Path scratch) {
        boolean kafka = run.contestant().equals("kafka-streams");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.add("-Djava.io.tmpdir=" + scratch);
        command.add("-cp");
        command.add(
                kafka
                        ? "bench/kafka/target/classes:" + KAFKA_LIBRARIES + "/*"
                        : "bench/target/classes:" + LIBRARIES + "/*");
        command.add(kafka ? "dev.tally.bench.kafka.KafkaContest" : "dev.tally.bench.Contest");
        command.addAll(run.arguments());
        return command;
    }

    /**
     * Runs a part that measures by itself, and says and keeps what it finds. DynamoDB Local beside
     * it needs the whole class path, wherever it runs.
     *
     * @throws IOException if it fails
     */
    static void part(String name, Class<?> main, boolean quick)
            throws IOException, InterruptedException {
        Path home = Path.of("").toAbsolutePath();
        Path bench = home.resolve("bench").resolve("target");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString()));
        command.addAll(FLAGS);
        command.add("-Dtally.home=" + home);
        command.add("-Dtally.log=" + bench.resolve("results").resolve(name + ".log"));
        command.add(
                "-Dlog4j2.configurationFile=" + home.resolve("flink-conf/log4j-local.properties"));
        command.add("-Dsqlite4java.library.path=" + home.resolve("job/target/local/native"));
        command.addAll(
                List.of("-cp", bench.resolve("classes") + ":" + bench.resolve("lib") + "/*"));
        command.add(main.getName());
        if (quick) {
            command.add("--quick");
        }
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IOException("cannot run part " + name + ": exit code " + exit);
        }
    }

    private void endAfter(Process started, int seconds) {
        try {
            if (!started.waitFor(seconds, TimeUnit.SECONDS)) {
                end();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends what runs, and what that has started. */
    private void end() {
        Process running = process;
        if (running != null) {
            try (Stream<ProcessHandle> started = running.descendants()) {
                started.forEach(ProcessHandle::destroyForcibly);
            }
            running.destroyForcibly();
        }
    }
}
