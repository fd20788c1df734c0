package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard of the template shows everything that the job measures. */
class ManagedDashboardTest {

    private static final Set<String> TABLE_METRICS =
            Set.of("lagMillis", "gaps", "readsThrottled", "drift", "groupsHeld", "deadLetters");
    private static final Set<String> VIEW_METRICS =
            Set.of("backlog", "rowsWritten", "writesThrottled");
    private static Map<String, Object> resources;

    @BeforeAll
    static void print(@TempDir Path folder) throws IOException {
        String template = ManagedTemplateTest.print(folder, ManagedTemplateTest.VIEWS);
        resources = TemplateYaml.at(TemplateYaml.read(template), "Resources");
    }

    @Test
    void theDashboardShowsEveryMetric() throws IOException {
        Set<List<String>> shown = shown();
        for (String table : List.of("a", "b", "c")) {
            for (String metric : TABLE_METRICS) {
                assertThat(shown).contains(own(metric, "Table", table));
            }
        }
        for (String view : List.of("one", "two", "three")) {
            for (String metric : VIEW_METRICS) {
                assertThat(shown).contains(own(metric, "View", view));
            }
        }
        String body = body();
        Set<String> alarms = new LinkedHashSet<>(resources.keySet());
        alarms.removeIf(id -> !type(id).equals("AWS::CloudWatch::Alarm"));
        assertThat(alarms).isNotEmpty();
        alarms.forEach(id -> assertThat(body).contains("${" + id + ".Arn}"));
        assertThat(shown)
                .contains(
                        List.of("AWS/DynamoDB", "ReadThrottleEvents", "TableName", "source-a"),
                        List.of("AWS/DynamoDB", "WriteThrottleEvents", "TableName", "rows-one"))
                .anySatisfy(path -> assertThat(path).endsWith("StreamName", "changes"));
        assertThat(body).contains("SOURCE '${LogGroup}'").doesNotContain("source-b");
    }

    private static String type(String id) {
        return TemplateYaml.at(resources, id, "Type");
    }

    private static String body() {
        return TemplateYaml.at(resources, "Dashboard", "Properties", "DashboardBody", "!Sub");
    }

    /** Every metric of the dashboard in full: a dot stands for the same as in the one before. */
    private static Set<List<String>> shown() throws IOException {
        Set<List<String>> shown = new LinkedHashSet<>();
        for (JsonNode widget : new ObjectMapper().readTree(body()).get("widgets")) {
            List<String> before = List.of();
            for (JsonNode metric : widget.at("/properties/metrics")) {
                List<String> path = new ArrayList<>();
                for (JsonNode word : metric) {
                    if (word.asText().equals("...")) {
                        path.addAll(before.subList(0, before.size() - metric.size() + 1));
                    } else {
                        boolean same = word.asText().equals(".");
                        path.add(same ? before.get(path.size()) : word.asText());
                    }
                }
                shown.add(path);
                before = path;
            }
        }
        return shown;
    }

    private static List<String> own(String metric, String dimension, String name) {
        return List.of(
                "AWS/KinesisAnalytics",
                metric,
                "Application",
                "${ApplicationName}",
                dimension,
                name);
    }
}
