package dev.tally.job.managed;

import dev.tally.view.OwnMetric;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/** Whose own metrics they are: those of one table or one view, as CloudWatch has them. */
final class Metric {

    static final String NAMESPACE = "AWS/KinesisAnalytics";

    private final OwnMetric.Of of;
    private final String name;

    /**
     * @param of whether the name is a table's or a view's
     * @param name in the views file
     */
    Metric(OwnMetric.Of of, String name) {
        this.of = of;
        this.name = name;
    }

    /** What an alarm names it by. */
    String of(OwnMetric metric) {
        return String.format(
                "Namespace: %s,MetricName: %s,Dimensions: [{Name: Application,Value: !Ref"
                        + " ApplicationName},{Name: %s,Value: %s}]",
                NAMESPACE, metric.metricName(), of.dimension(), ManagedTemplate.quoted(name));
    }

    /** Of the alarm on a metric. */
    String id(OwnMetric metric) {
        return logicalId(of.dimension() + "Alarm", name + "/" + metric.metricName());
    }

    /** In a dashboard's list of metrics. */
    List<String> path(OwnMetric metric) {
        return List.of(
                NAMESPACE,
                metric.metricName(),
                "Application",
                "${ApplicationName}",
                of.dimension(),
                name);
    }

    @Override
    public String toString() {
        return of.name().toLowerCase(Locale.ROOT) + " " + name;
    }

    /**
     * A name inside the template, which has letters and digits only. It depends on nothing else in
     * the views file: a resource whose name moves would be deleted and made anew.
     */
    static String logicalId(String kind, String name) {
        CRC32 sum = new CRC32();
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        String readable = name.replaceAll("[^A-Za-z0-9]", "");
        return kind + readable + String.format("%08x", sum.getValue());
    }
}
