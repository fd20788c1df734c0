package dev.tally.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own that can be killed, halted and let go on, as by the owner of its machine. It
 * does not outlive this one.
 */
final class Jvm {

    private static final List<String> COMMON =
            List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Daws.accessKeyId=local",
                    "-Daws.secretAccessKey=local",
                    "-Daws.region=us-east-1");

    private final String name;
    private final Process process;

    private Jvm(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    /**
     * @param folder of its log, {@code <name>.log}; it works there too
     */
    static Jvm start(String name, Path folder, List<String> arguments, Path conf)
            throws IOException {
        List<String> command = new ArrayList<>(COMMON);
        command.addAll(arguments);
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().put("FLINK_CONF_DIR", conf.toString());
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new Jvm(name, process);
    }

    String name() {
        return name;
    }

    boolean lives() {
        return process.isAlive();
    }

    /** As {@code kill -9}: nothing in it gets to know. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its connections stay open, nothing in it moves. */
    void halt() throws Exception {
        signal("-STOP");
    }

    void goOn() throws Exception {
        signal("-CONT");
    }

    private void signal(String signal) throws Exception {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IllegalStateException("cannot send " + signal + " to " + name);
        }
    }
}
