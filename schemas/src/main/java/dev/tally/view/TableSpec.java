package dev.tally.view;

import java.io.Serializable;

/** A source table of views.yaml. */
public final class TableSpec implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Where the first generation begins. */
    public enum Start {
        SNAPSHOT,
        TRIM_HORIZON,
        LATEST
    }

    /** What to do when the stream no longer holds a position of the state. */
    public enum OnGap {
        RESNAPSHOT,
        FAIL
    }

    /** Which source reads the table. */
    public enum Reader {
        TALLY,
        APACHE
    }

    private final String logicalName;
    private final String tableName;
    private final String region;
    private final String roleArn;
    private final Start start;
    private final OnGap onGap;
    private final Reader reader;
    private final double scanReadCapacity;

    public TableSpec(
            String logicalName,
            String tableName,
            String region,
            String roleArn,
            Start start,
            OnGap onGap,
            Reader reader,
            double scanReadCapacity) {
        this.logicalName = logicalName;
        this.tableName = tableName;
        this.region = region;
        this.roleArn = roleArn;
        this.start = start;
        this.onGap = onGap;
        this.reader = reader;
        this.scanReadCapacity = scanReadCapacity;
    }

    /** Name in views.yaml; state belongs to it. */
    public String logicalName() {
        return logicalName;
    }

    /** Name of the table, or its ARN. */
    public String tableName() {
        return tableName;
    }

    /** Null for the default region. */
    public String region() {
        return region;
    }

    /** Role to assume for this table, or null. */
    public String roleArn() {
        return roleArn;
    }

    public Start start() {
        return start;
    }

    public OnGap onGap() {
        return onGap;
    }

    public Reader reader() {
        return reader;
    }

    /** Read capacity units a second that the scan may take; 0 for no limit. */
    public double scanReadCapacity() {
        return scanReadCapacity;
    }
}
