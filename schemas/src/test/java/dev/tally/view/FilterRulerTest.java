package dev.tally.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import software.amazon.event.ruler.Machine;

/**
 * Filters and AWS's ruler, side by side on random patterns and items: where both can decide, they
 * must decide the same.
 *
 * <p>Generated without what the ruler decides otherwise, or not by what the pattern says: numbers
 * of more than 15 digits; existence of maps, of empty lists, and below lists (there the order of
 * names decides); names with dots; {@code $or} (some matchers lose each other there); two {@code
 * anything-but} at one place (it mixes them). {@link FilterTest} has those.
 */
class FilterRulerTest {

    private static final int CASES_PER_SEED = 50;

    /** The only name under which items have maps; nothing asks there whether it exists. */
    private static final String MAP = "m";

    private static final List<String> NAMES = List.of("a", "b", "c", MAP);
    private static final List<String> SCALARS =
            List.of("'x'", "'xy'", "'X'", "''", "'1'", "1", "1.0", "-2.5", "30", "true", "null");
    private static final List<String> MATCHERS =
            List.of(
                    "{'prefix': 'x'}",
                    "{'suffix': 'y'}",
                    "{'wildcard': 'x*'}",
                    "{'equals-ignore-case': 'x'}",
                    "{'anything-but': 'x'}",
                    "{'anything-but': ['x', 'X']}",
                    "{'anything-but': [1, 30]}",
                    "{'anything-but': {'prefix': 'x'}}",
                    "{'anything-but': {'suffix': ['y', 'X']}}",
                    "{'numeric': ['=', 1]}",
                    "{'numeric': ['>', -3, '<=', 1]}",
                    "{'numeric': ['<', 0]}");
    private static final List<String> EXISTS = List.of("{'exists': true}", "{'exists': false}");

    private Random random;

    @Test
    void decideTheSame() throws Exception {
        int matched = 0;
        for (int seed = 0; seed < Integer.getInteger("tally.seeds", 200); seed++) {
            random = new Random(seed);
            for (int i = 0; i < CASES_PER_SEED; i++) {
                String pattern = Json.quoted(pattern(0));
                String item = "{" + fields(0) + "}";
                Machine ruler = Machine.builder().build();
                ruler.addRule("rule", pattern);

                boolean expected = !ruler.rulesForJSONEvent(Json.quoted(item)).isEmpty();

                assertThat(Filter.parse(pattern).matches(Json.item(item)))
                        .as("seed %d: %s on %s", seed, pattern, item)
                        .isEqualTo(expected);
                matched += expected ? 1 : 0;
            }
        }
        assertThat(matched).as("cases that match").isPositive();
    }

    private String pattern(int depth) {
        StringJoiner fields = new StringJoiner(", ", "{", "}");
        for (String name : NAMES) {
            if (random.nextInt(3) == 0) {
                fields.add("'" + name + "': " + part(name, depth));
            }
        }
        return fields.length() > 2 ? fields.toString() : "{'a': " + part("a", depth) + "}";
    }

    private String part(String name, int depth) {
        boolean nested = name.equals(MAP) ? random.nextInt(4) > 0 : random.nextInt(8) == 0;
        if (depth < 2 && nested) {
            return pattern(depth + 1);
        }
        StringJoiner alternatives = new StringJoiner(", ", "[", "]");
        int last = random.nextInt(3);
        boolean matcher = random.nextBoolean();
        for (int i = 0; i <= last; i++) {
            boolean exists = depth == 0 && !name.equals(MAP) && random.nextInt(5) == 0;
            alternatives.add(one(exists ? EXISTS : matcher && i == last ? MATCHERS : SCALARS));
        }
        return alternatives.toString();
    }

    private String fields(int depth) {
        StringJoiner fields = new StringJoiner(", ");
        for (String name : NAMES) {
            if (random.nextInt(3) > 0) {
                fields.add("'" + name + "': " + value(name, depth));
            }
        }
        return fields.toString();
    }

    private String value(String name, int depth) {
        int kind = random.nextInt(4);
        if (depth < 3 && kind == 0) {
            return "[" + value(name, depth + 1) + ", " + value(name, depth + 1) + "]";
        }
        return name.equals(MAP) && depth < 3 ? "{" + fields(depth + 1) + "}" : one(SCALARS);
    }

    private String one(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
