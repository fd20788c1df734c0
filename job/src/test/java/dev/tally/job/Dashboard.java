package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tally.testing.SourceTree;
import dev.tally.view.OwnMetric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The dashboard of {@code flink-conf}: its queries, taken apart as far as they name metrics. */
final class Dashboard {

    private static final Pattern SELECTOR = Pattern.compile("(flink_\\w+)(?:\\{([^}]*)\\})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(?:=~|!~|!=|=)\"[^\"]*\"");
    private static final Pattern MATCHERS =
            Pattern.compile("(?:" + MATCHER.pattern() + "(?:,(?=\\w)|$))*");
    private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern RANGE = Pattern.compile("\\[\\$__rate_interval\\]");
    private static final Pattern VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");
    private static final Pattern LEGEND = Pattern.compile("\\{\\{(\\w+)\\}\\}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");

    /** Of PromQL, what the queries use. */
    private static final Set<String> FUNCTIONS = Set.of("sum", "max", "rate", "increase");

    private final List<JsonNode> panels = new ArrayList<>();
    private final List<JsonNode> variables = new ArrayList<>();

    private Dashboard() {}

    static Dashboard read() throws IOException {
        JsonNode json =
                new ObjectMapper()
                        .readTree(
                                SourceTree.root()
                                        .resolve("flink-conf/grafana-dashboard.json")
                                        .toFile());
        Dashboard dashboard = new Dashboard();
        json.get("panels").forEach(dashboard.panels::add);
        json.at("/templating/list").forEach(dashboard.variables::add);
        return dashboard;
    }

    /** Every metric and label that a query names is there, and every own metric is shown. */
    void assertShows(Scrape scrape) {
        Set<String> metrics = new TreeSet<>();
        for (JsonNode panel : panels) {
            for (JsonNode target : panel.path("targets")) {
                metrics.addAll(check(target, scrape));
            }
        }
        for (OwnMetric metric : OwnMetric.values()) {
            assertThat(metrics).as("the dashboard's metrics").contains(Scrape.nameOf(metric));
        }
        for (JsonNode variable : variables) {
            if (variable.get("type").asText().equals("query")) {
                Matcher values = VALUES.matcher(variable.get("query").asText());
                assertThat(values.matches()).as(variable.get("query").asText()).isTrue();
                metricsOf(values.group(1), Set.of(values.group(2)), scrape);
            }
        }
    }

    /** A query of a panel; returns its metrics. */
    private static Set<String> check(JsonNode target, Scrape scrape) {
        String query = target.get("expr").asText();
        Set<String> by = new TreeSet<>();
        Matcher groups = BY.matcher(query);
        while (groups.find()) {
            by.addAll(List.of(groups.group(1).split(", ")));
        }
        Matcher legend = LEGEND.matcher(target.get("legendFormat").asText());
        while (legend.find()) {
            assertThat(by).as("labels that are left by " + query).contains(legend.group(1));
        }
        Set<String> metrics = metricsOf(query, by, scrape);
        String rest = SELECTOR.matcher(BY.matcher(query).replaceAll("")).replaceAll("");
        Matcher word = WORD.matcher(RANGE.matcher(rest).replaceAll(""));
        while (word.find()) {
            assertThat(FUNCTIONS).as(query).contains(word.group());
        }
        long opened = query.chars().filter(c -> c == '(').count();
        assertThat(query.chars().filter(c -> c == ')').count()).as(query).isEqualTo(opened);
        return metrics;
    }

    /**
     * @param labels that each metric needs beside those it is selected by
     */
    private static Set<String> metricsOf(String query, Set<String> labels, Scrape scrape) {
        Set<String> metrics = new TreeSet<>();
        Matcher selector = SELECTOR.matcher(query);
        while (selector.find()) {
            String metric = selector.group(1);
            assertThat(scrape.names()).as(query).contains(metric);
            Set<String> needed = new TreeSet<>(labels);
            String matchers = selector.group(2) == null ? "" : selector.group(2);
            assertThat(matchers).matches(MATCHERS);
            Matcher matcher = MATCHER.matcher(matchers);
            while (matcher.find()) {
                needed.add(matcher.group(1));
            }
            for (String label : needed) {
                assertThat(scrape.labels(metric, label))
                        .as("values of label %s of %s", label, metric)
                        .isNotEmpty();
            }
            metrics.add(metric);
        }
        assertThat(metrics).as("metrics of " + query).isNotEmpty();
        return metrics;
    }
}
