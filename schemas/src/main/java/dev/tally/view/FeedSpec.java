package dev.tally.view;

import java.io.Serializable;

/** A feed: the diffs of one table to a Kinesis stream. */
public final class FeedSpec implements Serializable {

    private static final long serialVersionUID = 1L;

    /** How images are written. */
    public enum Format {
        DYNAMODB_JSON,
        JSON
    }

    private final String name;
    private final String table;
    private final Filter where;
    private final String stream;
    private final String region;
    private final String roleArn;
    private final Format format;
    private final boolean includeSnapshot;

    public FeedSpec(
            String name,
            String table,
            Filter where,
            String stream,
            String region,
            String roleArn,
            Format format,
            boolean includeSnapshot) {
        this.name = name;
        this.table = table;
        this.where = where;
        this.stream = stream;
        this.region = region;
        this.roleArn = roleArn;
        this.format = format;
        this.includeSnapshot = includeSnapshot;
    }

    public String name() {
        return name;
    }

    /** Logical name of its source table. */
    public String table() {
        return table;
    }

    /** Diffs with neither image matching are left out; null: all. */
    public Filter where() {
        return where;
    }

    /** Name or ARN of the Kinesis stream. */
    public String stream() {
        return stream;
    }

    /** Null for the default region. */
    public String region() {
        return region;
    }

    /** Role to assume for the stream, or null. */
    public String roleArn() {
        return roleArn;
    }

    public Format format() {
        return format;
    }

    /** Whether rows of the scan are sent too, as kind READ. */
    public boolean includeSnapshot() {
        return includeSnapshot;
    }
}
