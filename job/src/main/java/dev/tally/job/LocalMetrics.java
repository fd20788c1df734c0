package dev.tally.job;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * The metrics of a job in this JVM, for what {@code local} prints. Flink makes the reporter from
 * its configuration, so what it collects is shared by way of a static map; threads: any.
 */
public final class LocalMetrics implements MetricReporter {

    /** Metric to its name with the operator's in front: {@code rows-task-count.rowsWritten}. */
    private static final Map<Metric, String> NAMES = new ConcurrentHashMap<>();

    /** Makes the reporter; found by Flink as a service. */
    public static final class Factory implements MetricReporterFactory {
        @Override
        public MetricReporter createMetricReporter(Properties properties) {
            return new LocalMetrics();
        }
    }

    private LocalMetrics() {}

    /** Sum over all subtasks of the counters of that name whose operator's name starts so. */
    public static long count(String operatorPrefix, String name) {
        long sum = 0;
        for (Map.Entry<Metric, String> entry : NAMES.entrySet()) {
            if (entry.getKey() instanceof Counter && matches(entry, operatorPrefix, name)) {
                sum += ((Counter) entry.getKey()).getCount();
            }
        }
        return sum;
    }

    /** Largest value of the number gauges of that name; 0 without any. */
    public static long max(String operatorPrefix, String name) {
        long max = 0;
        for (Map.Entry<Metric, String> entry : NAMES.entrySet()) {
            if (entry.getKey() instanceof Gauge && matches(entry, operatorPrefix, name)) {
                Object value = ((Gauge<?>) entry.getKey()).getValue();
                max = value instanceof Number ? Math.max(max, ((Number) value).longValue()) : max;
            }
        }
        return max;
    }

    /** Largest quantile over the subtasks' histograms of that name; NaN without any value. */
    public static double quantile(String operatorPrefix, String name, double quantile) {
        double worst = Double.NaN;
        for (Map.Entry<Metric, String> entry : NAMES.entrySet()) {
            if (entry.getKey() instanceof Histogram && matches(entry, operatorPrefix, name)) {
                Histogram histogram = (Histogram) entry.getKey();
                if (histogram.getCount() > 0) {
                    double value = histogram.getStatistics().getQuantile(quantile);
                    worst = Double.isNaN(worst) ? value : Math.max(worst, value);
                }
            }
        }
        return worst;
    }

    private static boolean matches(
            Map.Entry<Metric, String> entry, String operatorPrefix, String name) {
        String full = entry.getValue();
        return full.startsWith(operatorPrefix) && full.endsWith("." + name);
    }

    @Override
    public void open(MetricConfig config) {
        NAMES.clear();
    }

    @Override
    public void close() {}

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        String operator = group.getAllVariables().get("<operator_name>");
        if (operator != null) {
            NAMES.put(metric, operator + "." + name);
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        NAMES.remove(metric);
    }
}
