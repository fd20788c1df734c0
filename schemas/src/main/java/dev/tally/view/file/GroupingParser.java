package dev.tally.view.file;

import dev.tally.item.AttributePath;
import dev.tally.view.Grouping;
import dev.tally.view.file.Yaml.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads a view's {@code group-by}. */
final class GroupingParser {

    static final List<String> KEYS = List.of("attribute", "each", "missing");

    private final Mistakes mistakes;

    GroupingParser(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /** Null if it is not right. */
    List<Grouping> parse(Section view) {
        if (!view.requires("group-by", "[ListId], or group-by: [] for one group of all items")) {
            return null;
        }
        Yaml list = view.get("group-by");
        if (!list.is(Kind.LIST)) {
            view.mistakeInValue(
                    "group-by",
                    "group-by is a list. Write group-by: "
                            + Flow.of(list.is(Kind.NULL) ? List.of() : List.of(list.tree())));
            return null;
        }
        List<Grouping> groupBy = new ArrayList<>();
        List<AttributePath> paths = new ArrayList<>();
        for (Yaml element : list.elements()) {
            Grouping grouping = grouping(view, element);
            if (grouping == null) {
                continue;
            }
            if (paths.contains(grouping.path())) {
                mistakes.add(
                        element, view.name() + ": it is grouped by " + grouping.path() + " twice");
                continue;
            }
            paths.add(grouping.path());
            groupBy.add(grouping);
        }
        return groupBy.size() == list.elements().size() ? List.copyOf(groupBy) : null;
    }

    private Grouping grouping(Section view, Yaml element) {
        if (!element.is(Kind.MAP)) {
            boolean isText = view.isText(element, view.name() + ": an attribute in group-by");
            AttributePath path =
                    isText ? Paths.parse(view, element, element.text(), mistakes) : null;
            return path == null ? null : new Grouping(path, false, null);
        }
        Section part = new Section(element, "group-by of " + view.name(), KEYS, mistakes);
        boolean each = part.has("each");
        if (each == part.has("attribute")) {
            mistakes.add(
                    element,
                    part.name()
                            + ": write { attribute: ListId } or, for one group per element of a"
                            + " list or set, { each: Tags }");
            return null;
        }
        String key = each ? "each" : "attribute";
        String text = part.text(key);
        String missing = part.text("missing");
        AttributePath path = text == null ? null : Paths.parse(part, part.get(key), text, mistakes);
        return path == null ? null : new Grouping(path, each, missing);
    }
}
