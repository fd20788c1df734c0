package dev.tally.job.managed;

import static dev.tally.job.managed.FakeBucket.tag;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What stands around an application: who calls, what a role may, logs, tables, quotas. */
final class FakeAccount {

    static final String ID = "123456789012";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Actions that the simulator of policies denies. */
    final Set<String> denied = new TreeSet<>();

    /** Log streams by group; a line for a stream that is not there is lost. */
    final Map<String, Set<String>> logs = new TreeMap<>();

    /** What FilterLogEvents and queries find: messages, oldest first. */
    final ArrayNode lines = JSON.createArrayNode();

    /** What DescribeTable tells, by table. */
    final Map<String, ObjectNode> tables = new TreeMap<>();

    /** When roles were made, as IAM tells it; the newest roles are not known everywhere. */
    String rolesMade = "2026-11-20T18:00:00Z";

    /** KPUs that the account may use. */
    int quota = 64;

    static String arn(String service, String resource) {
        return "arn:aws:" + service + ":us-east-1:" + ID + ":" + resource;
    }

    /** Adds a table with a stream, as doctor wants to see it. */
    ObjectNode table(String name, String hashKey, String view) {
        ObjectNode table = JSON.createObjectNode();
        table.put("TableName", name).put("TableStatus", "ACTIVE");
        table.put("TableArn", arn("dynamodb", "table/" + name));
        table.putArray("KeySchema")
                .addObject()
                .put("AttributeName", hashKey)
                .put("KeyType", "HASH");
        table.putArray("AttributeDefinitions")
                .addObject()
                .put("AttributeName", hashKey)
                .put("AttributeType", "S");
        if (view != null) {
            table.putObject("StreamSpecification")
                    .put("StreamEnabled", true)
                    .put("StreamViewType", view);
            table.put(
                    "LatestStreamArn",
                    arn("dynamodb", "table/" + name + "/stream/2026-01-01T00:00:00.000"));
            table.put("LatestStreamLabel", "2026-01-01T00:00:00.000");
        }
        tables.put(name, table);
        return table;
    }

    /** The content of an XML answer of sts or iam. */
    String query(String action, Map<String, String> form) {
        switch (action) {
            case "GetCallerIdentity":
                return tag("Arn", "arn:aws:iam::" + ID + ":user/engineer")
                        + tag("UserId", "AIDAEXAMPLE")
                        + tag("Account", ID);
            case "SimulatePrincipalPolicy":
                return simulated(form);
            case "GetRole":
                return tag(
                        "Role",
                        tag("Path", "/")
                                + tag("RoleName", form.get("RoleName"))
                                + tag("RoleId", "AROAEXAMPLE")
                                + tag("Arn", "arn:aws:iam::" + ID + ":role/" + form.get("RoleName"))
                                + tag("CreateDate", rolesMade)
                                + tag(
                                        "AssumeRolePolicyDocument",
                                        "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C"
                                                + "%22Principal%22%3A%7B%22Service%22%3A"
                                                + "%22kinesisanalytics.amazonaws.com%22%7D%2C"
                                                + "%22Action%22%3A%22sts%3AAssumeRole%22"
                                                + "%7D%5D%7D"));
            default:
                throw new FakeError("InvalidAction", "Could not find operation " + action);
        }
    }

    private String simulated(Map<String, String> form) {
        StringBuilder results = new StringBuilder();
        for (int a = 1; form.containsKey("ActionNames.member." + a); a++) {
            String action = form.get("ActionNames.member." + a);
            String decision = denied.contains(action) ? "implicitDeny" : "allowed";
            for (int r = 1; r == 1 || form.containsKey("ResourceArns.member." + r); r++) {
                results.append(
                        tag(
                                "member",
                                tag("EvalActionName", action)
                                        + tag(
                                                "EvalResourceName",
                                                form.getOrDefault("ResourceArns.member." + r, "*"))
                                        + tag("EvalDecision", decision)));
            }
        }
        return tag("IsTruncated", "false") + tag("EvaluationResults", results.toString());
    }

    JsonNode logs(String operation, JsonNode body) {
        ObjectNode result = JSON.createObjectNode();
        String group = body.path("logGroupName").asText();
        switch (operation) {
            case "CreateLogGroup":
                logs.computeIfAbsent(group, g -> new TreeSet<>());
                return result;
            case "CreateLogStream":
                streams(group).add(body.get("logStreamName").asText());
                return result;
            case "DeleteLogGroup":
                streams(group);
                logs.remove(group);
                return result;
            case "PutRetentionPolicy":
                streams(group);
                return result;
            case "DescribeLogGroups":
                ArrayNode groups = result.putArray("logGroups");
                for (String name : logs.keySet()) {
                    if (name.startsWith(body.path("logGroupNamePrefix").asText())) {
                        groups.addObject()
                                .put("logGroupName", name)
                                .put("arn", arn("logs", "log-group:" + name + ":*"));
                    }
                }
                return result;
            case "DescribeLogStreams":
                ArrayNode streams = result.putArray("logStreams");
                for (String name : streams(group)) {
                    streams.addObject()
                            .put("logStreamName", name)
                            .put("arn", arn("logs", "log-group:" + group + ":log-stream:" + name));
                }
                return result;
            case "FilterLogEvents":
            case "GetLogEvents":
                streams(group);
                ArrayNode events = result.putArray("events");
                for (JsonNode line : lines) {
                    events.addObject()
                            .put("timestamp", System.currentTimeMillis())
                            .put("message", line.toString())
                            .put("eventId", String.valueOf(events.size()));
                }
                return result;
            case "StartQuery":
                return result.put("queryId", "query-1");
            case "GetQueryResults":
                ArrayNode results = result.put("status", "Complete").putArray("results");
                for (JsonNode line : lines) {
                    results.addArray()
                            .addObject()
                            .put("field", "@message")
                            .put("value", line.toString());
                }
                return result;
            default:
                throw new FakeError("UnknownOperationException", operation);
        }
    }

    private Set<String> streams(String group) {
        Set<String> streams = logs.get(group);
        if (streams == null) {
            throw new FakeError(
                    "ResourceNotFoundException", "The specified log group does not exist.");
        }
        return streams;
    }

    JsonNode dynamoDb(String operation, JsonNode body) {
        ObjectNode table = tables.get(body.path("TableName").asText());
        if (!operation.equals("DescribeTable")) {
            throw new FakeError("UnknownOperationException", operation);
        }
        if (table == null) {
            throw new FakeError(
                    "ResourceNotFoundException",
                    "Requested resource not found: Table: "
                            + body.path("TableName").asText()
                            + " not found");
        }
        ObjectNode result = JSON.createObjectNode();
        result.set("Table", table);
        return result;
    }

    JsonNode quotas(String operation, JsonNode body) {
        ObjectNode result = JSON.createObjectNode();
        ObjectNode kpus = JSON.createObjectNode();
        kpus.put("ServiceCode", "kinesisanalytics").put("QuotaCode", "L-3A88E041");
        kpus.put("QuotaName", "KPUs").put("Value", (double) quota);
        if (operation.equals("ListServiceQuotas")) {
            result.putArray("Quotas").add(kpus);
        } else {
            result.set("Quota", kpus);
        }
        return result;
    }
}
