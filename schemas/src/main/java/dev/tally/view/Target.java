package dev.tally.view;

import java.io.Serializable;
import java.util.Map;

/** Where the rows of a view go: a table or a stream. */
public final class Target implements Serializable {

    private static final long serialVersionUID = 1L;

    /** What becomes of the row of a group without items. */
    public enum EmptyGroup {
        ZERO,
        DELETE
    }

    /** Whether rows wait for their checkpoint. */
    public enum Freshness {
        COMMITTED,
        EAGER
    }

    /** What to do with rows of this shape in the target that are not Tally's. */
    public enum ExistingRows {
        REFUSE,
        ADOPT
    }

    private final String table;
    private final String stream;
    private final String region;
    private final String roleArn;
    private final Map<String, String> key;
    private final double writeCapacity;
    private final String guard;
    private final EmptyGroup emptyGroup;
    private final Freshness freshness;
    private final ExistingRows existingRows;

    public Target(
            String table,
            String stream,
            String region,
            String roleArn,
            Map<String, String> key,
            double writeCapacity,
            String guard,
            EmptyGroup emptyGroup,
            Freshness freshness,
            ExistingRows existingRows) {
        this.table = table;
        this.stream = stream;
        this.region = region;
        this.roleArn = roleArn;
        this.key = key;
        this.writeCapacity = writeCapacity;
        this.guard = guard;
        this.emptyGroup = emptyGroup;
        this.freshness = freshness;
        this.existingRows = existingRows;
    }

    /** Name or ARN of the target table; null if the rows go to a stream. */
    public String table() {
        return table;
    }

    /** Name or ARN of the target stream; null if the rows go to a table. */
    public String stream() {
        return stream;
    }

    /** Null for the default region. */
    public String region() {
        return region;
    }

    /** Role to assume for the target, or null. */
    public String roleArn() {
        return roleArn;
    }

    /**
     * Key attribute of the target to template ({@code LIST#{ListId}}), in key order; null: the
     * group's attributes are the key.
     */
    public Map<String, String> key() {
        return key;
    }

    /** Row writes a second; 0 for no limit. */
    public double writeCapacity() {
        return writeCapacity;
    }

    /** Name of the guard attribute, {@code _tally_<view>} by default. */
    public String guard() {
        return guard;
    }

    public EmptyGroup emptyGroup() {
        return emptyGroup;
    }

    public Freshness freshness() {
        return freshness;
    }

    public ExistingRows existingRows() {
        return existingRows;
    }
}
