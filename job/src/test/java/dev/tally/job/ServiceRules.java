package dev.tally.job;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What Amazon Managed Flink says of settings, as far as its documentation does. */
public final class ServiceRules {

    /** A job that changes any other is refused. Those that are families end with a dot. */
    private static final List<String> ALLOWED =
            List.of(
                    "execution.runtime-mode",
                    "pipeline.auto-generate-uids",
                    "pipeline.auto-watermark-interval",
                    "pipeline.cached-files",
                    "pipeline.classpaths",
                    "pipeline.closure-cleaner-level",
                    "pipeline.force-avro",
                    "pipeline.force-kryo",
                    "pipeline.generic-types",
                    "pipeline.global-job-parameters",
                    "pipeline.jars",
                    "pipeline.jobvertex-parallelism-overrides",
                    "pipeline.max-parallelism",
                    "pipeline.name",
                    "pipeline.object-reuse",
                    "pipeline.operator-chaining.",
                    "pipeline.serialization-config",
                    "pipeline.vertex-",
                    "pipeline.watermark-alignment.",
                    "taskmanager.network.adaptive-partitioner.",
                    "python.",
                    "table.exec.",
                    "table.optimizer.");

    private ServiceRules() {}

    /** How Flink itself is told so: the program may change nothing but these. */
    public static Map<String, String> asSettings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("execution.program-config.enabled", "false");
        settings.put("execution.program-config.wildcards", String.join(";", keys()));
        return settings;
    }

    /** Without the families, which Flink does not know as such. */
    static List<String> keys() {
        return ALLOWED.stream().filter(key -> !key.matches(".*[.-]")).collect(Collectors.toList());
    }

    static boolean allows(String key) {
        return ALLOWED.stream()
                .anyMatch(
                        allowed ->
                                allowed.matches(".*[.-]")
                                        ? key.startsWith(allowed)
                                        : key.equals(allowed));
    }
}
