package dev.tally.view;

import dev.tally.item.Item;
import java.io.Serializable;
import java.util.Set;

/** A {@code where}: an EventBridge pattern over the plain item. */
public final class Filter implements Serializable {

    private static final long serialVersionUID = 1L;

    public boolean matches(Item item) {
        throw new UnsupportedOperationException("filters come with views.yaml");
    }

    /** Names of the top-level attributes that it reads. */
    public Set<String> attributes() {
        throw new UnsupportedOperationException("filters come with views.yaml");
    }
}
