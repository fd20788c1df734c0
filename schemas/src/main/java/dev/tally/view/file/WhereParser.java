package dev.tally.view.file;

import dev.tally.view.Filter;
import dev.tally.view.file.Yaml.Kind;
import dev.tally.view.filter.PatternMistake;
import dev.tally.view.filter.PatternParser;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a {@code where}, and recognises what was pasted from a Lambda event filter. */
final class WhereParser {

    /** Of a stream record: {@code NewImage} holds what {@code where} is about. */
    private static final List<String> IMAGES = List.of("NewImage", "OldImage", "Keys");

    private final Mistakes mistakes;

    WhereParser(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /** Null if there is none, or not a right one. */
    Filter parse(Section section) {
        Yaml where = section.get("where");
        if (where == null) {
            return null;
        }
        if (where.is(Kind.MAP)
                && (where.fields().containsKey("eventName")
                        || where.fields().containsKey("dynamodb"))) {
            section.mistake("where", lambda(where.tree()));
            return null;
        }
        PatternParser parser = new PatternParser(where.tree());
        for (PatternMistake mistake : parser.mistakes()) {
            mistakes.add(
                    where.at(mistake.place()), section.name() + ": where: " + mistake.message());
        }
        return parser.mistakes().isEmpty() ? filter(where.tree()) : null;
    }

    @SuppressWarnings("unchecked")
    private static Filter filter(Object tree) {
        return Filter.of((Map<String, Object>) tree);
    }

    private static String lambda(Object tree) {
        Map<String, Object> plain = new LinkedHashMap<>();
        Object record = ((Map<?, ?>) tree).get("dynamodb");
        for (String image : IMAGES) {
            Object attributes = record instanceof Map ? ((Map<?, ?>) record).get(image) : null;
            if (attributes instanceof Map) {
                ((Map<?, ?>) attributes)
                        .forEach((name, value) -> plain.putIfAbsent((String) name, plain(value)));
            }
        }
        String quoted = ((Map<?, ?>) tree).containsKey("dynamodb") ? "dynamodb" : "eventName";
        return "where is about the item, not about a stream record as Lambda filters are. "
                + (plain.isEmpty()
                        ? "Leave eventName out: a view follows inserts, changes and removals"
                        : "Write where: " + Flow.of(plain))
                + ". An attribute of that name is written '[\""
                + quoted
                + "\"]'";
    }

    /** Without the types of DynamoDB JSON: {@code {S: [open]}} is {@code [open]}. */
    private static Object plain(Object typed) {
        if (!(typed instanceof Map) || ((Map<?, ?>) typed).size() != 1) {
            return typed;
        }
        Object type = ((Map<?, ?>) typed).keySet().iterator().next();
        Object content = ((Map<?, ?>) typed).get(type);
        if (type.equals("M") && content instanceof Map) {
            Map<String, Object> fields = new LinkedHashMap<>();
            ((Map<?, ?>) content).forEach((name, value) -> fields.put((String) name, plain(value)));
            return fields;
        }
        if (type.equals("NULL")) {
            List<Object> nothing = new ArrayList<>();
            nothing.add(null);
            return nothing;
        }
        if (type.equals("N") && content instanceof List) {
            List<Object> numbers = new ArrayList<>();
            ((List<?>) content).forEach(n -> numbers.add(n instanceof String ? number(n) : n));
            return numbers;
        }
        return List.of("S", "BOOL", "B", "L", "SS", "NS", "BS").contains(type) ? content : typed;
    }

    private static Object number(Object text) {
        try {
            return new BigDecimal((String) text);
        } catch (NumberFormatException e) {
            return text;
        }
    }
}
