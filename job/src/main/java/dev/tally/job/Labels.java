package dev.tally.job;

import dev.tally.item.Value;
import dev.tally.view.GroupKey;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;

/**
 * How groups and results are shown to the person at the terminal, who asked for them; they never go
 * to a log.
 */
final class Labels {

    private Labels() {}

    /** The values of a row's key, with / between. */
    static String of(GroupKey group) {
        StringJoiner label = new StringJoiner("/");
        List<Value> values = group.values();
        for (Value value : values) {
            label.add(of(value));
        }
        return values.isEmpty() ? "(all)" : label.toString();
    }

    static String of(Value value) {
        if (value == null) {
            return "nothing";
        }
        switch (value.type()) {
            case S:
                return value.asText();
            case N:
                return value.asDigits();
            case B:
                return Base64.getEncoder().encodeToString(value.asBytes());
            case BOOL:
                return String.valueOf(value.asBool());
            default:
                return value.toString();
        }
    }
}
