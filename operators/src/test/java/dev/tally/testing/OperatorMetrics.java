package dev.tally.testing;

import dev.tally.view.OwnMetric;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups.UnregisteredTaskMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;

/** The metrics of one operator without a cluster, by name, whatever the sub-group. */
public final class OperatorMetrics extends InterceptingOperatorMetricGroup {

    /** A task of which every operator registers its metrics here. */
    public TaskMetricGroup task() {
        return new Task(this);
    }

    public long count(String name) {
        return ((Counter) registered(name)).getCount();
    }

    public long value(String name) {
        return ((Number) ((Gauge<?>) registered(name)).getValue()).longValue();
    }

    private Metric registered(String name) {
        Metric metric = get(name);
        if (metric == null) {
            throw new AssertionError("no metric " + name);
        }
        return metric;
    }

    public long own(OwnMetric metric) {
        return metric.kind() == OwnMetric.Kind.COUNTER
                ? count(metric.metricName())
                : value(metric.metricName());
    }

    @Override
    public MetricGroup addGroup(String name) {
        return this;
    }

    @Override
    public MetricGroup addGroup(String key, String value) {
        return this;
    }

    private static final class Task extends UnregisteredTaskMetricGroup {
        private final InternalOperatorMetricGroup operator;

        private Task(InternalOperatorMetricGroup operator) {
            this.operator = operator;
        }

        @Override
        public InternalOperatorMetricGroup getOrAddOperator(OperatorID id, String name) {
            return operator;
        }
    }
}
