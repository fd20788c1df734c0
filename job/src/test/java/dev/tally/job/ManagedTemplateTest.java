package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tally.job.managed.ManagedTemplate;
import dev.tally.testing.SourceTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The template is whole, grants little, and shows and watches everything that the job measures. */
class ManagedTemplateTest {

    private static final int BYTES_MAX = 51_200;
    private static final int SENT_AS_THEY_ARE = 5;

    /** Tables, views and a feed of every kind. */
    static final String[] VIEWS = {
        "tables:",
        "  a: { name: source-a }",
        "  b: { arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/source-b',",
        "       start: latest }",
        "  c: { name: source-c, role-arn: 'arn:aws:iam::123456789012:role/other' }",
        "views:",
        "  one: { table: a, group-by: [G], measures: { N: count },",
        "         to: { table: rows-one, empty-group: delete } }",
        "  two: { table: b, group-by: [G], measures: { M: count },",
        "         to: { table: rows-two } }",
        "  three: { table: c, group-by: [G], measures: { N: count },",
        "           to: { stream: rows-three } }",
        "feeds:",
        "  changes: { table: a, to: { stream: changes } }"
    };

    private static final Set<String> WATCHED =
            Set.of("lagMillis", "gaps", "drift", "deadLetters", "writesThrottled", "backlog");

    private static final Set<String> PSEUDO =
            Set.of("AWS::Region", "AWS::AccountId", "AWS::Partition");

    /** What the template makes, and which properties of it. */
    private static final Map<String, Set<String>> PROPERTIES =
            Map.ofEntries(
                    Map.entry(
                            "AWS::S3::Bucket",
                            Set.of(
                                    "BucketEncryption",
                                    "PublicAccessBlockConfiguration",
                                    "OwnershipControls",
                                    "VersioningConfiguration",
                                    "LifecycleConfiguration")),
                    Map.entry("AWS::S3::BucketPolicy", Set.of("Bucket", "PolicyDocument")),
                    Map.entry("AWS::IAM::Role", Set.of("AssumeRolePolicyDocument", "Policies")),
                    Map.entry("AWS::Logs::LogGroup", Set.of("LogGroupName", "RetentionInDays")),
                    Map.entry("AWS::Logs::LogStream", Set.of("LogGroupName", "LogStreamName")),
                    Map.entry(
                            "AWS::Logs::MetricFilter",
                            Set.of("LogGroupName", "FilterPattern", "MetricTransformations")),
                    Map.entry(
                            "AWS::Logs::QueryDefinition",
                            Set.of("Name", "LogGroupNames", "QueryString")),
                    Map.entry("AWS::SNS::Topic", Set.of()),
                    Map.entry("AWS::SNS::Subscription", Set.of("TopicArn", "Protocol", "Endpoint")),
                    Map.entry(
                            "AWS::CloudWatch::Alarm",
                            Set.of(
                                    "AlarmName",
                                    "AlarmDescription",
                                    "Namespace",
                                    "MetricName",
                                    "Dimensions",
                                    "Statistic",
                                    "Period",
                                    "Metrics",
                                    "EvaluationPeriods",
                                    "ComparisonOperator",
                                    "Threshold",
                                    "TreatMissingData",
                                    "AlarmActions",
                                    "OKActions")),
                    Map.entry(
                            "AWS::CloudWatch::CompositeAlarm",
                            Set.of("AlarmName", "AlarmDescription", "AlarmRule")),
                    Map.entry(
                            "AWS::CloudWatch::Dashboard", Set.of("DashboardName", "DashboardBody")),
                    Map.entry(
                            "AWS::DynamoDB::Table",
                            Set.of(
                                    "TableName",
                                    "BillingMode",
                                    "AttributeDefinitions",
                                    "KeySchema")),
                    Map.entry("AWS::Kinesis::Stream", Set.of("Name", "StreamModeDetails")));

    private static final Pattern SUBSTITUTED = Pattern.compile("\\$\\{([^}]+)}");

    private static String template;
    private static Map<String, Object> yaml;

    @BeforeAll
    static void print(@TempDir Path folder) throws IOException {
        template = print(folder, VIEWS);
        yaml = TemplateYaml.read(template);
    }

    static String print(Path folder, String... views) throws IOException {
        System.setProperty("tally.home", SourceTree.root().toString());
        Path file = Files.write(folder.resolve("views.yaml"), List.of(views));
        TestJob.Verdict said =
                TestJob.Verdict.of(
                        List.of(
                                "managed-template",
                                "--name",
                                "counts",
                                "--views",
                                file.toString(),
                                "-Ddead-letters.table=letters"));
        assertThat(said.code()).as(said.text()).isZero();
        return said.text();
    }

    @Test
    void hasNothingThatCloudFormationDoesNotKnow() {
        resources()
                .forEach(
                        (id, resource) -> {
                            String type = TemplateYaml.at(resource, "Type");
                            assertThat(PROPERTIES).as(id).containsKey(type);
                            assertThat(id).matches("[A-Za-z0-9]{1,255}");
                            Map<String, Object> has = TemplateYaml.at(resource, "Properties");
                            if (has != null) {
                                assertThat(has.keySet()).as(id).isSubsetOf(PROPERTIES.get(type));
                            }
                        });
        assertThat(ManagedTemplate.isLarge(template)).isFalse();
        assertThat(ManagedTemplate.isLarge(template + "#".repeat(BYTES_MAX))).isTrue();
    }

    @Test
    void refersOnlyToWhatIsThere() {
        Set<String> known = new TreeSet<>(PSEUDO);
        known.addAll(resources().keySet());
        known.addAll(TemplateYaml.<Map<String, Object>>at(yaml, "Parameters").keySet());
        Set<String> names = new TreeSet<>();
        collect(yaml, names);
        assertThat(names).contains("ApplicationName", "AWS::Region").isSubsetOf(known);
        Map<String, Object> parameters = TemplateYaml.at(yaml, "Parameters");
        assertThat(names).containsAll(parameters.keySet());
        Map<String, Object> conditions = TemplateYaml.at(yaml, "Conditions");
        resources()
                .forEach(
                        (id, resource) -> {
                            String condition = TemplateYaml.at(resource, "Condition");
                            if (condition != null) {
                                assertThat(conditions).as(id).containsKey(condition);
                            }
                        });
    }

    /** Names behind Ref, Sub and GetAtt, without attributes. */
    private static void collect(Object value, Set<String> names) {
        if (value instanceof List) {
            ((List<?>) value).forEach(element -> collect(element, names));
        } else if (value instanceof Map) {
            ((Map<?, ?>) value)
                    .forEach(
                            (key, inner) -> {
                                if (key.equals("!Ref")) {
                                    names.add((String) inner);
                                } else if (key.equals("!GetAtt")) {
                                    names.add(((String) inner).split("\\.")[0]);
                                } else if (key.equals("!Sub")) {
                                    Matcher name = SUBSTITUTED.matcher((String) inner);
                                    while (name.find()) {
                                        names.add(name.group(1).split("\\.")[0]);
                                    }
                                } else {
                                    collect(inner, names);
                                }
                            });
        }
    }

    @Test
    void theRoleMayDoWhatThisViewsFileNeeds() {
        String own = "arn:aws:%s:us-east-1:123456789012:";
        String dynamoDb = String.format(own, "dynamodb");
        String kinesis = String.format(own, "kinesis");
        assertThat(RolePolicy.of(template).grants())
                .filteredOn(grant -> !grant.startsWith("s3:") && !grant.startsWith("logs:"))
                .containsExactlyInAnyOrder(
                        "dynamodb:DescribeTable on " + dynamoDb + "table/source-a",
                        "dynamodb:Scan on " + dynamoDb + "table/source-a",
                        "dynamodb:DescribeStream on " + dynamoDb + "table/source-a/stream/*",
                        "dynamodb:GetRecords on " + dynamoDb + "table/source-a/stream/*",
                        "dynamodb:GetShardIterator on " + dynamoDb + "table/source-a/stream/*",
                        "dynamodb:DescribeTable on " + other("source-b"),
                        "dynamodb:DescribeStream on " + other("source-b/stream/*"),
                        "dynamodb:GetRecords on " + other("source-b/stream/*"),
                        "dynamodb:GetShardIterator on " + other("source-b/stream/*"),
                        "sts:AssumeRole on arn:aws:iam::123456789012:role/other",
                        "dynamodb:DescribeTable on " + dynamoDb + "table/rows-one",
                        "dynamodb:Scan on " + dynamoDb + "table/rows-one",
                        "dynamodb:UpdateItem on " + dynamoDb + "table/rows-one",
                        "dynamodb:GetItem on " + dynamoDb + "table/rows-one",
                        "dynamodb:DeleteItem on " + dynamoDb + "table/rows-one",
                        "dynamodb:DescribeTable on " + dynamoDb + "table/rows-two",
                        "dynamodb:Scan on " + dynamoDb + "table/rows-two",
                        "dynamodb:UpdateItem on " + dynamoDb + "table/rows-two",
                        "kinesis:DescribeStreamSummary on " + kinesis + "stream/rows-three",
                        "kinesis:PutRecords on " + kinesis + "stream/rows-three",
                        "kinesis:DescribeStreamSummary on " + kinesis + "stream/changes",
                        "kinesis:PutRecords on " + kinesis + "stream/changes",
                        "dynamodb:DescribeTable on " + dynamoDb + "table/tally-status",
                        "dynamodb:GetItem on " + dynamoDb + "table/tally-status",
                        "dynamodb:UpdateItem on " + dynamoDb + "table/tally-status",
                        "dynamodb:DescribeTable on " + dynamoDb + "table/letters",
                        "dynamodb:BatchWriteItem on " + dynamoDb + "table/letters");
    }

    private static String other(String path) {
        return "arn:aws:dynamodb:eu-west-1:123456789012:table/" + path;
    }

    @Test
    void noPolicyGrantsWildcards() {
        for (String grant : RolePolicy.of(template).grants()) {
            String[] words = grant.split(" on ");
            assertThat(words[0]).doesNotContain("*");
            // A stream is named anew when it is switched on; the service lists all log groups.
            assertThat(words[1])
                    .satisfiesAnyOf(
                            on -> assertThat(on).doesNotContain("*"),
                            on -> assertThat(on).matches(".*:table/[\\w-]+/stream/\\*"),
                            on -> assertThat(on).matches(".*\\.Arn}/(jars|views)/\\*"),
                            on -> assertThat(grant).startsWith("logs:DescribeLogGroups on arn:"));
        }
        trustsOnlyTheService("Role");
        trustsOnlyTheService("ExportRole");
        Object export = property("ExportRole", "Policies", "PolicyDocument", "Statement");
        assertThat(TemplateYaml.<String>at(export, "Action")).isEqualTo("s3:PutObject");
        assertThat(TemplateYaml.<Object>at(export, "Resource"))
                .isEqualTo(Map.of("!Sub", "${CodeBucket.Arn}/exports/*"));
        assertThat(TemplateYaml.<Object>at(yaml, "Outputs", "ExportRoleArn", "Value"))
                .isEqualTo(Map.of("!GetAtt", "ExportRole.Arn"));
    }

    private static void trustsOnlyTheService(String role) {
        Object trust = property(role, "AssumeRolePolicyDocument", "Statement");
        assertThat(TemplateYaml.<String>at(trust, "Principal", "Service"))
                .isEqualTo("kinesisanalytics.amazonaws.com");
        assertThat(TemplateYaml.<Object>at(trust, "Condition", "StringEquals", "aws:SourceAccount"))
                .isEqualTo(Map.of("!Ref", "AWS::AccountId"));
        assertThat(TemplateYaml.<Object>at(trust, "Condition", "ArnLike", "aws:SourceArn"))
                .asString()
                .contains(":application/${ApplicationName}");
    }

    @Test
    void theBucketIsPrivate() {
        Map<String, Object> block = property("CodeBucket", "PublicAccessBlockConfiguration");
        assertThat(block).hasSize(4).allSatisfy((key, on) -> assertThat(on).isEqualTo("true"));
        assertThat(template).contains("SSEAlgorithm: AES256", "VersioningConfiguration: { Status:");
        Object statement = property("CodeBucketPolicy", "PolicyDocument", "Statement");
        assertThat(TemplateYaml.<String>at(statement, "Effect")).isEqualTo("Deny");
        assertThat(TemplateYaml.<String>at(statement, "Condition", "Bool", "aws:SecureTransport"))
                .isEqualTo("false");
    }

    @Test
    void alarmsWatchWhatTheJobMeasures() {
        Set<String> alarmed = new TreeSet<>();
        alarms().forEach((id, alarm) -> alarmed.add(metric(alarm)));
        assertThat(alarmed)
                .containsAll(WATCHED)
                .contains("downtime", "fullRestarts", "numberOfFailedCheckpoints")
                .contains("lastCheckpointDuration", "lastCheckpointSize", "cpuUtilization")
                .contains("containerMemoryUtilization", "heapMemoryUtilization")
                .contains("containerDiskUtilization", "errors");
        assertThat(template).contains("MAX(backPressuredTimeMsPerSecond)");
        for (Object alarm : alarms().values()) {
            assertThat(says(alarm)).as("what it is, and what to do").containsPattern("\\. [A-Z]");
        }
        String rule = property("UnhealthyAlarm", "AlarmRule").toString();
        assertThat(rule).contains("${DownAlarm}", "${TableAlarmalagMillis", "${TableAlarmbgaps");
    }

    /** Texts that several alarms share stand in a mapping. */
    private static String says(Object alarm) {
        Object text = TemplateYaml.at(alarm, "Properties", "AlarmDescription");
        if (text instanceof String) {
            return (String) text;
        }
        List<String> path = TemplateYaml.at(text, "!FindInMap");
        assertThat(path.get(1)).isEqualTo(metric(alarm));
        String shared = TemplateYaml.at(yaml, "Mappings", path.get(0), path.get(1), path.get(2));
        return shared;
    }

    /** CloudFormation takes more only from a bucket, and there is none at the first start. */
    @Test
    void fiveTablesWithAViewEachAreSentAsTheyAre(@TempDir Path folder) throws IOException {
        assertThat(print(folder, pairs(SENT_AS_THEY_ARE)).getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThanOrEqualTo(BYTES_MAX);
    }

    private static String[] pairs(int count) {
        List<String> lines = new ArrayList<>(List.of("tables:"));
        for (int i = 1; i <= count; i++) {
            lines.add(String.format("  orders-%02d: { name: orders-%02d }", i, i));
        }
        lines.add("views:");
        for (int i = 1; i <= count; i++) {
            lines.add(
                    String.format(
                            "  by-region-%02d: { table: orders-%02d, group-by: [Region],"
                                    + " measures: { N: count }, to: { table: by-region-%02d } }",
                            i, i, i));
        }
        return lines.toArray(new String[0]);
    }

    @Test
    void madeTablesHaveTheKeysOfTheirViews() {
        List<String> made = new ArrayList<>();
        resources()
                .forEach(
                        (id, resource) -> {
                            if (TemplateYaml.at(resource, "Type").equals("AWS::DynamoDB::Table")) {
                                List<Map<String, String>> key =
                                        TemplateYaml.at(resource, "Properties", "KeySchema");
                                made.add(
                                        TemplateYaml.at(resource, "Properties", "TableName")
                                                + key.get(0).get("AttributeName"));
                                assertThat(TemplateYaml.<String>at(resource, "DeletionPolicy"))
                                        .isEqualTo("Retain");
                            }
                        });
        assertThat(made)
                .containsExactlyInAnyOrder(
                        "rows-oneG", "rows-twoG", "tally-statusView", "lettersId");
    }

    /** Where it is installed: what it says goes further than what is checked here. */
    @Test
    void theLinterFindsNothing(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("template.yaml"), template);
        Process linter;
        try {
            linter = new ProcessBuilder("cfn-lint", file.toString()).start();
        } catch (IOException e) {
            assumeThat(e).as("cfn-lint is not installed").isNull();
            return;
        }
        String said = new String(linter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(linter.waitFor()).as(said).isZero();
    }

    private static Map<String, Object> resources() {
        return TemplateYaml.at(yaml, "Resources");
    }

    private static Map<String, Object> alarms() {
        Map<String, Object> alarms = new java.util.LinkedHashMap<>(resources());
        alarms.values().removeIf(of -> !TemplateYaml.at(of, "Type").toString().endsWith("::Alarm"));
        return alarms;
    }

    private static String metric(Object alarm) {
        String plain = TemplateYaml.at(alarm, "Properties", "MetricName");
        if (plain != null) {
            return plain;
        }
        List<Object> metrics = TemplateYaml.at(alarm, "Properties", "Metrics");
        Object last = metrics.get(metrics.size() - 1);
        return TemplateYaml.at(last, "MetricStat") == null
                ? "query"
                : TemplateYaml.at(last, "MetricStat", "Metric", "MetricName");
    }

    private static <T> T property(String id, String... path) {
        return TemplateYaml.at(TemplateYaml.at(resources().get(id), "Properties"), path);
    }
}
