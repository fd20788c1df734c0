package dev.tally.view.filter;

import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Comparisons of a number, exact to its last digit: {@code [">", 0, "<=", 5]}. */
final class NumericPattern implements LeafPattern.Scalar {

    static final List<String> OPERATORS = List.of("=", "<", "<=", ">", ">=");

    private final List<String> operators = new ArrayList<>();
    private final List<BigDecimal> bounds = new ArrayList<>();

    /** While it is built; the operator is one of {@link #OPERATORS}. */
    void add(String operator, BigDecimal bound) {
        operators.add(operator);
        bounds.add(bound);
    }

    @Override
    public boolean matches(Value value) {
        if (!value.is(Type.N)) {
            return false;
        }
        for (int i = 0; i < bounds.size(); i++) {
            if (!holds(value.asNumber().compareTo(bounds.get(i)), operators.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(int order, String operator) {
        switch (operator) {
            case "=":
                return order == 0;
            case "<":
                return order < 0;
            case "<=":
                return order <= 0;
            case ">":
                return order > 0;
            default:
                return order >= 0;
        }
    }
}
