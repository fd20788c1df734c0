package dev.tally.source;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** A metric group that remembers what was registered, by name, whatever the sub-group. */
public final class RecordedMetrics extends UnregisteredMetricsGroup {

    private final Map<String, Counter> counters = new TreeMap<>();
    private final Map<String, Gauge<?>> gauges = new TreeMap<>();

    public long count(String name) {
        return counters.get(name).getCount();
    }

    public Object gauge(String name) {
        return gauges.get(name).getValue();
    }

    @Override
    public String toString() {
        TreeMap<String, Object> values = new TreeMap<>();
        counters.forEach((name, counter) -> values.put(name, counter.getCount()));
        gauges.forEach((name, gauge) -> values.put(name, gauge.getValue()));
        return values.toString();
    }

    @Override
    public Counter counter(String name) {
        return counters.computeIfAbsent(name, n -> new SimpleCounter());
    }

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
        gauges.put(name, gauge);
        return gauge;
    }

    @Override
    public MetricGroup addGroup(String name) {
        return this;
    }

    @Override
    public MetricGroup addGroup(String key, String value) {
        return this;
    }
}
