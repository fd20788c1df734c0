package dev.tally.view;

import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * The few metrics that a person watches, by table or by view. Amazon Managed Flink passes on what
 * is in the group {@value #GROUP} and asks money for each, so all others stay outside of it.
 *
 * <p>Names are a contract: alarms and dashboards, also those of others, look them up.
 */
public enum OwnMetric {
    LAG_MILLIS(
            "lagMillis",
            Kind.GAUGE,
            Of.TABLE,
            "how far the furthest shard is behind the stream's present; 0 in step"),
    GAPS("gaps", Kind.COUNTER, Of.TABLE, "times that stream records were found to be lost"),
    READS_THROTTLED(
            "readsThrottled",
            Kind.COUNTER,
            Of.TABLE,
            "calls of scan and stream that were throttled"),
    DRIFT(
            "drift",
            Kind.COUNTER,
            Of.TABLE,
            "records whose old image was not what the state held; put right"),
    GROUPS_HELD(
            "groupsHeld",
            Kind.GAUGE,
            Of.TABLE,
            "groups whose changed rows are kept back until their view is complete"),
    DEAD_LETTERS(
            "deadLetters", Kind.COUNTER, Of.TABLE, "values, items and rows that could not be used"),
    BACKLOG("backlog", Kind.GAUGE, Of.VIEW, "groups whose row is still to be written"),
    ROWS_WRITTEN("rowsWritten", Kind.COUNTER, Of.VIEW, "rows now in the target table"),
    WRITES_THROTTLED(
            "writesThrottled",
            Kind.COUNTER,
            Of.VIEW,
            "attempts that the target table throttled; each is repeated");

    /** What Amazon Managed Flink passes on to CloudWatch. */
    public static final String GROUP = "kinesisanalytics";

    /** How its values come about. */
    public enum Kind {
        /** Only grows, from 0 at each start of a task. */
        COUNTER,
        /** A number as of now. */
        GAUGE
    }

    /** What there is one of it for. */
    public enum Of {
        TABLE("Table"),
        VIEW("View");

        private final String dimension;

        Of(String dimension) {
            this.dimension = dimension;
        }

        /** The name of the dimension in CloudWatch, and of the label in Prometheus. */
        public String dimension() {
            return dimension;
        }
    }

    private final String metricName;
    private final Kind kind;
    private final Of of;
    private final String meaning;

    OwnMetric(String metricName, Kind kind, Of of, String meaning) {
        this.metricName = metricName;
        this.kind = kind;
        this.of = of;
        this.meaning = meaning;
    }

    /** What Flink, CloudWatch and Prometheus call it. */
    public String metricName() {
        return metricName;
    }

    public Kind kind() {
        return kind;
    }

    public Of of() {
        return of;
    }

    /** In a few words, for the README. */
    public String meaning() {
        return meaning;
    }

    /**
     * Registers this counter.
     *
     * @param operator group of the operator that counts
     * @param name of the table in views.yaml, or of the view
     */
    public Counter counter(MetricGroup operator, String name) {
        require(Kind.COUNTER);
        return group(operator, name).counter(metricName);
    }

    /**
     * Registers this gauge.
     *
     * @param value read by reporters' threads
     */
    public void gauge(MetricGroup operator, String name, LongSupplier value) {
        require(Kind.GAUGE);
        group(operator, name).<Long, Gauge<Long>>gauge(metricName, value::getAsLong);
    }

    private MetricGroup group(MetricGroup operator, String name) {
        return operator.addGroup(GROUP).addGroup(of.dimension, name);
    }

    private void require(Kind asked) {
        if (kind != asked) {
            throw new IllegalArgumentException(this + " is a " + kind + ", not a " + asked);
        }
    }
}
