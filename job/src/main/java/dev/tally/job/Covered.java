package dev.tally.job;

import dev.tally.view.FeedSpec;
import dev.tally.view.ViewSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the state behind a table's source is to be complete for. */
final class Covered {

    /** No view has such a name. */
    static final String IMAGES = "(images)";

    private Covered() {}

    /**
     * By name what each view counts and, if feeds take what was before from the state, that images
     * are kept whole.
     */
    static Map<String, String> by(
            List<ViewSpec> views, List<FeedSpec> feeds, boolean newImagesOnly) {
        TreeMap<String, String> covered = new TreeMap<>();
        for (ViewSpec view : views) {
            covered.put(view.name(), view.definition());
        }
        if (newImagesOnly && !feeds.isEmpty()) {
            covered.put(IMAGES, "whole");
        }
        return covered;
    }
}
