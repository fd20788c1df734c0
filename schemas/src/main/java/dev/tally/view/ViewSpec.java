package dev.tally.view;

import java.io.Serializable;
import java.util.List;
import java.util.StringJoiner;

/** A view: filter, grouping and measures over one table, and where its rows go. */
public final class ViewSpec implements Serializable {

    private static final long serialVersionUID = 1L;

    /** What to do when a later views.yaml no longer has this view. */
    public enum RemovedView {
        FAIL,
        KEEP,
        DELETE_ROWS
    }

    private final String name;
    private final String table;
    private final Filter where;
    private final List<Grouping> groupBy;
    private final List<MeasureSpec> measures;
    private final Target to;
    private final RemovedView removedView;

    public ViewSpec(
            String name,
            String table,
            Filter where,
            List<Grouping> groupBy,
            List<MeasureSpec> measures,
            Target to,
            RemovedView removedView) {
        this.name = name;
        this.table = table;
        this.where = where;
        this.groupBy = groupBy;
        this.measures = measures;
        this.to = to;
        this.removedView = removedView;
    }

    public String name() {
        return name;
    }

    /** Logical name of its source table. */
    public String table() {
        return table;
    }

    /** Null: all items. */
    public Filter where() {
        return where;
    }

    /** Empty: one group, the whole table. */
    public List<Grouping> groupBy() {
        return groupBy;
    }

    public List<MeasureSpec> measures() {
        return measures;
    }

    public Target to() {
        return to;
    }

    public RemovedView removedView() {
        return removedView;
    }

    /**
     * All that decides which groups there are and what they amount to. What was counted under one
     * definition cannot go on under another: inputs would be retracted that were never added.
     */
    public String definition() {
        StringJoiner parts = new StringJoiner("; ");
        for (Grouping grouping : groupBy) {
            parts.add(
                    "by "
                            + grouping.path()
                            + (grouping.each() ? " each" : "")
                            + (grouping.missing() == null ? "" : " missing " + grouping.missing()));
        }
        for (MeasureSpec measure : measures) {
            parts.add(
                    measure.name()
                            + " "
                            + measure.kind()
                            + (measure.path() == null ? "" : " of " + measure.path())
                            + (isExtreme(measure.kind()) ? " as " + measure.type() : "")
                            + (measure.where() == null ? "" : " where " + measure.where()));
        }
        if (to.key() != null) {
            parts.add("key " + to.key());
        }
        if (where != null) {
            parts.add("where " + where);
        }
        return parts.toString();
    }

    private static boolean isExtreme(MeasureSpec.Kind kind) {
        return kind == MeasureSpec.Kind.MIN || kind == MeasureSpec.Kind.MAX;
    }
}
