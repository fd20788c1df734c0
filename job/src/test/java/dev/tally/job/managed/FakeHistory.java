package dev.tally.job.managed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Lists of what has happened to an application: operations and versions, newest first. */
final class FakeHistory {

    private static final ObjectMapper JSON = new ObjectMapper();

    private FakeHistory() {}

    static JsonNode operations(FakeApplication application, JsonNode body) {
        List<ObjectNode> found = new ArrayList<>();
        application.operations.forEach(
                (id, operation) -> {
                    boolean wanted = true;
                    for (String member : new String[] {"Operation", "OperationStatus"}) {
                        wanted &=
                                !body.hasNonNull(member)
                                        || body.get(member).equals(operation.get(member));
                    }
                    if (wanted) {
                        found.add(0, operation.deepCopy().put("OperationId", id));
                    }
                });
        return list("ApplicationOperationInfoList", found, body);
    }

    static JsonNode versions(FakeApplication application, JsonNode body) {
        List<ObjectNode> found = new ArrayList<>();
        for (ObjectNode version : application.versions.descendingMap().values()) {
            ObjectNode summary = JSON.createObjectNode();
            summary.set("ApplicationVersionId", version.get("ApplicationVersionId"));
            summary.set("ApplicationStatus", version.get("ApplicationStatus"));
            found.add(summary);
        }
        return list("ApplicationVersionSummaries", found, body);
    }

    static JsonNode list(String name, List<ObjectNode> found, JsonNode body) {
        int from = body.path("NextToken").asInt(0);
        int to = Math.min(found.size(), from + body.path("Limit").asInt(50));
        ObjectNode result = JSON.createObjectNode();
        result.putArray(name).addAll(found.subList(from, to));
        if (to < found.size()) {
            result.put("NextToken", String.valueOf(to));
        }
        return result;
    }

    static JsonNode version(FakeApplication application, long id) {
        ObjectNode found = application.versions.get(id);
        if (found == null) {
            throw new FakeError("ResourceNotFoundException", "Version " + id + " not found");
        }
        ObjectNode result = JSON.createObjectNode();
        result.set("ApplicationVersionDetail", found.deepCopy());
        return result;
    }
}
