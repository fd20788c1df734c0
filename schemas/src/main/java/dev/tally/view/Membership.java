package dev.tally.view;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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

    /** Most groups of one image: the product of its elements over all {@code each}. */
    static final int GROUPS_MAX = 10_000;

    private final ViewSpec view;
    private final KeyMapping keys;
    private final MeasureInputs inputs;

    /** Whether an image is in one group at most. */
    private final boolean oneGroup;

    /**
     * @param targetKey key schema of the target table; null if the rows go to a stream
     * @throws IllegalArgumentException if the view's keys do not fit the target's
     */
    public Membership(ViewSpec view, KeySchema targetKey) {
        this.view = view;
        this.keys = new KeyMapping(view, targetKey);
        this.inputs = new MeasureInputs(view);
        this.oneGroup = view.groupBy().stream().noneMatch(Grouping::each);
    }

    public ViewSpec view() {
        return view;
    }

    /** Names of the top-level attributes that the view reads. */
    public Set<String> attributes() {
        Set<String> names = new TreeSet<>();
        addAttributes(view.where(), names);
        for (Grouping grouping : view.groupBy()) {
            names.add(grouping.path().attribute());
        }
        for (MeasureSpec measure : view.measures()) {
            addAttributes(measure.where(), names);
            if (measure.path() != null) {
                names.add(measure.path().attribute());
            }
        }
        return names;
    }

    private static void addAttributes(Filter where, Set<String> names) {
        if (where != null) {
            names.addAll(where.attributes());
        }
    }

    /**
     * The groups of an image, without repeats, in a fixed order. All share one array of inputs: an
     * image gives the same to each of its groups.
     *
     * @param image null for an item that is not there: no groups
     */
    public List<Member> of(Item image, Problems problems) {
        if (image == null || (view.where() != null && !view.where().matches(image))) {
            return List.of();
        }
        if (oneGroup) {
            GroupKey group = group(image, problems);
            return group == null
                    ? List.of()
                    : List.of(new Member(group, inputs.of(image, problems)));
        }
        Set<GroupKey> groups = new LinkedHashSet<>();
        for (List<Value> values : combinations(image, problems)) {
            GroupKey group = keys.of(values, problems);
            if (group != null) {
                groups.add(group);
            }
        }
        if (groups.isEmpty()) {
            return List.of();
        }
        Value[] given = inputs.of(image, problems);
        List<Member> members = new ArrayList<>(groups.size());
        for (GroupKey group : groups) {
            members.add(new Member(group, given));
        }
        return members;
    }

    /** The one group of an image; null if it is in none. */
    private GroupKey group(Item image, Problems problems) {
        List<Grouping> groupBy = view.groupBy();
        Value[] values = new Value[groupBy.size()];
        for (int i = 0; i < values.length; i++) {
            Grouping grouping = groupBy.get(i);
            values[i] = usable(grouping, grouping.path().in(image), problems);
            if (values[i] == null) {
                return null;
            }
        }
        return keys.of(Arrays.asList(values), problems);
    }

    /** The cross product of what each part of {@code group-by} finds, the first part slowest. */
    private List<List<Value>> combinations(Item image, Problems problems) {
        List<List<Value>> combinations = List.of(List.of());
        for (Grouping grouping : view.groupBy()) {
            Collection<Value> found = values(grouping, image, problems);
            if (found.isEmpty()) {
                return List.of();
            }
            long size = (long) combinations.size() * found.size();
            if (size > GROUPS_MAX) {
                problems.problem(
                        Problem.GROUP_UNUSABLE,
                        cannotGroup(grouping)
                                + "the item would be in "
                                + size
                                + " groups, the limit is "
                                + GROUPS_MAX);
                return List.of();
            }
            List<List<Value>> longer = new ArrayList<>((int) size);
            for (List<Value> start : combinations) {
                for (Value value : found) {
                    List<Value> combination = new ArrayList<>(start);
                    combination.add(value);
                    longer.add(combination);
                }
            }
            combinations = longer;
        }
        return combinations;
    }

    private Collection<Value> values(Grouping grouping, Item image, Problems problems) {
        Value value = grouping.path().in(image);
        Set<Value> found = new LinkedHashSet<>();
        boolean absent = value == null || value.is(Type.NULL);
        if (!grouping.each() || absent) {
            addUsable(grouping, value, found, problems);
        } else if (!value.is(Type.L) && !value.isSet()) {
            problems.problem(
                    Problem.GROUP_UNUSABLE,
                    cannotGroup(grouping) + "it is " + value + ", 'each' takes lists and sets");
        } else if (value.elements().isEmpty()) {
            addUsable(grouping, null, found, problems);
        } else {
            for (Value element : value.elements()) {
                addUsable(grouping, element, found, problems);
            }
        }
        return found;
    }

    private void addUsable(Grouping grouping, Value value, Set<Value> found, Problems problems) {
        Value usable = usable(grouping, value, problems);
        if (usable != null) {
            found.add(usable);
        }
    }

    /** What stands for the value in a group's key; null if nothing can. */
    private Value usable(Grouping grouping, Value value, Problems problems) {
        if (value == null || value.is(Type.NULL)) {
            if (grouping.missing() != null) {
                return Value.text(grouping.missing());
            }
            problems.problem(
                    Problem.GROUP_MISSING, cannotGroup(grouping) + "it is missing or NULL");
            return null;
        }
        if (!value.is(Type.S) && !value.is(Type.N) && !value.is(Type.B)) {
            problems.problem(
                    Problem.GROUP_UNUSABLE,
                    cannotGroup(grouping) + "it is " + value + ", a key is S, N or B");
            return null;
        }
        if (value.isEmpty()) {
            problems.problem(
                    Problem.GROUP_UNUSABLE,
                    cannotGroup(grouping) + "it is an empty " + value.type());
            return null;
        }
        return value;
    }

    private String cannotGroup(Grouping grouping) {
        return "cannot group by attribute " + grouping.path() + " in view '" + view.name() + "': ";
    }
}
