package dev.tally.diff;

import dev.tally.item.AttributeNames;
import dev.tally.item.Item;
import dev.tally.view.Membership;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which top-level attributes of an image the state of an item keeps: those that any view of the
 * table reads, or all.
 *
 * <p>Images are compared only after both were cut down here, so that an attribute which no view
 * reads can neither look like drift nor hide that record and state are in step. All attributes are
 * kept only when a feed takes its {@code before} from the state: on a stream without old images.
 */
final class KeptAttributes implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Null: all. */
    private final AttributeNames names;

    private KeptAttributes(AttributeNames names) {
        this.names = names;
    }

    static KeptAttributes all() {
        return new KeptAttributes(null);
    }

    static KeptAttributes named(Collection<String> names) {
        return new KeptAttributes(new AttributeNames(names));
    }

    static KeptAttributes of(List<Membership> views, boolean beforeComesFromState) {
        if (beforeComesFromState) {
            return all();
        }
        TreeSet<String> names = new TreeSet<>();
        for (Membership view : views) {
            names.addAll(view.attributes());
        }
        return named(names);
    }

    /** The same object if it has nothing else; null for null. */
    Item cut(Item image) {
        return image == null || names == null ? image : image.only(names);
    }

    /** What both keep. */
    KeptAttributes and(KeptAttributes other) {
        if (names == null || other.names == null) {
            return names == null ? other : this;
        }
        TreeSet<String> both = new TreeSet<>(names.all());
        both.retainAll(other.names.all());
        return named(both);
    }

    boolean keepsAll() {
        return names == null;
    }

    /** Sorted; null for all. */
    Set<String> names() {
        return names == null ? null : names.all();
    }

    /** Whether images cut down by this one still hold everything that the other keeps. */
    boolean covers(KeptAttributes other) {
        return names == null || (other.names != null && names.all().containsAll(other.names.all()));
    }
}
