package dev.tally.job.managed;

import dev.tally.view.OwnMetric;
import dev.tally.view.TableSpec;
import dev.tally.view.ViewSpec;
import dev.tally.view.Views;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The widgets of the dashboard, row by row, as JSON for {@code Fn::Sub}. */
final class Dashboard {

    private static final int WIDTH = 24;
    private static final int HEIGHT = 6;

    private final List<String> widgets = new ArrayList<>();
    private final List<Metric> tables = new ArrayList<>();
    private final List<Metric> views = new ArrayList<>();
    private int y;

    private Dashboard() {}

    /**
     * @param alarms logical ids of all of them
     * @param statements what the job may do: its tables and streams
     */
    static List<String> of(Views views, List<String> alarms, List<Statement> statements) {
        Dashboard dashboard = new Dashboard();
        for (TableSpec table : views.tables()) {
            dashboard.tables.add(new Metric(OwnMetric.Of.TABLE, table.logicalName()));
        }
        for (ViewSpec view : views.views()) {
            dashboard.views.add(new Metric(OwnMetric.Of.VIEW, view.name()));
        }
        dashboard.rows(alarms, statements);
        List<String> lines = new ArrayList<>(List.of("{\"widgets\":["));
        for (int i = 0; i < dashboard.widgets.size(); i++) {
            boolean last = i == dashboard.widgets.size() - 1;
            lines.add(dashboard.widgets.get(i) + (last ? "" : ","));
        }
        lines.add("]}");
        return lines;
    }

    private void rows(List<String> alarms, List<Statement> statements) {
        row(
                alarms(alarms),
                chart("Down (ms) and restarts", "Maximum", service("downtime", "fullRestarts")));
        row(
                chart("Behind the stream (ms)", "Maximum", own(tables, OwnMetric.LAG_MILLIS)),
                chart("Rows written", "Maximum", own(views, OwnMetric.ROWS_WRITTEN)),
                chart("Rows waiting to be written", "Maximum", own(views, OwnMetric.BACKLOG)));
        row(
                chart(
                        "Records in and out",
                        "Average",
                        service("numRecordsInPerSecond", "numRecordsOutPerSecond")),
                chart("Checkpoint duration (ms)", "Maximum", service("lastCheckpointDuration")),
                chart("Checkpoint size (bytes)", "Maximum", service("lastCheckpointSize")),
                chart("Failed checkpoints", "Maximum", service("numberOfFailedCheckpoints")));
        row(
                chart(
                        "CPU, memory, disk (%)",
                        "Maximum",
                        service(
                                "cpuUtilization",
                                "containerMemoryUtilization",
                                "heapMemoryUtilization",
                                "managedMemoryUtilization",
                                "containerDiskUtilization")),
                chart("Old garbage collection (ms)", "Maximum", service("oldGenerationGCTime")),
                chart("KPUs", "Maximum", service("KPUs")));
        row(
                chart("Groups held", "Maximum", own(tables, OwnMetric.GROUPS_HELD)),
                chart("Gaps and drift", "Maximum", own(tables, OwnMetric.GAPS, OwnMetric.DRIFT)),
                chart("Dead letters", "Maximum", own(tables, OwnMetric.DEAD_LETTERS)));
        List<List<String>> throttles = own(tables, OwnMetric.READS_THROTTLED);
        throttles.addAll(own(views, OwnMetric.WRITES_THROTTLED));
        row(
                chart("Reads and writes throttled", "Maximum", throttles),
                chart("Throttled, as the services say", "Sum", services(statements)));
        row(errors());
    }

    /** Widgets side by side; each is text with room for its place. */
    private void row(String... row) {
        for (int i = 0; i < row.length; i++) {
            int width = WIDTH / row.length;
            widgets.add(
                    String.format(
                            "{\"x\":%d,\"y\":%d,\"width\":%d,\"height\":%d,%s}",
                            i * width, y, width, HEIGHT, row[i]));
        }
        y += HEIGHT;
    }

    private static String alarms(List<String> ids) {
        List<String> arns = new ArrayList<>();
        ids.forEach(id -> arns.add("\"${" + id + ".Arn}\""));
        return "\"type\":\"alarm\",\"properties\":{\"title\":\"Alarms\",\"alarms\":["
                + String.join(",", arns)
                + "]}";
    }

    private static String chart(String title, String statistic, List<List<String>> metrics) {
        return String.format(
                "\"type\":\"metric\",\"properties\":{\"title\":\"%s\",\"region\":"
                        + "\"${AWS::Region}\",\"stat\":\"%s\",\"period\":60,\"metrics\":[%s]}",
                title, statistic, shortened(metrics));
    }

    /** What a metric has in common with the one before it stands there only once. */
    private static String shortened(List<List<String>> metrics) {
        List<String> lines = new ArrayList<>();
        List<String> before = List.of();
        for (List<String> metric : metrics) {
            int last = metric.size() - 1;
            List<String> words = new ArrayList<>(metric);
            if (before.size() == metric.size()) {
                for (int i = 0; i <= last; i++) {
                    words.set(i, metric.get(i).equals(before.get(i)) ? "." : metric.get(i));
                }
                if (words.subList(0, last).stream().allMatch("."::equals)) {
                    words = List.of("...", metric.get(last));
                }
            }
            before = metric;
            lines.add("[\"" + String.join("\",\"", words) + "\"]");
        }
        return String.join(",", lines);
    }

    private static String errors() {
        return "\"type\":\"log\",\"properties\":{\"title\":\"Newest errors\",\"region\":"
                + "\"${AWS::Region}\",\"view\":\"table\",\"query\":\"SOURCE '${LogGroup}' |"
                + " fields @timestamp, logger, message | filter messageType = 'ERROR' | sort"
                + " @timestamp desc | limit 20\"}";
    }

    private static List<List<String>> service(String... names) {
        List<List<String>> metrics = new ArrayList<>();
        for (String name : names) {
            metrics.add(List.of(Metric.NAMESPACE, name, "Application", "${ApplicationName}"));
        }
        return metrics;
    }

    private static List<List<String>> own(List<Metric> of, OwnMetric... own) {
        List<List<String>> metrics = new ArrayList<>();
        for (OwnMetric metric : own) {
            of.forEach(one -> metrics.add(one.path(metric)));
        }
        return metrics;
    }

    /** Of the tables and streams that are of this account and region. */
    private static List<List<String>> services(List<Statement> statements) {
        Set<List<String>> metrics = new LinkedHashSet<>();
        for (Statement statement : statements) {
            for (Resource resource : statement.resources()) {
                if (!resource.isOfTheStack()) {
                    continue;
                }
                if (statement.actions().contains("dynamodb:Scan")) {
                    metrics.add(throttle("DynamoDB", "ReadThrottleEvents", "TableName", resource));
                }
                if (statement.actions().contains("dynamodb:UpdateItem")) {
                    metrics.add(throttle("DynamoDB", "WriteThrottleEvents", "TableName", resource));
                }
                if (statement.actions().contains("kinesis:PutRecords")) {
                    metrics.add(
                            throttle(
                                    "Kinesis",
                                    "WriteProvisionedThroughputExceeded",
                                    "StreamName",
                                    resource));
                }
            }
        }
        List<List<String>> sorted = new ArrayList<>(metrics);
        sorted.sort(Comparator.comparing(metric -> metric.get(1)));
        return sorted;
    }

    private static List<String> throttle(
            String service, String name, String dimension, Resource of) {
        return List.of("AWS/" + service, name, dimension, of.name());
    }
}
