package dev.tally.view;

import dev.tally.item.AttributePath;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.io.Serializable;
import java.util.ArrayList;

/** What an image gives to each measure of a view. Per item: no streams here. */
final class MeasureInputs implements Serializable {

    private static final long serialVersionUID = 1L;

    private final ViewSpec view;

    /** Each path once, as several measures may be of one attribute. */
    private final ArrayList<AttributePath> paths = new ArrayList<>();

    /** Per measure the place of its path; -1 if it has none. */
    private final int[] pathOf;

    MeasureInputs(ViewSpec view) {
        this.view = view;
        this.pathOf = new int[view.measures().size()];
        for (int i = 0; i < pathOf.length; i++) {
            AttributePath path = view.measures().get(i).path();
            if (path != null && !paths.contains(path)) {
                paths.add(path);
            }
            pathOf[i] = paths.indexOf(path);
        }
    }

    Value[] of(Item image, Membership.Problems problems) {
        Value[] values = new Value[paths.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = paths.get(i).in(image);
        }
        Value[] inputs = new Value[pathOf.length];
        for (int i = 0; i < inputs.length; i++) {
            Value value = pathOf[i] < 0 ? null : values[pathOf[i]];
            inputs[i] = input(view.measures().get(i), value, image, problems);
        }
        return inputs;
    }

    private Value input(
            MeasureSpec measure, Value value, Item image, Membership.Problems problems) {
        if (measure.where() != null && !measure.where().matches(image)) {
            return null;
        }
        if (measure.path() == null) {
            return Value.TRUE;
        }
        if (value == null || value.is(Type.NULL)) {
            return null;
        }
        if (!takes(measure, value.type())) {
            problems.problem(
                    Membership.Problem.VALUE_UNUSABLE,
                    "cannot use attribute "
                            + measure.path()
                            + " for measure "
                            + measure.name()
                            + " of view '"
                            + view.name()
                            + "': it is "
                            + value
                            + ", the measure takes "
                            + taken(measure));
            return null;
        }
        return measure.kind() == MeasureSpec.Kind.COUNT ? Value.TRUE : value;
    }

    private static boolean takes(MeasureSpec measure, Type type) {
        switch (measure.kind()) {
            case COUNT:
                return true;
            case COUNT_DISTINCT:
                return type == Type.S || type == Type.N || type == Type.B || type == Type.BOOL;
            default:
                return type == measure.type();
        }
    }

    private static String taken(MeasureSpec measure) {
        switch (measure.kind()) {
            case COUNT_DISTINCT:
                return "S, N, B and BOOL";
            case MIN:
            case MAX:
                return measure.type() + "; its 'type' in views.yaml decides";
            default:
                return String.valueOf(measure.type());
        }
    }
}
