package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.view.OwnMetric;
import dev.tally.view.TableSpec;
import dev.tally.view.ViewSpec;
import dev.tally.view.Views;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Flink's Prometheus reporter says of a job in this JVM: its metrics with their labels. */
final class Scrape {

    private static final Pattern SAMPLE = Pattern.compile("(\\w+)\\{(.*)\\} (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Map<String, List<Sample>> samples = new TreeMap<>();

    private Scrape() {}

    static Scrape of(int port) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
        String text = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
        Scrape scrape = new Scrape();
        for (String line : text.split("\n")) {
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                scrape.samples
                        .computeIfAbsent(sample.group(1), name -> new ArrayList<>())
                        .add(new Sample(sample.group(2), Double.parseDouble(sample.group(3))));
            }
        }
        return scrape;
    }

    /** By Flink's rule: scope, groups and name; the enumerator's are of the JobManager. */
    static String nameOf(OwnMetric metric) {
        String operator =
                metric == OwnMetric.GAPS
                        ? "flink_jobmanager_job_operator_coordinator_enumerator"
                        : "flink_taskmanager_job_task_operator";
        return String.join(
                "_", operator, OwnMetric.GROUP, metric.of().dimension(), metric.metricName());
    }

    /** In the group that Amazon Managed Flink passes on are the own metrics, and nothing else. */
    void assertOwnMetrics(Views views) {
        Set<String> tables = new TreeSet<>();
        views.tables().stream().map(TableSpec::logicalName).forEach(tables::add);
        Set<String> names = new TreeSet<>();
        views.views().stream().map(ViewSpec::name).forEach(names::add);
        Set<String> wanted = new TreeSet<>();
        for (OwnMetric metric : OwnMetric.values()) {
            String name = nameOf(metric);
            wanted.add(name);
            assertThat(labels(name, metric.of().dimension()))
                    .as("%s of %s", metric.metricName(), metric.of().dimension())
                    .isEqualTo(metric.of() == OwnMetric.Of.TABLE ? tables : names);
        }
        Set<String> passedOn = new TreeSet<>(names());
        passedOn.removeIf(name -> !name.contains("_" + OwnMetric.GROUP + "_"));
        assertThat(passedOn).isEqualTo(wanted);
    }

    Set<String> names() {
        return samples.keySet();
    }

    /** All values that a label of a metric has; empty if the metric does not have it. */
    Set<String> labels(String metric, String label) {
        Set<String> values = new TreeSet<>();
        for (Sample sample : samples.getOrDefault(metric, List.of())) {
            if (sample.labels.containsKey(label)) {
                values.add(sample.labels.get(label));
            }
        }
        return values;
    }

    /** Over all subtasks. */
    long sum(OwnMetric metric) {
        double sum = 0;
        for (Sample sample : samples.get(nameOf(metric))) {
            sum += sample.value;
        }
        return Math.round(sum);
    }

    private static final class Sample {
        private final Map<String, String> labels = new TreeMap<>();
        private final double value;

        private Sample(String text, double value) {
            this.value = value;
            Matcher label = LABEL.matcher(text);
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
        }
    }
}
