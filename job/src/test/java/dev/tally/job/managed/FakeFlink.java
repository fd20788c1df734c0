package dev.tally.job.managed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** Managed Flink of the fake: what may be done with an application in which state. */
final class FakeFlink {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_TAGS = 50;

    /** Applications by name. */
    final Map<String, FakeApplication> applications = new TreeMap<>();

    /** How many looks a transient state lasts. */
    int looks = 1;

    /** KPUs that one application may have. */
    int quota = 64;

    /** Whether a snapshot ends FAILED. */
    boolean snapshotsFail;

    /** Why the next start or update ends FAILED; null when it succeeds. */
    String nextFailure;

    private final FakeBucket buckets;
    private final FakeRules rules = new FakeRules();
    private final String endpoint;
    private String deleting = "";

    FakeFlink(FakeBucket buckets, String endpoint) {
        this.buckets = buckets;
        this.endpoint = endpoint;
    }

    /** The result of an operation. */
    JsonNode answer(String operation, JsonNode body) {
        if (operation.equals("ExportSnapshot")) {
            throw new FakeError("UnsupportedOperationException", "No enhanced snapshots here");
        }
        rules.check(operation, body);
        switch (operation) {
            case "CreateApplication":
                return create(body);
            case "UpdateApplication":
                return update(application(body), body);
            case "StartApplication":
                return start(application(body), body);
            case "StopApplication":
                return stop(application(body), body.path("Force").asBoolean(false));
            case "RollbackApplication":
                return rollback(application(body), body);
            case "DeleteApplication":
                return delete(application(body), body);
            case "DescribeApplication":
                return seen(application(body), detail(application(body)));
            case "DescribeApplicationOperation":
                return operation(application(body), body.get("OperationId").asText());
            case "ListApplicationOperations":
                return FakeHistory.operations(application(body), body);
            case "ListApplicationVersions":
                return FakeHistory.versions(application(body), body);
            case "DescribeApplicationVersion":
                return FakeHistory.version(
                        application(body), body.get("ApplicationVersionId").asLong());
            case "AddApplicationCloudWatchLoggingOption":
                return addLogging(application(body), body);
            case "CreateApplicationPresignedUrl":
                return dashboard(application(body));
            case "TagResource":
                return tag(body);
            case "ListTagsForResource":
                return tags(body);
            default:
                return new FakeSnapshots(this).answer(operation, application(body), body);
        }
    }

    static long now() {
        return System.currentTimeMillis() / 1000;
    }

    private FakeApplication application(JsonNode body) {
        String name = body.get("ApplicationName").asText();
        FakeApplication found = applications.get(name);
        if (found == null) {
            throw new FakeError("ResourceNotFoundException", "Application " + name + " not found");
        }
        return found;
    }

    private FakeApplication byArn(JsonNode body) {
        String arn = body.get("ResourceARN").asText();
        String name = arn.substring(arn.lastIndexOf('/') + 1);
        return application(JSON.createObjectNode().put("ApplicationName", name));
    }

    private static ObjectNode detail(FakeApplication application) {
        ObjectNode result = JSON.createObjectNode();
        result.set("ApplicationDetail", application.detail.deepCopy());
        return result;
    }

    private JsonNode seen(FakeApplication application, ObjectNode result) {
        application.looked();
        return result;
    }

    private JsonNode create(JsonNode body) {
        String name = body.get("ApplicationName").asText();
        if (applications.containsKey(name)) {
            throw new FakeError(
                    "ResourceInUseException", "Application with name " + name + " already exists");
        }
        if (body.path("Tags").size() > MOST_TAGS) {
            throw new FakeError("TooManyTagsException", "More than " + MOST_TAGS + " tags");
        }
        JsonNode said = body.path("ApplicationConfiguration");
        ObjectNode configuration = FakeDescriptions.created(said);
        FakeChecks.checkCode(buckets, configuration, "InvalidArgumentException");
        FakeChecks.checkFlink(said.path("FlinkApplicationConfiguration"), configuration, quota);
        ObjectNode detail = JSON.createObjectNode();
        detail.put("ApplicationARN", FakeAccount.arn("kinesisanalytics", "application/" + name));
        detail.put("ApplicationDescription", body.path("ApplicationDescription").asText());
        detail.put("ApplicationName", name);
        detail.put("RuntimeEnvironment", body.get("RuntimeEnvironment").asText());
        detail.put("ServiceExecutionRole", body.get("ServiceExecutionRole").asText());
        detail.put("ApplicationStatus", "READY");
        detail.put("ApplicationVersionId", 1);
        detail.put("CreateTimestamp", now());
        detail.put("LastUpdateTimestamp", now());
        detail.put("ApplicationVersionCreateTimestamp", now());
        detail.put("ConditionalToken", "token-1");
        detail.put("ApplicationMode", "STREAMING");
        detail.set("ApplicationConfigurationDescription", configuration);
        detail.set(
                "CloudWatchLoggingOptionDescriptions",
                FakeDescriptions.logging(body.path("CloudWatchLoggingOptions")));
        FakeApplication made = new FakeApplication(detail, looks);
        for (JsonNode tag : body.path("Tags")) {
            made.tags.put(tag.get("Key").asText(), tag.path("Value").asText());
        }
        applications.put(name, made);
        return detail(made);
    }

    private JsonNode update(FakeApplication application, JsonNode body) {
        FakeChecks.checkVersion(application, body);
        FakeChecks.demand(application, "update", "READY", "RUNNING");
        boolean running = application.status().equals("RUNNING");
        JsonNode run = body.path("RunConfigurationUpdate");
        if (!running && run.isObject()) {
            throw new FakeError(
                    "InvalidArgumentException",
                    "RunConfigurationUpdate is only supported for a running application");
        }
        FakeChecks.checkRestore(application, run);
        JsonNode said = body.path("ApplicationConfigurationUpdate");
        ObjectNode changed = application.detail.deepCopy();
        ObjectNode configuration = (ObjectNode) changed.get("ApplicationConfigurationDescription");
        FakeDescriptions.change(configuration, said);
        FakeChecks.checkCode(buckets, configuration, "InvalidArgumentException");
        FakeChecks.checkFlink(
                said.path("FlinkApplicationConfigurationUpdate"), configuration, quota);
        for (String member : new String[] {"ServiceExecutionRole", "RuntimeEnvironment"}) {
            if (body.hasNonNull(member + "Update")) {
                changed.set(member, body.get(member + "Update"));
            }
        }
        if (running) {
            new FakeSnapshots(this).system(application);
            FakeDescriptions.run(configuration, run);
        }
        ObjectNode before = application.detail;
        String operation = application.begun("UpdateApplication", now());
        application.nextVersion(changed, now());
        application
                .operations
                .get(operation)
                .putObject("ApplicationVersionChangeDetails")
                .put("ApplicationVersionUpdatedFrom", before.get("ApplicationVersionId").asLong())
                .put("ApplicationVersionUpdatedTo", application.version());
        if (running) {
            before.put("ApplicationStatus", "RUNNING");
            application.during("UPDATING", () -> endUpdate(application, before, operation));
        } else {
            application.ended(operation, "SUCCESSFUL", now());
        }
        return detail(application).put("OperationId", operation);
    }

    private void endUpdate(FakeApplication application, ObjectNode before, String operation) {
        String why = nextFailure;
        nextFailure = null;
        if (why == null) {
            application.runs();
            application.ended(operation, "SUCCESSFUL", now());
        } else if (application.rollbackEnabled()) {
            String back = application.begun("SystemRollbackApplication", now());
            application.failed(operation, why, back, now());
            application.during("ROLLING_BACK", () -> endRollback(application, before, back));
        } else {
            application.failed(operation, why, null, now());
            application.status("READY");
        }
    }

    private void endRollback(FakeApplication application, ObjectNode to, String operation) {
        long from = application.version();
        ObjectNode next = application.nextVersion(to, now());
        next.put("ApplicationVersionRolledBackFrom", from);
        next.put("ApplicationVersionRolledBackTo", to.get("ApplicationVersionId").asLong());
        application.runs();
        application.ended(operation, "SUCCESSFUL", now());
    }

    private JsonNode start(FakeApplication application, JsonNode body) {
        FakeChecks.demand(application, "start", "READY");
        JsonNode run = body.path("RunConfiguration");
        FakeChecks.checkRestore(application, run);
        FakeChecks.checkCode(
                buckets, application.configuration(), "InvalidApplicationConfigurationException");
        FakeDescriptions.run(application.configuration(), run);
        String operation = application.begun("StartApplication", now());
        String why = nextFailure;
        nextFailure = null;
        application.during(
                "STARTING",
                () -> {
                    if (why == null) {
                        application.runs();
                        application.ended(operation, "SUCCESSFUL", now());
                    } else {
                        application.failed(operation, why, null, now());
                        application.status("READY");
                    }
                });
        return JSON.createObjectNode().put("OperationId", operation);
    }

    private JsonNode stop(FakeApplication application, boolean force) {
        if (force) {
            FakeChecks.demand(
                    application,
                    "stop",
                    "RUNNING",
                    "STARTING",
                    "UPDATING",
                    "STOPPING",
                    "AUTOSCALING");
        } else {
            FakeChecks.demand(application, "stop", "RUNNING");
            new FakeSnapshots(this).system(application);
        }
        String operation = application.begun("StopApplication", now());
        application.during(
                force ? "FORCE_STOPPING" : "STOPPING",
                () -> {
                    application.status("READY");
                    application.restartLoop = null;
                    application.ended(operation, "SUCCESSFUL", now());
                });
        return JSON.createObjectNode().put("OperationId", operation);
    }

    private JsonNode rollback(FakeApplication application, JsonNode body) {
        if (body.get("CurrentApplicationVersionId").asLong() != application.version()) {
            throw new FakeError("ConcurrentModificationException", "The version is not current");
        }
        FakeChecks.demand(application, "roll back", "RUNNING", "UPDATING", "AUTOSCALING");
        Map.Entry<Long, ObjectNode> before = application.versions.lowerEntry(application.version());
        if (before == null || application.latestSnapshot() == null) {
            throw new FakeError(
                    "UnsupportedOperationException",
                    "There is no previous running version with a snapshot to roll back to");
        }
        application.restartLoop = null;
        String operation = application.begun("RollbackApplication", now());
        ObjectNode to = before.getValue();
        application.during("ROLLING_BACK", () -> endRollback(application, to, operation));
        return detail(application).put("OperationId", operation);
    }

    private JsonNode delete(FakeApplication application, JsonNode body) {
        FakeChecks.demand(application, "delete", "READY", "RUNNING");
        if (body.get("CreateTimestamp").asDouble()
                != application.detail.get("CreateTimestamp").asDouble()) {
            throw new FakeError("InvalidArgumentException", "The create timestamp is not right");
        }
        String name = application.detail.get("ApplicationName").asText();
        deleting = name;
        application.during("DELETING", () -> applications.remove(deleting));
        return JSON.createObjectNode();
    }

    private JsonNode operation(FakeApplication application, String id) {
        ObjectNode found = application.operations.get(id);
        if (found == null) {
            throw new FakeError("ResourceNotFoundException", "Operation " + id + " not found");
        }
        ObjectNode result = JSON.createObjectNode();
        result.set("ApplicationOperationInfoDetails", found.deepCopy());
        return seen(application, result);
    }

    private JsonNode addLogging(FakeApplication application, JsonNode body) {
        FakeChecks.checkVersion(application, body);
        FakeChecks.demand(application, "update", "READY", "RUNNING");
        ObjectNode next = application.nextVersion(application.detail, now());
        ArrayNode added =
                FakeDescriptions.logging(
                        JSON.createArrayNode().add(body.get("CloudWatchLoggingOption")));
        ((ArrayNode) next.get("CloudWatchLoggingOptionDescriptions")).addAll(added);
        ObjectNode result = JSON.createObjectNode();
        result.set("ApplicationARN", next.get("ApplicationARN"));
        result.set("ApplicationVersionId", next.get("ApplicationVersionId"));
        result.set(
                "CloudWatchLoggingOptionDescriptions",
                next.get("CloudWatchLoggingOptionDescriptions"));
        return result;
    }

    private JsonNode dashboard(FakeApplication application) {
        FakeChecks.demand(application, "open the dashboard of", "RUNNING");
        return JSON.createObjectNode()
                .put(
                        "AuthorizedUrl",
                        endpoint
                                + "/flinkdashboard?authToken="
                                + application.detail.get("ApplicationName").asText());
    }

    private JsonNode tag(JsonNode body) {
        FakeApplication application = byArn(body);
        for (JsonNode tag : body.get("Tags")) {
            application.tags.put(tag.get("Key").asText(), tag.path("Value").asText());
        }
        return JSON.createObjectNode();
    }

    private JsonNode tags(JsonNode body) {
        ObjectNode result = JSON.createObjectNode();
        ArrayNode tags = result.putArray("Tags");
        byArn(body)
                .tags
                .forEach((key, value) -> tags.addObject().put("Key", key).put("Value", value));
        return result;
    }
}
