package dev.tally.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class OwnMetricTest {

    private final UnregisteredMetricsGroup group = new UnregisteredMetricsGroup();

    @Test
    void eachHasANameOfItsOwnThatEverySystemTakes() {
        Set<String> names = new HashSet<>();
        for (OwnMetric metric : OwnMetric.values()) {
            assertThat(metric.metricName()).matches("[a-z][a-zA-Z]+");
            assertThat(names.add(metric.metricName())).as(metric.metricName()).isTrue();
            assertThat(metric.meaning()).doesNotContain("|").doesNotEndWith(".");
        }
    }

    /** Money: each costs by the month, and by table or view. */
    @Test
    void areFew() {
        assertThat(OwnMetric.values()).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void aGaugeIsNotRegisteredAsACounter() {
        assertThatThrownBy(() -> OwnMetric.BACKLOG.counter(group, "task-count"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OwnMetric.GAPS.gauge(group, "tasks", () -> 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
