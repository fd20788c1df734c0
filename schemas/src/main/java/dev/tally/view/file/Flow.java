package dev.tally.view.file;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** A tree as one would write it in one line of YAML, for messages. */
final class Flow {

    /** Text that YAML reads as text without quotes, whatever stands around it. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z$_][A-Za-z0-9$_./-]*");

    private static final List<String> NOT_TEXT = List.of("null", "true", "false");

    private Flow() {}

    static String of(Object tree) {
        if (tree instanceof Map) {
            StringJoiner fields = new StringJoiner(", ", "{ ", " }");
            ((Map<?, ?>) tree).forEach((name, value) -> fields.add(of(name) + ": " + of(value)));
            return fields.toString();
        }
        if (tree instanceof List) {
            StringJoiner elements = new StringJoiner(", ", "[", "]");
            ((List<?>) tree).forEach(element -> elements.add(of(element)));
            return elements.toString();
        }
        if (tree instanceof String) {
            String text = (String) tree;
            boolean plain =
                    PLAIN.matcher(text).matches()
                            && !NOT_TEXT.contains(text.toLowerCase(Locale.ROOT));
            return plain ? text : "'" + text.replace("'", "''") + "'";
        }
        return String.valueOf(tree);
    }
}
