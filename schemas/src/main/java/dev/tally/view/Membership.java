package dev.tally.view;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import java.io.Serializable;
import java.util.List;
import java.util.Set;

/**
 * Which groups of one view an image belongs to, and what it gives to their measures: the one
 * definition that the item stage, {@code verify} and {@code check} share.
 */
public final class Membership implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Why an image is in no group, or gives nothing to a measure. */
    public enum Problem {
        /** A group attribute is missing or NULL: counted, no dead letter. */
        GROUP_MISSING,
        /** A group attribute cannot be part of the row's key: noticed as a dead letter. */
        GROUP_UNUSABLE,
        /** A value that its measure cannot take: counts as missing; noticed as a dead letter. */
        VALUE_UNUSABLE
    }

    /** Takes the problems of one image. */
    public interface Problems {
        /**
         * @param reason a sentence that names view, attribute and type, never a value
         */
        void problem(Problem problem, String reason);
    }

    private final ViewSpec view;
    private final KeySchema targetKey;

    /**
     * @param targetKey key schema of the target table; null if the rows go to a stream
     */
    public Membership(ViewSpec view, KeySchema targetKey) {
        this.view = view;
        this.targetKey = targetKey;
    }

    public ViewSpec view() {
        return view;
    }

    /** Names of the top-level attributes that the view reads. */
    public Set<String> attributes() {
        throw new UnsupportedOperationException(view.name() + targetKey);
    }

    /**
     * The groups of an image, without repeats, in a fixed order.
     *
     * @param image null for an item that is not there: no groups
     */
    public List<Member> of(Item image, Problems problems) {
        throw new UnsupportedOperationException(view.name());
    }
}
