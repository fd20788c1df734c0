package dev.tally.bench.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What contestants run on.
 *
 * @param libraries folders of their libraries
 * @param flags of their JVMs
 */
public record Machine(List<Path> libraries, List<String> flags) {

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Whose versions matter. */
    private static final Pattern LIBRARY =
            Pattern.compile("(flink-runtime|frocksdbjni|rocksdbjni|kafka-streams|kafka_.*)-\\d.*");

    public static double load() {
        return SYSTEM.getSystemLoadAverage();
    }

    public String describe() throws IOException {
        List<String> versions = versions();
        return Table.text(
                "Machine: %d cores, %s, %,d GB of memory, %s %s.%n"
                        + "Java %s, flags of every contestant: `%s`.%n%s",
                SYSTEM.getAvailableProcessors(),
                processor(),
                SYSTEM.getTotalMemorySize() >> 30,
                SYSTEM.getName(),
                SYSTEM.getVersion(),
                System.getProperty("java.runtime.version"),
                String.join(" ", flags),
                versions.isEmpty()
                        ? ""
                        : Table.text("Libraries: %s.%n", String.join(", ", versions)));
    }

    private static String processor() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        }
        return SYSTEM.getArch();
    }

    private List<String> versions() throws IOException {
        List<String> versions = new ArrayList<>();
        for (Path folder : libraries) {
            try (Stream<Path> jars = Files.list(folder)) {
                jars.map(jar -> jar.getFileName().toString().replace(".jar", ""))
                        .filter(LIBRARY.asMatchPredicate())
                        .sorted()
                        .forEach(versions::add);
            }
        }
        return versions;
    }
}
