package dev.tally.view;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;

/** What an image gives to each measure of a view. Per item: no streams here. */
final class MeasureInputs {

    private MeasureInputs() {}

    static Value[] of(ViewSpec view, Item image, Membership.Problems problems) {
        Value[] inputs = new Value[view.measures().size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = input(view, view.measures().get(i), image, problems);
        }
        return inputs;
    }

    private static Value input(
            ViewSpec view, MeasureSpec measure, Item image, Membership.Problems problems) {
        if (measure.where() != null && !measure.where().matches(image)) {
            return null;
        }
        if (measure.path() == null) {
            return Value.TRUE;
        }
        Value value = measure.path().in(image);
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
