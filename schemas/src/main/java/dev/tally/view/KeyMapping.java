package dev.tally.view;

import dev.tally.item.AttributePath;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * From the values of a group to the key of its row. Without a target table the group's own values
 * are the key, under the same limits.
 */
final class KeyMapping implements Serializable {

    private static final long serialVersionUID = 1L;

    /** DynamoDB's limits of key attributes, in UTF-8 or plain bytes. */
    private static final int PARTITION_BYTES_MAX = 2048;

    private static final int SORT_BYTES_MAX = 1024;

    private final String view;
    private final ArrayList<AttributePath> paths = new ArrayList<>();

    /** One per key attribute; null: the group's values are the key. */
    private final ArrayList<KeyTemplate> templates;

    private final KeySchema key;

    /**
     * @throws IllegalArgumentException if the view's keys do not fit the table, with all reasons
     */
    KeyMapping(ViewSpec view, KeySchema key) {
        this.view = view.name();
        this.key = key;
        for (Grouping grouping : view.groupBy()) {
            paths.add(grouping.path());
        }
        Map<String, String> texts = view.to().key();
        if (key == null || texts == null) {
            templates = null;
        } else {
            templates = new ArrayList<>();
            for (KeySchema.Attribute attribute : key.attributes()) {
                String text = texts.get(attribute.name());
                templates.add(text == null ? null : KeyTemplate.parse(text));
            }
        }
        List<String> mistakes = key == null ? List.of() : mistakes(view);
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(
                    "cannot write view '"
                            + view.name()
                            + "' to table '"
                            + view.to().table()
                            + "': "
                            + String.join("; ", mistakes));
        }
    }

    private List<String> mistakes(ViewSpec view) {
        List<String> mistakes = new ArrayList<>();
        if (templates == null) {
            compareDirectly(view, mistakes);
        } else {
            compareMapped(view, mistakes);
        }
        if (mistakes.isEmpty()) {
            compareMissing(view, mistakes);
        }
        return mistakes;
    }

    /** The group of what is missing is text; its key attribute must be, too. */
    private void compareMissing(ViewSpec view, List<String> mistakes) {
        for (int i = 0; i < key.attributes().size(); i++) {
            KeySchema.Attribute attribute = key.attributes().get(i);
            boolean isPlain = templates == null || templates.get(i).isPlain();
            if (!isPlain || attribute.type() == Type.S) {
                continue;
            }
            int group = templates == null ? i : paths.indexOf(templates.get(i).places().get(0));
            if (view.groupBy().get(group).missing() != null) {
                mistakes.add(
                        "'missing' of "
                                + paths.get(group)
                                + " is text, its key attribute is "
                                + attribute
                                + ". Leave 'missing' out, or write to a key attribute of type S");
            }
        }
    }

    private void compareMapped(ViewSpec view, List<String> mistakes) {
        Set<AttributePath> unwritten = new LinkedHashSet<>(paths);
        for (int i = 0; i < templates.size(); i++) {
            KeySchema.Attribute attribute = key.attributes().get(i);
            KeyTemplate template = templates.get(i);
            if (template == null) {
                mistakes.add("its key attribute " + attribute + " is not in the view's key");
            } else if (!template.isPlain() && attribute.type() != Type.S) {
                mistakes.add(
                        "the template '"
                                + template
                                + "' makes text, its key attribute is "
                                + attribute);
            } else {
                for (AttributePath place : template.places()) {
                    unwritten.remove(place);
                    if (!paths.contains(place)) {
                        mistakes.add(
                                "the template '"
                                        + template
                                        + "' names "
                                        + place
                                        + ", the view is grouped by "
                                        + paths);
                    }
                }
            }
        }
        if (!unwritten.isEmpty()) {
            mistakes.add("the view's key leaves out " + unwritten + ": groups would share rows");
        }
        for (String name : view.to().key().keySet()) {
            boolean known = key.attributes().stream().anyMatch(a -> a.name().equals(name));
            if (!known) {
                mistakes.add("the view's key names " + name + ", the table's key is " + key);
            }
        }
    }

    private void compareDirectly(ViewSpec view, List<String> mistakes) {
        boolean same = paths.size() == key.attributes().size();
        for (int i = 0; same && i < paths.size(); i++) {
            List<Serializable> parts = paths.get(i).parts();
            same = key.attributes().get(i).name().equals(parts.get(parts.size() - 1));
        }
        if (!same) {
            mistakes.add(
                    "the table's key is "
                            + key
                            + ", the view is grouped by "
                            + paths
                            + ". Map one to the other with key, like key: { "
                            + key.attributes().get(0).name()
                            + ": '"
                            + (paths.isEmpty() ? "ALL" : "{" + paths.get(0) + "}")
                            + "' }");
        }
    }

    /** The group, or null after telling why there is none. */
    GroupKey of(List<Value> group, Membership.Problems problems) {
        List<Value> row = group;
        if (templates != null) {
            row = new ArrayList<>(templates.size());
            for (KeyTemplate template : templates) {
                Value filled = template.fill(paths, group);
                if (filled == null) {
                    refuse(problems, "a B cannot be written into the template '" + template + "'");
                    return null;
                }
                row.add(filled);
            }
        }
        for (int i = 0; i < row.size(); i++) {
            if (!fits(row.get(i), i, problems)) {
                return null;
            }
        }
        return GroupKey.of(view, row);
    }

    private boolean fits(Value value, int at, Membership.Problems problems) {
        KeySchema.Attribute attribute = key == null ? null : key.attributes().get(at);
        if (attribute != null && value.type() != attribute.type()) {
            refuse(problems, "it is " + value + ", the key attribute is " + attribute);
            return false;
        }
        int limit = attribute != null && at > 0 ? SORT_BYTES_MAX : PARTITION_BYTES_MAX;
        if (value.size() > limit) {
            String name = attribute == null ? paths.get(at).toString() : attribute.name();
            refuse(problems, name + " would have more than " + limit + " bytes");
            return false;
        }
        return true;
    }

    private void refuse(Membership.Problems problems, String why) {
        problems.problem(
                Membership.Problem.GROUP_UNUSABLE,
                "cannot make a row's key of " + paths + " in view '" + view + "': " + why);
    }
}
