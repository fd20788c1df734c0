package dev.tally.job.managed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A template read as far as the names and outputs of its resources go. */
final class FakeTemplate {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern HOLE = Pattern.compile("\\$\\{([^}!]+)}");

    /** What names a resource of each type, when the template gives it a name. */
    private static final Map<String, String> NAMED_BY =
            Map.of(
                    "AWS::S3::Bucket", "BucketName",
                    "AWS::IAM::Role", "RoleName",
                    "AWS::Logs::LogGroup", "LogGroupName",
                    "AWS::Logs::LogStream", "LogStreamName",
                    "AWS::SNS::Topic", "TopicName",
                    "AWS::DynamoDB::Table", "TableName",
                    "AWS::Kinesis::Stream", "Name",
                    "AWS::CloudWatch::Dashboard", "DashboardName",
                    "AWS::CloudWatch::Alarm", "AlarmName");

    private final JsonNode template;
    private final Map<String, String> parameters = new TreeMap<>();

    FakeTemplate(String stack, String text, Map<String, String> values) {
        Node root =
                new Compose(LoadSettings.builder().setCodePointLimit(1 << 22).build())
                        .composeString(text)
                        .orElseThrow(() -> new FakeError("ValidationError", "Template is empty"));
        template = json(root);
        if (!template.path("Resources").isObject()) {
            throw new FakeError(
                    "ValidationError",
                    "Template format error: At least one Resources member must be defined.");
        }
        for (Map.Entry<String, JsonNode> parameter : template.path("Parameters").properties()) {
            String value = values.get(parameter.getKey());
            if (value == null && parameter.getValue().has("Default")) {
                value = parameter.getValue().get("Default").asText();
            }
            parameters.put(parameter.getKey(), value == null ? "" : value);
        }
        parameters.put("AWS::Region", "us-east-1");
        parameters.put("AWS::AccountId", FakeAccount.ID);
        parameters.put("AWS::Partition", "aws");
        parameters.put("AWS::StackName", stack);
        parameters.put("AWS::URLSuffix", "amazonaws.com");
    }

    /** What the template lets its user choose. */
    List<String> parameterNames() {
        List<String> names = new ArrayList<>();
        template.path("Parameters").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Physical names of the resources of a type. */
    List<String> names(String type) {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, JsonNode> resource : template.get("Resources").properties()) {
            if (resource.getValue().path("Type").asText().equals(type)
                    && made(resource.getValue())) {
                names.add(reference(resource.getKey()));
            }
        }
        return names;
    }

    /** Properties of the resources of a type, resolved one level deep. */
    List<JsonNode> properties(String type) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode resource : template.get("Resources")) {
            if (resource.path("Type").asText().equals(type) && made(resource)) {
                ObjectNode properties = JSON.createObjectNode();
                for (Map.Entry<String, JsonNode> property :
                        resource.path("Properties").properties()) {
                    properties.put(property.getKey(), resolved(property.getValue()));
                }
                found.add(properties);
            }
        }
        return found;
    }

    /** Whether resources of a type stay when the stack goes. */
    boolean retained(String type) {
        for (JsonNode resource : template.get("Resources")) {
            if (resource.path("Type").asText().equals(type)) {
                return resource.path("DeletionPolicy").asText().equals("Retain");
            }
        }
        return false;
    }

    /** Outputs by key. */
    Map<String, String> outputs() {
        Map<String, String> outputs = new TreeMap<>();
        for (Map.Entry<String, JsonNode> output : template.path("Outputs").properties()) {
            if (made(output.getValue())) {
                outputs.put(output.getKey(), resolved(output.getValue().get("Value")));
            }
        }
        return outputs;
    }

    private boolean made(JsonNode thing) {
        return !thing.has("Condition") || holds(thing.get("Condition").asText());
    }

    private boolean holds(String condition) {
        return truth(template.path("Conditions").path(condition));
    }

    private boolean truth(JsonNode node) {
        if (node.has("Fn::Equals")) {
            return resolved(node.get("Fn::Equals").get(0))
                    .equals(resolved(node.get("Fn::Equals").get(1)));
        }
        if (node.has("Fn::Not")) {
            return !truth(node.get("Fn::Not").get(0));
        }
        if (node.has("Condition")) {
            return holds(node.get("Condition").asText());
        }
        boolean all = node.has("Fn::And");
        for (JsonNode each : node.path(all ? "Fn::And" : "Fn::Or")) {
            if (truth(each) != all) {
                return !all;
            }
        }
        return all;
    }

    private String resolved(JsonNode value) {
        if (value.has("Ref")) {
            return reference(value.get("Ref").asText());
        }
        if (value.has("Fn::GetAtt")) {
            JsonNode path = value.get("Fn::GetAtt");
            return path.isArray()
                    ? attribute(path.get(0).asText(), path.get(1).asText())
                    : hole(path.asText());
        }
        if (value.has("Fn::Sub")) {
            JsonNode sub = value.get("Fn::Sub");
            return filled(sub.isArray() ? sub.get(0).asText() : sub.asText());
        }
        if (value.has("Fn::Join")) {
            List<String> parts = new ArrayList<>();
            value.get("Fn::Join").get(1).forEach(part -> parts.add(resolved(part)));
            return String.join(value.get("Fn::Join").get(0).asText(), parts);
        }
        if (value.has("Fn::If")) {
            JsonNode choice = value.get("Fn::If");
            return resolved(choice.get(holds(choice.get(0).asText()) ? 1 : 2));
        }
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private String filled(String text) {
        Matcher holes = HOLE.matcher(text);
        StringBuilder whole = new StringBuilder();
        while (holes.find()) {
            holes.appendReplacement(whole, Matcher.quoteReplacement(hole(holes.group(1))));
        }
        return holes.appendTail(whole).toString();
    }

    private String hole(String name) {
        int dot = name.indexOf('.');
        return dot < 0
                ? reference(name)
                : attribute(name.substring(0, dot), name.substring(dot + 1));
    }

    private String reference(String name) {
        if (parameters.containsKey(name)) {
            return parameters.get(name);
        }
        JsonNode resource = template.get("Resources").path(name);
        if (resource.isMissingNode()) {
            throw new FakeError(
                    "ValidationError", "Template format error: Unresolved resource " + name);
        }
        String type = resource.get("Type").asText();
        JsonNode given = resource.path("Properties").path(NAMED_BY.getOrDefault(type, "Name"));
        String physical =
                given.isMissingNode()
                        ? parameters.get("AWS::StackName") + "-" + name.toLowerCase(Locale.ROOT)
                        : resolved(given);
        return type.equals("AWS::SNS::Topic") ? FakeAccount.arn("sns", physical) : physical;
    }

    private String attribute(String name, String attribute) {
        String physical = reference(name);
        if (!attribute.equals("Arn") && !attribute.endsWith("Arn")) {
            return physical;
        }
        switch (template.get("Resources").get(name).get("Type").asText()) {
            case "AWS::S3::Bucket":
                return "arn:aws:s3:::" + physical;
            case "AWS::IAM::Role":
                return "arn:aws:iam::" + FakeAccount.ID + ":role/" + physical;
            case "AWS::Logs::LogGroup":
                return FakeAccount.arn("logs", "log-group:" + physical + ":*");
            case "AWS::DynamoDB::Table":
                return FakeAccount.arn("dynamodb", "table/" + physical);
            default:
                return FakeAccount.arn("kinesis", "stream/" + physical);
        }
    }

    /** Short forms of functions become their long forms. */
    private static JsonNode json(Node node) {
        JsonNode plain = plain(node);
        String tag = node.getTag().getValue();
        if (!tag.startsWith("!")) {
            return plain;
        }
        String function = tag.substring(1);
        boolean bare = function.equals("Ref") || function.equals("Condition");
        ObjectNode call = JSON.createObjectNode();
        call.set(bare ? function : "Fn::" + function, plain);
        return call;
    }

    private static JsonNode plain(Node node) {
        if (node instanceof ScalarNode) {
            return JSON.getNodeFactory().textNode(((ScalarNode) node).getValue());
        }
        if (node instanceof SequenceNode) {
            ArrayNode list = JSON.createArrayNode();
            ((SequenceNode) node).getValue().forEach(each -> list.add(json(each)));
            return list;
        }
        ObjectNode map = JSON.createObjectNode();
        for (NodeTuple entry : ((MappingNode) node).getValue()) {
            map.set(((ScalarNode) entry.getKeyNode()).getValue(), json(entry.getValueNode()));
        }
        return map;
    }
}
