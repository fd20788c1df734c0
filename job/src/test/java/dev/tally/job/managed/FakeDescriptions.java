package dev.tally.job.managed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Turns what a request says into what a description says: the service names them differently. */
final class FakeDescriptions {

    private static final ObjectMapper JSON = new ObjectMapper();

    private FakeDescriptions() {}

    /** The configuration of a new application, with the service's defaults. */
    static ObjectNode created(JsonNode request) {
        ObjectNode all = JSON.createObjectNode();
        ObjectNode flink = all.putObject("FlinkApplicationConfigurationDescription");
        ObjectNode checkpoints = flink.putObject("CheckpointConfigurationDescription");
        checkpoints.put("ConfigurationType", "DEFAULT").put("CheckpointingEnabled", true);
        checkpoints.put("CheckpointInterval", 60000).put("MinPauseBetweenCheckpoints", 5000);
        ObjectNode monitoring = flink.putObject("MonitoringConfigurationDescription");
        monitoring.put("ConfigurationType", "DEFAULT");
        monitoring.put("MetricsLevel", "APPLICATION").put("LogLevel", "INFO");
        ObjectNode parallelism = flink.putObject("ParallelismConfigurationDescription");
        parallelism.put("ConfigurationType", "DEFAULT").put("Parallelism", 1);
        parallelism.put("ParallelismPerKPU", 1).put("AutoScalingEnabled", true);
        all.putObject("ApplicationSnapshotConfigurationDescription").put("SnapshotsEnabled", true);
        all.putObject("ApplicationSystemRollbackConfigurationDescription")
                .put("RollbackEnabled", false);
        change(all, request);
        return all;
    }

    /** Puts what a create or update request says over a description. */
    static void change(ObjectNode all, JsonNode request) {
        JsonNode code = either(request, "ApplicationCodeConfiguration");
        JsonNode s3 = either(either(code, "CodeContent"), "S3ContentLocation");
        if (s3.isObject()) {
            ObjectNode described = all.withObject("/ApplicationCodeConfigurationDescription");
            described.put("CodeContentType", "ZIPFILE");
            overlay(
                    described.withObject(
                            "/CodeContentDescription/S3ApplicationCodeLocationDescription"),
                    s3);
        }
        JsonNode flink = either(request, "FlinkApplicationConfiguration");
        for (String part : new String[] {"Checkpoint", "Monitoring", "Parallelism"}) {
            JsonNode said = either(flink, part + "Configuration");
            if (said.isObject()) {
                overlay(
                        all.withObject(
                                "/FlinkApplicationConfigurationDescription/"
                                        + part
                                        + "ConfigurationDescription"),
                        said);
            }
        }
        JsonNode groups =
                request.has("EnvironmentProperties")
                        ? request.get("EnvironmentProperties")
                        : request.path("EnvironmentPropertyUpdates");
        if (groups.isObject()) {
            all.withObject("/EnvironmentPropertyDescriptions")
                    .set("PropertyGroupDescriptions", groups.get("PropertyGroups").deepCopy());
        }
        for (String part : new String[] {"Snapshot", "SystemRollback"}) {
            JsonNode said = either(request, "Application" + part + "Configuration");
            if (said.isObject()) {
                overlay(all.withObject("/Application" + part + "ConfigurationDescription"), said);
            }
        }
    }

    /** How the next job starts; what is not said again falls back, the restore choice stays. */
    static void run(ObjectNode all, JsonNode run) {
        ObjectNode described = all.withObject("/RunConfigurationDescription");
        boolean allowed = run.at("/FlinkRunConfiguration/AllowNonRestoredState").asBoolean(false);
        described
                .withObject("/FlinkRunConfigurationDescription")
                .put("AllowNonRestoredState", allowed);
        JsonNode restore = run.path("ApplicationRestoreConfiguration");
        if (restore.isObject()) {
            described.set("ApplicationRestoreConfigurationDescription", restore.deepCopy());
        } else if (!described.has("ApplicationRestoreConfigurationDescription")) {
            described
                    .putObject("ApplicationRestoreConfigurationDescription")
                    .put("ApplicationRestoreType", "RESTORE_FROM_LATEST_SNAPSHOT");
        }
    }

    /** Log streams of a create request. */
    static ArrayNode logging(JsonNode options) {
        ArrayNode described = JSON.createArrayNode();
        int id = 1;
        for (JsonNode option : options) {
            described
                    .addObject()
                    .put("CloudWatchLoggingOptionId", "1." + id++)
                    .put("LogStreamARN", option.get("LogStreamARN").asText());
        }
        return described;
    }

    private static JsonNode either(JsonNode from, String name) {
        return from.has(name) ? from.get(name) : from.path(name + "Update");
    }

    private static void overlay(ObjectNode described, JsonNode said) {
        for (Map.Entry<String, JsonNode> member : said.properties()) {
            String name = member.getKey();
            if (name.endsWith("Update")) {
                name = name.substring(0, name.length() - "Update".length());
            }
            if (!member.getValue().isNull()) {
                described.set(name, member.getValue().deepCopy());
            }
        }
    }
}
