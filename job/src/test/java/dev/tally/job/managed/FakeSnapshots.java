package dev.tally.job.managed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Snapshots of the fake's applications: they take one look to become READY. */
final class FakeSnapshots {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeFlink flink;

    FakeSnapshots(FakeFlink flink) {
        this.flink = flink;
    }

    JsonNode answer(String operation, FakeApplication application, JsonNode body) {
        switch (operation) {
            case "CreateApplicationSnapshot":
                return create(application, body.get("SnapshotName").asText());
            case "DescribeApplicationSnapshot":
                return describe(application, body.get("SnapshotName").asText());
            case "ListApplicationSnapshots":
                List<ObjectNode> newestFirst = new ArrayList<>();
                application.snapshots.values().forEach(each -> newestFirst.add(0, each.deepCopy()));
                return FakeHistory.list("SnapshotSummaries", newestFirst, body);
            case "DeleteApplicationSnapshot":
                return delete(application, body);
            default:
                throw new FakeError("UnknownOperationException", operation);
        }
    }

    /** The snapshot that stop and update take by themselves, unless they are told not to. */
    void system(FakeApplication application) {
        if (application.snapshotsEnabled()) {
            demandHealth(application);
            application.snapshot(
                    "SYSTEMSNAPSHOT-" + application.snapshots.size(), "READY", FakeFlink.now());
        }
    }

    private JsonNode create(FakeApplication application, String name) {
        if (application.snapshots.containsKey(name)) {
            throw new FakeError("ResourceInUseException", "Snapshot " + name + " already exists");
        }
        FakeChecks.demand(application, "take a snapshot of", "RUNNING");
        demandHealth(application);
        application.snapshot(name, "CREATING", FakeFlink.now());
        return JSON.createObjectNode();
    }

    private static void demandHealth(FakeApplication application) {
        if (application.restartLoop != null) {
            throw new FakeError(
                    "InvalidApplicationConfigurationException",
                    "Failed to take snapshot for the application "
                            + application.detail.get("ApplicationName").asText()
                            + " at this moment. The application is currently experiencing"
                            + " downtime. Please check the application's CloudWatch metrics or"
                            + " CloudWatch logs for any possible errors and retry the request.");
        }
    }

    private JsonNode describe(FakeApplication application, String name) {
        ObjectNode found = named(application, name);
        ObjectNode result = JSON.createObjectNode();
        result.set("SnapshotDetails", found.deepCopy());
        if (found.get("SnapshotStatus").asText().equals("CREATING")) {
            found.put("SnapshotStatus", flink.snapshotsFail ? "FAILED" : "READY");
        }
        return result;
    }

    private JsonNode delete(FakeApplication application, JsonNode body) {
        String name = body.get("SnapshotName").asText();
        double created = named(application, name).get("SnapshotCreationTimestamp").asDouble();
        if (body.get("SnapshotCreationTimestamp").asDouble() != created) {
            throw new FakeError(
                    "InvalidArgumentException", "The snapshot creation timestamp is not right");
        }
        application.snapshots.remove(name);
        return JSON.createObjectNode();
    }

    private static ObjectNode named(FakeApplication application, String name) {
        ObjectNode found = application.snapshots.get(name);
        if (found == null) {
            throw new FakeError("ResourceNotFoundException", "Snapshot " + name + " not found");
        }
        return found;
    }
}
