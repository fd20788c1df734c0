package dev.tally.job.managed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One application of the fake: its description as the service tells it, its versions, operations
 * and snapshots. A transient state lasts for a number of looks, then the change that began it ends.
 */
final class FakeApplication {

    static final ObjectMapper JSON = new ObjectMapper();

    /** What ListTagsForResource answers. */
    final Map<String, String> tags = new TreeMap<>();

    /** Descriptions by version; the newest is the current one. */
    final TreeMap<Long, ObjectNode> versions = new TreeMap<>();

    /** Operations by id, oldest first. */
    final Map<String, ObjectNode> operations = new LinkedHashMap<>();

    /** Snapshots by name, oldest first. */
    final Map<String, ObjectNode> snapshots = new LinkedHashMap<>();

    /** The snapshot that the running job began with, or null when it began empty. */
    String restoredFrom;

    /** Whether the running job was allowed to leave state behind. */
    boolean mayLoseState;

    /** The root exception for which tasks start again and again, though RUNNING; null when well. */
    String restartLoop;

    /** Failures of the running job that the page of exceptions has shown. */
    int failures;

    /** When the running job began, in milliseconds. */
    long began;

    /** Whether no checkpoint completes. */
    boolean stuck;

    /** How often the job was started; the id of the job follows from it. */
    int starts;

    /** Checkpoints that the running job has completed. */
    int checkpoints;

    ObjectNode detail;

    private final int looks;
    private Runnable ending = () -> {};
    private int looksLeft;

    FakeApplication(ObjectNode detail, int looks) {
        this.detail = detail;
        this.looks = looks;
        versions.put(1L, detail);
    }

    String status() {
        return detail.get("ApplicationStatus").asText();
    }

    void status(String status) {
        detail.put("ApplicationStatus", status);
    }

    long version() {
        return detail.get("ApplicationVersionId").asLong();
    }

    ObjectNode configuration() {
        return (ObjectNode) detail.get("ApplicationConfigurationDescription");
    }

    boolean snapshotsEnabled() {
        return configuration()
                .at("/ApplicationSnapshotConfigurationDescription/SnapshotsEnabled")
                .asBoolean(true);
    }

    boolean rollbackEnabled() {
        return configuration()
                .at("/ApplicationSystemRollbackConfigurationDescription/RollbackEnabled")
                .asBoolean(false);
    }

    int parallelism() {
        return configuration()
                .at("/FlinkApplicationConfigurationDescription/ParallelismConfigurationDescription")
                .path("Parallelism")
                .asInt(1);
    }

    /** Shows a transient state until it was looked at often enough, then ends it. */
    void during(String status, Runnable ending) {
        status(status);
        this.ending = ending;
        looksLeft = looks;
        if (looks == 0) {
            looked();
        }
    }

    /** One look at the application is over. */
    void looked() {
        if (looksLeft-- <= 1) {
            Runnable last = ending;
            ending = () -> {};
            last.run();
        }
    }

    /** A copy of the description that counts as the next version, with another token. */
    ObjectNode nextVersion(JsonNode from, long now) {
        long old = version();
        ObjectNode next = from.deepCopy();
        next.put("ApplicationVersionId", old + 1);
        next.put("ApplicationVersionUpdatedFrom", old);
        next.put("ConditionalToken", "token-" + (old + 1));
        next.put("LastUpdateTimestamp", now);
        next.put("ApplicationVersionCreateTimestamp", now);
        next.put("ApplicationStatus", status());
        next.remove(List.of("ApplicationVersionRolledBackFrom", "ApplicationVersionRolledBackTo"));
        versions.put(old + 1, next);
        detail = next;
        return next;
    }

    /** Notes that an operation has begun. */
    String begun(String operation, long now) {
        String id = "op-" + detail.get("ApplicationName").asText() + "-" + operations.size();
        ObjectNode node = JSON.createObjectNode();
        node.put("Operation", operation);
        node.put("StartTime", now);
        node.put("OperationStatus", "IN_PROGRESS");
        operations.put(id, node);
        return id;
    }

    void ended(String id, String status, long now) {
        operations.get(id).put("OperationStatus", status).put("EndTime", now);
    }

    void failed(String id, String why, String rollback, long now) {
        ended(id, "FAILED", now);
        ObjectNode details = operations.get(id).putObject("OperationFailureDetails");
        if (rollback != null) {
            details.put("RollbackOperationId", rollback);
        }
        details.putObject("ErrorInfo").put("ErrorString", why);
    }

    /** Adds a snapshot of the running version; a test may set its time into the past. */
    ObjectNode snapshot(String name, String status, long at) {
        ObjectNode node = JSON.createObjectNode();
        node.put("SnapshotName", name);
        node.put("SnapshotStatus", status);
        node.put("ApplicationVersionId", version());
        node.put("SnapshotCreationTimestamp", at);
        node.put("RuntimeEnvironment", detail.get("RuntimeEnvironment").asText());
        snapshots.put(name, node);
        return node;
    }

    /** The newest snapshot that can be restored, or null. */
    String latestSnapshot() {
        List<String> names = new ArrayList<>();
        double newest = Double.NEGATIVE_INFINITY;
        for (ObjectNode each : snapshots.values()) {
            double at = each.get("SnapshotCreationTimestamp").asDouble();
            if (each.get("SnapshotStatus").asText().equals("READY") && at >= newest) {
                newest = at;
                names.add(each.get("SnapshotName").asText());
            }
        }
        return names.isEmpty() ? null : names.get(names.size() - 1);
    }

    /** A job of the application starts with the state that its run configuration names. */
    void runs() {
        starts++;
        checkpoints = 0;
        failures = 0;
        began = System.currentTimeMillis();
        JsonNode run = configuration().path("RunConfigurationDescription");
        JsonNode restore = run.path("ApplicationRestoreConfigurationDescription");
        String type = restore.path("ApplicationRestoreType").asText();
        restoredFrom =
                type.equals("SKIP_RESTORE_FROM_SNAPSHOT")
                        ? null
                        : type.equals("RESTORE_FROM_CUSTOM_SNAPSHOT")
                                ? restore.path("SnapshotName").asText()
                                : latestSnapshot();
        mayLoseState =
                run.at("/FlinkRunConfigurationDescription/AllowNonRestoredState").asBoolean();
        ((ObjectNode)
                        configuration()
                                .at(
                                        "/FlinkApplicationConfigurationDescription"
                                                + "/ParallelismConfigurationDescription"))
                .put("CurrentParallelism", parallelism());
        status("RUNNING");
    }
}
