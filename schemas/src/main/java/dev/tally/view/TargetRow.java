package dev.tally.view;

import dev.tally.item.Value;
import java.util.Objects;

/** A row as it was found in a target table. */
public final class TargetRow {

    private final GroupKey group;
    private final Value[] measures;
    private final boolean guarded;
    private final long submission;
    private final String guard;

    /**
     * @param measures what the row holds under the names of the view's measures, in the order of
     *     the spec, null where it holds nothing; not copied
     * @param guarded whether it carries the view's guard, so that Tally wrote it
     * @param submission that of the guard; 0 if there is none, or none that can be read
     */
    public TargetRow(GroupKey group, Value[] measures, boolean guarded, long submission) {
        this(group, measures, guarded, submission, null);
    }

    /**
     * @param guard its text; null if there is none, or if somebody else's attribute has the name
     */
    public TargetRow(
            GroupKey group, Value[] measures, boolean guarded, long submission, String guard) {
        this.group = Objects.requireNonNull(group);
        this.measures = Objects.requireNonNull(measures);
        this.guarded = guarded;
        this.submission = submission;
        this.guard = guard;
    }

    public GroupKey group() {
        return group;
    }

    /** Must not be changed. */
    public Value[] measures() {
        return measures;
    }

    public boolean guarded() {
        return guarded;
    }

    /** The one that wrote it; 0 if that is not known. */
    public long submission() {
        return submission;
    }

    /** The guard's text, if the reader of the row asked for it; null if there is none. */
    public String guard() {
        return guard;
    }

    /** Whether only the guard is left: the row was deleted and waits for its removal. */
    public boolean tombstone() {
        for (Value measure : measures) {
            if (measure != null) {
                return false;
            }
        }
        return guarded;
    }
}
