package dev.tally.job.managed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * What the AWS CLI prints, without the second that each start of it takes: a script of three lines
 * that is called {@code aws} sends its words here. Errors have the CLI's form.
 */
final class FakeCli {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TEMPLATE_BYTES_MAX = 51_200;

    /** Targets of the services that speak JSON. */
    private static final Map<String, String> TARGETS =
            Map.of(
                    "kinesisanalyticsv2", "KinesisAnalytics_20180523.",
                    "logs", "Logs_20140328.",
                    "service-quotas", "ServiceQuotasV20190624.",
                    "dynamodb", "DynamoDB_20120810.");

    private final FakeAws aws;

    FakeCli(FakeAws aws) {
        this.aws = aws;
    }

    /** The answer to words that end with the unit separator, and a request on the next line. */
    JsonNode answer(String said) throws IOException {
        int end = said.indexOf('\n');
        List<String> words = new ArrayList<>(List.of(said.substring(0, end).split("\u001f")));
        JsonNode request = JSON.readTree(said.substring(end + 1));
        for (String global :
                new String[] {
                    "--output", "--region", "--profile", "--endpoint-url", "--cli-input-json"
                }) {
            option(words, global);
        }
        String service = words.remove(0);
        String operation = operation(words.remove(0));
        try {
            return answer(service, operation, request, words);
        } catch (FakeError e) {
            // A complaint of the CLI itself has no code.
            throw e.code.isEmpty()
                    ? e
                    : new FakeError(
                            e.code,
                            "An error occurred ("
                                    + e.code
                                    + ") when calling the "
                                    + operation
                                    + " operation: "
                                    + e.getMessage());
        }
    }

    private static String operation(String command) {
        StringBuilder name = new StringBuilder();
        for (String word : command.split("-")) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return name.toString();
    }

    private static String option(List<String> words, String name) {
        int at = words.indexOf(name);
        if (at < 0) {
            return null;
        }
        words.remove(at);
        return words.remove(at);
    }

    private JsonNode answer(String service, String operation, JsonNode request, List<String> words)
            throws IOException {
        if (words.contains("--generate-cli-skeleton")) {
            return JSON.createObjectNode();
        }
        if (TARGETS.containsKey(service)) {
            return aws.call(TARGETS.get(service) + operation, JSON.writeValueAsBytes(request));
        }
        if (service.equals("s3api")) {
            return s3(operation, request, words);
        }
        if (service.equals("cloudformation") && operation.equals("Deploy")) {
            return deploy(words);
        }
        if (operation.equals("Wait")) {
            return JSON.createObjectNode();
        }
        return json(aws.query(service, operation, form(request)));
    }

    private JsonNode s3(String operation, JsonNode request, List<String> words) throws IOException {
        String bucket = option(words, "--bucket");
        bucket = bucket == null ? request.path("Bucket").asText() : bucket;
        String key = option(words, "--key");
        key = key == null ? request.path("Key").asText() : key;
        aws.note("s3", operation, request);
        ObjectNode result = JSON.createObjectNode();
        switch (operation) {
            case "PutObject":
                byte[] body = Files.readAllBytes(Path.of(option(words, "--body")));
                aws.buckets.objects(bucket).put(key, body);
                return result;
            case "HeadObject":
                if (!aws.buckets.holds(bucket, key)) {
                    throw new FakeError("404", "Not Found");
                }
                return result.put("ContentLength", aws.buckets.objects(bucket).get(key).length);
            case "GetObject":
                byte[] object = aws.buckets.answer(operation, bucket, key, Map.of(), new byte[0]);
                Files.write(Path.of(words.get(words.size() - 1)), object);
                return result;
            case "ListObjectVersions":
                ArrayNode versions = result.putArray("Versions");
                for (String each : aws.buckets.objects(bucket).keySet()) {
                    versions.addObject().put("Key", each).put("VersionId", "v1");
                }
                return result;
            case "DeleteObjects":
                for (JsonNode each : request.at("/Delete/Objects")) {
                    aws.buckets.objects(bucket).remove(each.get("Key").asText());
                }
                return result;
            default:
                aws.buckets.answer(operation, bucket, key, Map.of(), new byte[0]);
                return result;
        }
    }

    private JsonNode deploy(List<String> words) throws IOException {
        Map<String, String> form = new TreeMap<>();
        String name = option(words, "--stack-name");
        form.put("StackName", name);
        String body = Files.readString(Path.of(option(words, "--template-file")));
        if (option(words, "--s3-bucket") == null && body.length() > TEMPLATE_BYTES_MAX) {
            throw new FakeError(
                    "", "Templates with a size greater than 51,200 bytes must be deployed");
        }
        form.put("TemplateBody", body);
        form.put("ChangeSetType", aws.stacks.stacks.containsKey(name) ? "UPDATE" : "CREATE");
        int at = words.indexOf("--parameter-overrides") + 1;
        for (int i = 1; at > 0 && at < words.size() && !words.get(at).startsWith("--"); i++) {
            String[] pair = words.get(at++).split("=", 2);
            form.put("Parameters.member." + i + ".ParameterKey", pair[0]);
            form.put("Parameters.member." + i + ".ParameterValue", pair[1]);
        }
        aws.query("cloudformation", "CreateChangeSet", form);
        aws.query("cloudformation", "ExecuteChangeSet", form);
        if (aws.stacks.stacks.get(name).status.contains("ROLLBACK")) {
            throw new FakeError("", "Failed to create/update the stack. Look at its events.");
        }
        return JSON.createObjectNode();
    }

    private static Map<String, String> form(JsonNode request) {
        Map<String, String> form = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : request.properties()) {
            if (member.getValue().isArray()) {
                int i = 1;
                for (JsonNode each : member.getValue()) {
                    form.put(member.getKey() + ".member." + i++, each.asText());
                }
            } else {
                form.put(member.getKey(), member.getValue().asText());
            }
        }
        return form;
    }

    /** What the CLI makes of an XML answer. */
    static JsonNode json(String xml) throws IOException {
        try {
            String whole = "<answer>" + xml + "</answer>";
            return json(
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(new ByteArrayInputStream(whole.getBytes(StandardCharsets.UTF_8)))
                            .getDocumentElement());
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
    }

    private static JsonNode json(Element element) throws IOException {
        ObjectNode object = JSON.createObjectNode();
        ArrayNode list = JSON.createArrayNode();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element && child.getNodeName().equals("member")) {
                list.add(json((Element) child));
            } else if (child instanceof Element) {
                object.set(child.getNodeName(), json((Element) child));
            }
        }
        if (element.getNodeName().endsWith("PolicyDocument")) {
            return JSON.readTree(
                    URLDecoder.decode(element.getTextContent(), StandardCharsets.UTF_8));
        }
        if (!list.isEmpty()) {
            return list;
        }
        boolean text = object.isEmpty() && !element.getNodeName().equals("answer");
        return text ? JSON.getNodeFactory().textNode(element.getTextContent()) : object;
    }
}
