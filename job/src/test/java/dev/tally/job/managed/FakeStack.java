package dev.tally.job.managed;

import static dev.tally.job.managed.FakeBucket.tag;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** CloudFormation of the fake: every change is complete at once, so that nobody waits for it. */
final class FakeStack {

    /** A stack: its template, the values of its parameters, and what outputs became. */
    static final class Stack {
        String status;
        String template;
        final Map<String, String> parameters = new TreeMap<>();
        Map<String, String> outputs = new TreeMap<>();
    }

    /** Stacks by name. */
    final Map<String, Stack> stacks = new TreeMap<>();

    /** Why the next change set fails; null when it succeeds. */
    String nextFailure;

    private final Map<String, Stack> changes = new TreeMap<>();
    private final FakeBucket buckets;
    private final FakeAccount account;
    private String lastFailure = "";

    FakeStack(FakeBucket buckets, FakeAccount account) {
        this.buckets = buckets;
        this.account = account;
    }

    /** The content of an XML answer. */
    String query(String action, Map<String, String> form) {
        String name = name(form.getOrDefault("StackName", ""));
        switch (action) {
            case "CreateChangeSet":
                return change(name, form);
            case "DescribeChangeSet":
                return describeChange(name);
            case "ExecuteChangeSet":
                return execute(name);
            case "DeleteChangeSet":
            case "UpdateTerminationProtection":
                return "";
            case "DescribeStacks":
                return describe(name);
            case "DeleteStack":
                delete(name);
                return "";
            case "DescribeStackEvents":
                return tag("StackEvents", lastFailure);
            case "ListStackResources":
                return tag("StackResourceSummaries", "");
            case "GetTemplate":
                return tag("TemplateBody", escaped(stack(name).template));
            case "ValidateTemplate":
            case "GetTemplateSummary":
                return summary(name.isEmpty() ? form.get("TemplateBody") : stack(name).template);
            default:
                throw new FakeError("InvalidAction", "Could not find operation " + action);
        }
    }

    /** The CLI may name a stack by its id. */
    private static String name(String nameOrId) {
        return nameOrId.startsWith("arn:") ? nameOrId.split("/")[1] : nameOrId;
    }

    private static String id(String name) {
        return FakeAccount.arn("cloudformation", "stack/" + name + "/1");
    }

    private Stack stack(String name) {
        Stack found = stacks.get(name);
        if (found == null) {
            throw new FakeError("ValidationError", "Stack with id " + name + " does not exist");
        }
        return found;
    }

    private static String summary(String template) {
        StringBuilder parameters = new StringBuilder();
        for (String key : new FakeTemplate("", template, Map.of()).parameterNames()) {
            parameters.append(tag("member", tag("ParameterKey", key)));
        }
        return tag("Parameters", parameters.toString()) + tag("Capabilities", "");
    }

    private String change(String name, Map<String, String> form) {
        boolean create = form.getOrDefault("ChangeSetType", "UPDATE").equals("CREATE");
        if (create == stacks.containsKey(name)) {
            throw new FakeError("ValidationError", "Stack " + name + " cannot be " + form);
        }
        Stack change = new Stack();
        change.template = form.get("TemplateBody");
        if (change.template == null && form.containsKey("TemplateURL")) {
            String[] at = form.get("TemplateURL").split("/", 5);
            change.template = new String(buckets.objects(at[3]).get(at[4]));
        }
        change.status = create ? "CREATE_COMPLETE" : "UPDATE_COMPLETE";
        for (int i = 1; form.containsKey("Parameters.member." + i + ".ParameterKey"); i++) {
            String key = form.get("Parameters.member." + i + ".ParameterKey");
            String value = form.get("Parameters.member." + i + ".ParameterValue");
            String kept = value != null ? value : stack(name).parameters.get(key);
            if (kept != null) {
                change.parameters.put(key, kept);
            }
        }
        changes.put(name, change);
        return tag("Id", FakeAccount.arn("cloudformation", "changeSet/" + name + "/1"))
                + tag("StackId", id(name));
    }

    private String describeChange(String name) {
        Stack old = stacks.get(name);
        Stack change = changes.get(name);
        boolean same =
                old != null
                        && old.template.equals(change.template)
                        && old.parameters.equals(change.parameters);
        return tag("ChangeSetName", "change")
                + tag("ChangeSetId", FakeAccount.arn("cloudformation", "changeSet/" + name + "/1"))
                + tag("StackName", name)
                + tag("Status", same ? "FAILED" : "CREATE_COMPLETE")
                + tag("ExecutionStatus", same ? "UNAVAILABLE" : "AVAILABLE")
                + (same
                        ? tag(
                                "StatusReason",
                                "The submitted information didn't contain changes. Submit"
                                        + " different information to create a change set.")
                        : "")
                + tag("Changes", "");
    }

    private String execute(String name) {
        Stack change = changes.remove(name);
        if (nextFailure != null) {
            change.status =
                    stacks.containsKey(name) ? "UPDATE_ROLLBACK_COMPLETE" : "ROLLBACK_COMPLETE";
            lastFailure =
                    tag(
                            "member",
                            tag("StackId", id(name))
                                    + tag("EventId", "1")
                                    + tag("StackName", name)
                                    + tag("LogicalResourceId", "Role")
                                    + tag("Timestamp", "2026-11-20T18:00:00Z")
                                    + tag("ResourceStatus", "CREATE_FAILED")
                                    + tag("ResourceStatusReason", escaped(nextFailure)));
            nextFailure = null;
        } else {
            FakeTemplate template = new FakeTemplate(name, change.template, change.parameters);
            change.outputs = template.outputs();
            template.names("AWS::S3::Bucket").forEach(buckets::create);
            for (String group : template.names("AWS::Logs::LogGroup")) {
                account.logs.computeIfAbsent(group, g -> new TreeSet<>());
            }
            for (JsonNode stream : template.properties("AWS::Logs::LogStream")) {
                account.logs
                        .computeIfAbsent(stream.path("LogGroupName").asText(), g -> new TreeSet<>())
                        .add(stream.path("LogStreamName").asText());
            }
        }
        stacks.put(name, change);
        return "";
    }

    private String describe(String name) {
        List<String> named = new ArrayList<>();
        if (name.isEmpty()) {
            named.addAll(stacks.keySet());
        } else {
            stack(name);
            named.add(name);
        }
        StringBuilder members = new StringBuilder();
        for (String each : named) {
            Stack stack = stacks.get(each);
            StringBuilder outputs = new StringBuilder();
            stack.outputs.forEach(
                    (key, value) ->
                            outputs.append(
                                    tag(
                                            "member",
                                            tag("OutputKey", key)
                                                    + tag("OutputValue", escaped(value)))));
            StringBuilder parameters = new StringBuilder();
            stack.parameters.forEach(
                    (key, value) ->
                            parameters.append(
                                    tag(
                                            "member",
                                            tag("ParameterKey", key)
                                                    + tag("ParameterValue", escaped(value)))));
            members.append(
                    tag(
                            "member",
                            tag("StackId", id(each))
                                    + tag("StackName", each)
                                    + tag("CreationTime", "2026-11-20T18:00:00Z")
                                    + tag("StackStatus", stack.status)
                                    + tag("Parameters", parameters.toString())
                                    + tag("Outputs", outputs.toString())));
        }
        return tag("Stacks", members.toString());
    }

    private void delete(String name) {
        Stack stack = stacks.get(name);
        if (stack == null) {
            return;
        }
        FakeTemplate template = new FakeTemplate(name, stack.template, stack.parameters);
        for (String bucket : template.names("AWS::S3::Bucket")) {
            if (template.retained("AWS::S3::Bucket")) {
                continue;
            }
            if (buckets.exists(bucket) && !buckets.objects(bucket).isEmpty()) {
                stack.status = "DELETE_FAILED";
                return;
            }
            buckets.delete(bucket);
        }
        if (!template.retained("AWS::Logs::LogGroup")) {
            template.names("AWS::Logs::LogGroup").forEach(account.logs::remove);
        }
        stacks.remove(name);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
