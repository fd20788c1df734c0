package dev.tally.job.managed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request to Managed Flink may hold. The CLI looks at members and types only; the service
 * also looks at sizes, forms and choices, and so does this.
 */
final class FakeRules {

    private final Map<String, Rule> operations = new LinkedHashMap<>();

    FakeRules() {
        List<Rule> path = new ArrayList<>();
        for (String line : lines()) {
            if (line.startsWith("#")) {
                continue;
            }
            int depth = 0;
            while (line.charAt(2 * depth) == ' ') {
                depth++;
            }
            Rule rule = new Rule(line.trim().split(" "));
            if (depth == 0) {
                operations.put(rule.name, rule);
            } else {
                path.get(depth - 1).members.put(rule.name, rule);
            }
            path.subList(depth, path.size()).clear();
            path.add(rule);
        }
    }

    private static List<String> lines() {
        try (InputStream in = FakeRules.class.getResourceAsStream("/managed/flink-api.txt");
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<String> lines = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Refuses what the service would refuse before it looks at any application. */
    void check(String operation, JsonNode body) {
        Rule rule = operations.get(operation);
        if (rule == null) {
            throw new FakeError("UnknownOperationException", operation);
        }
        rule.check(operation, body);
    }

    /** One line of the table, and the lines below it. */
    private static final class Rule {

        final String name;
        final boolean required;
        final String type;
        final Map<String, Rule> members = new LinkedHashMap<>();
        long least;
        long most = Long.MAX_VALUE;
        String form = "";
        List<String> choice = List.of();

        Rule(String[] words) {
            required = words[0].endsWith("!");
            name = required ? words[0].substring(0, words[0].length() - 1) : words[0];
            type = words[1];
            for (int i = 2; i < words.length; i++) {
                int dots = words[i].indexOf("..");
                if (dots > 0 && Character.isDigit(words[i].charAt(0))) {
                    least = Long.parseLong(words[i].substring(0, dots));
                    String end = words[i].substring(dots + 2);
                    most = end.isEmpty() ? Long.MAX_VALUE : Long.parseLong(end);
                } else if (words[i].contains("|")) {
                    choice = List.of(words[i].split("\\|"));
                } else {
                    form = words[i];
                }
            }
        }

        void check(String path, JsonNode value) {
            switch (type) {
                case "structure":
                    demand(value.isObject(), path, value, "an object");
                    structure(path, value);
                    break;
                case "list":
                    demand(value.isArray(), path, value, "a list");
                    size(path, value.size(), "length");
                    for (JsonNode element : value) {
                        members.get("[]").check(path + "[]", element);
                    }
                    break;
                case "map":
                    demand(value.isObject(), path, value, "a map");
                    size(path, value.size(), "length");
                    for (Iterator<String> keys = value.fieldNames(); keys.hasNext(); ) {
                        String key = keys.next();
                        members.get("key").text(path + ".key", key);
                        members.get("value").check(path + "." + key, value.get(key));
                    }
                    break;
                case "long":
                    demand(value.isIntegralNumber(), path, value, "a whole number");
                    size(path, value.asLong(), "value");
                    break;
                case "timestamp":
                    demand(value.isNumber(), path, value, "a time");
                    break;
                case "boolean":
                    demand(value.isBoolean(), path, value, "true or false");
                    break;
                default:
                    demand(value.isTextual(), path, value, "a string");
                    text(path, value.asText());
            }
        }

        private void structure(String path, JsonNode value) {
            for (Rule member : members.values()) {
                if (value.hasNonNull(member.name)) {
                    member.check(path + "." + member.name, value.get(member.name));
                } else if (member.required) {
                    throw invalid(path, "Missing required member " + member.name);
                }
            }
            for (Iterator<String> keys = value.fieldNames(); keys.hasNext(); ) {
                String key = keys.next();
                if (!members.containsKey(key)) {
                    throw invalid(path, "Unknown member " + key);
                }
            }
        }

        private void text(String path, String value) {
            size(path, value.length(), "length");
            if (!form.isEmpty() && !value.matches(form)) {
                throw invalid(path, "Member must satisfy regular expression pattern: " + form);
            }
            if (!choice.isEmpty() && !choice.contains(value)) {
                throw invalid(path, "Member must satisfy enum value set: " + choice);
            }
        }

        private void size(String path, long size, String what) {
            if (size < least) {
                throw invalid(path, "Member must have " + what + " of at least " + least);
            }
            if (size > most) {
                throw invalid(path, "Member must have " + what + " of at most " + most);
            }
        }

        private static void demand(boolean holds, String path, JsonNode value, String what) {
            if (!holds) {
                throw invalid(path, "Expected " + what + " instead of " + value.getNodeType());
            }
        }

        private static FakeError invalid(String path, String why) {
            return new FakeError(
                    "InvalidArgumentException",
                    "1 validation error detected: Value at '"
                            + path
                            + "' failed to satisfy constraint: "
                            + why);
        }
    }
}
