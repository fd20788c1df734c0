package dev.tally.view.filter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tally.item.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a pattern from a tree of maps, lists, strings, numbers, booleans and nulls, and collects
 * all its mistakes.
 *
 * <p>Equality, {@code numeric} and {@code exists} are decided by our own code, exactly; the other
 * matchers by AWS's ruler, except {@code anything-but} of numbers, which the ruler compares by 15
 * digits.
 */
public final class PatternParser {

    private static final String OR = "$or";
    private static final String ANYTHING_BUT = "anything-but";
    private static final List<String> MATCHERS =
            List.of(
                    "prefix",
                    "suffix",
                    ANYTHING_BUT,
                    "equals-ignore-case",
                    "wildcard",
                    "cidr",
                    "numeric",
                    "exists");

    private static final int DEPTH_MAX = 32;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<PatternMistake> mistakes = new ArrayList<>();
    private final Set<String> attributes = new TreeSet<>();

    /** From the top to where the parser is: as they are in the file, and the places of an item. */
    private final ArrayList<Object> at = new ArrayList<>();

    private final ArrayList<Place> places = new ArrayList<>();
    private final Pattern pattern;

    public PatternParser(Object tree) {
        this.pattern = fields(tree);
    }

    /** Only if there are no mistakes. */
    public Pattern pattern() {
        return pattern;
    }

    public List<PatternMistake> mistakes() {
        return mistakes;
    }

    /** Names of the top-level attributes that the pattern may read. */
    public Set<String> attributes() {
        return attributes;
    }

    private void mistake(String message) {
        mistakes.add(new PatternMistake(at, message));
    }

    private FieldsPattern fields(Object tree) {
        FieldsPattern fields = new FieldsPattern();
        if (!(tree instanceof Map)) {
            mistake("a pattern is a map of attribute names, like { Status: [open] }");
        } else if (((Map<?, ?>) tree).isEmpty()) {
            mistake("an empty pattern says nothing. Leave it out, or name an attribute");
        } else if (at.size() > DEPTH_MAX) {
            mistake("a pattern is nested at most " + DEPTH_MAX + " deep, as DynamoDB's items are");
        } else {
            ((Map<?, ?>) tree).forEach((name, part) -> field(fields, (String) name, part));
        }
        return fields;
    }

    private void field(FieldsPattern fields, String name, Object part) {
        at.add(name);
        if (name.equals(OR)) {
            alternatives(fields, part);
        } else {
            Place place = new Place(name);
            if (places.isEmpty()) {
                place.addAttributes(attributes);
            }
            places.add(place);
            if (part instanceof Map) {
                fields.add(place, isMatcher((Map<?, ?>) part) ? unlisted(part) : fields(part));
            } else if (part instanceof List) {
                fields.add(place, leaf((List<?>) part));
            } else {
                fields.add(place, unlisted(part));
            }
            places.remove(places.size() - 1);
        }
        at.remove(at.size() - 1);
    }

    private static boolean isMatcher(Map<?, ?> part) {
        return part.size() == 1 && MATCHERS.contains(part.keySet().iterator().next());
    }

    /** A value where the list of alternatives should be. */
    private Pattern unlisted(Object part) {
        mistake(
                "a pattern lists what may match. Write "
                        + at.get(at.size() - 1)
                        + ": ["
                        + flow(part)
                        + "]");
        return new FieldsPattern();
    }

    private void alternatives(FieldsPattern fields, Object part) {
        if (!(part instanceof List) || ((List<?>) part).isEmpty()) {
            mistake("$or is a list of patterns, like $or: [{ Status: [open] }, { Effort: [1] }]");
            return;
        }
        List<FieldsPattern> anyOf = new ArrayList<>();
        for (int i = 0; i < ((List<?>) part).size(); i++) {
            at.add(i);
            anyOf.add(fields(((List<?>) part).get(i)));
            at.remove(at.size() - 1);
        }
        fields.addAlternatives(anyOf);
    }

    private LeafPattern leaf(List<?> alternatives) {
        LeafPattern leaf = new LeafPattern(places);
        if (alternatives.isEmpty()) {
            mistake("an empty list matches nothing. List what may match, like [open]");
        }
        for (int i = 0; i < alternatives.size(); i++) {
            at.add(i);
            Object alternative = alternatives.get(i);
            if (alternative instanceof Map) {
                matcher(leaf, (Map<?, ?>) alternative);
            } else if (alternative instanceof List) {
                mistake("alternatives are values or matchers, not lists");
            } else {
                Value wanted = value(alternative);
                leaf.add(value -> value.equals(wanted));
            }
            at.remove(at.size() - 1);
        }
        return leaf;
    }

    private void matcher(LeafPattern leaf, Map<?, ?> matcher) {
        String kind = matcher.isEmpty() ? "" : (String) matcher.keySet().iterator().next();
        if (matcher.size() != 1) {
            mistake("a matcher has one key, one of " + String.join(", ", MATCHERS));
            return;
        }
        Object argument = matcher.get(kind);
        at.add(kind);
        if (!MATCHERS.contains(kind)) {
            mistake(
                    "'"
                            + kind
                            + "' is no matcher; these are: "
                            + String.join(", ", MATCHERS)
                            + "."
                            + Suggestion.of(kind, MATCHERS));
        } else if (kind.equals("exists")) {
            if (argument instanceof Boolean) {
                leaf.addExists((Boolean) argument);
            } else {
                mistake("exists is true or false");
            }
        } else if (kind.equals("numeric")) {
            numeric(leaf, argument);
        } else if (kind.equals(ANYTHING_BUT) && isNumbers(argument)) {
            leaf.add(anythingBut(argument));
        } else {
            ruler(leaf, matcher);
        }
        at.remove(at.size() - 1);
    }

    private void numeric(LeafPattern leaf, Object argument) {
        List<?> parts = argument instanceof List ? (List<?>) argument : List.of();
        NumericPattern numeric = new NumericPattern();
        boolean right = parts.size() == 2 || parts.size() == 4;
        for (int i = 0; right && i < parts.size(); i += 2) {
            right =
                    parts.get(i) instanceof String
                            && NumericPattern.OPERATORS.contains(parts.get(i))
                            && parts.get(i + 1) instanceof Number;
            if (right) {
                numeric.add((String) parts.get(i), decimal((Number) parts.get(i + 1)));
            }
        }
        if (right) {
            leaf.add(numeric);
        } else {
            mistake(
                    "numeric is a list of one or two comparisons by "
                            + String.join(" ", NumericPattern.OPERATORS)
                            + ", like numeric: [\">\", 0, \"<=\", 5]");
        }
    }

    private static boolean isNumbers(Object argument) {
        return argument instanceof Number
                || argument instanceof List
                        && !((List<?>) argument).isEmpty()
                        && ((List<?>) argument).stream().allMatch(n -> n instanceof Number);
    }

    private LeafPattern.Scalar anythingBut(Object argument) {
        List<Value> refused = new ArrayList<>();
        for (Object number : argument instanceof List ? (List<?>) argument : List.of(argument)) {
            refused.add(value(number));
        }
        return value -> !refused.contains(value);
    }

    private void ruler(LeafPattern leaf, Map<?, ?> matcher) {
        String json = json(matcher);
        String mistake = RulerPattern.mistake(json);
        if (mistake == null) {
            leaf.add(new RulerPattern(json));
        } else {
            mistake("the ruler refuses " + json + ": " + mistake);
        }
    }

    private Value value(Object scalar) {
        if (scalar == null) {
            return Value.NULL;
        }
        if (scalar instanceof Boolean) {
            return Value.bool((Boolean) scalar);
        }
        if (scalar instanceof String) {
            return Value.text((String) scalar);
        }
        try {
            return Value.number(decimal((Number) scalar));
        } catch (IllegalArgumentException e) {
            mistake("no item holds this number: " + e.getMessage());
            return Value.NULL;
        }
    }

    private static BigDecimal decimal(Number number) {
        return new BigDecimal(number.toString());
    }

    /** As one would write it in a views.yaml, for messages. */
    private static String flow(Object part) {
        String json = json(part);
        return json.matches("\"[A-Za-z][A-Za-z _-]*\"")
                        && !Arrays.asList("\"true\"", "\"false\"", "\"null\"").contains(json)
                ? json.substring(1, json.length() - 1)
                : json;
    }

    private static String json(Object tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot write a pattern as JSON", e);
        }
    }
}
