package dev.tally.view.file;

import dev.tally.view.file.Yaml.Kind;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML 1.2 by its core schema: {@code NO} and {@code on} are text; so is {@code 012}, that a
 * name with zeros in front stays one. <code>${NAME}</code> in a scalar is replaced before it is
 * read, so that it may be a number; <code>$${NAME}</code> stays as text.
 */
final class YamlReader {

    private static final int DEPTH_MAX = 64;

    /** With what aliases repeat: a few lines of them can stand for more than memory holds. */
    private static final int NODES_MAX = 100_000;

    /** DynamoDB's numbers have 130 digits at most before the point, and as many behind it. */
    private static final int NUMBER_LENGTH_MAX = 400;

    private static final Set<Tag> TAGS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.MAP, Tag.SEQ, Tag.ENV_TAG);

    private static final Pattern NULL = Pattern.compile("~|null|Null|NULL|");
    private static final Pattern BOOL = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern NUMBER =
            Pattern.compile(
                    "0x[0-9a-fA-F]+|0o[0-7]+"
                            + "|[-+]?(\\.[0-9]+|(0|[1-9][0-9]*)(\\.[0-9]*)?)"
                            + "([eE][-+]?[0-9]{1,9})?");
    private static final Pattern VARIABLE =
            Pattern.compile("\\$?\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_.-]*)}|(?<open>\\$\\{)");

    private final UnaryOperator<String> variables;
    private final Mistakes mistakes;
    private int nodes;

    /**
     * @param variables gives the value of a name, or null
     */
    YamlReader(UnaryOperator<String> variables, Mistakes mistakes) {
        this.variables = variables;
        this.mistakes = mistakes;
    }

    /** Null if nothing can be read; the mistakes say why. */
    Yaml read(String text) {
        String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
        LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
        try {
            Optional<Mark> tooDeep = tooDeep(new Parse(settings).parseString(withoutMark));
            if (tooDeep.isPresent()) {
                Mark mark = tooDeep.get();
                mistakes.add(mark.getLine() + 1, mark.getColumn() + 1, "this is nested too deep");
                return null;
            }
            Iterator<Node> documents =
                    new Compose(settings).composeAllFromString(withoutMark).iterator();
            if (!documents.hasNext()) {
                mistakes.add(1, 1, "the file is empty. It needs tables, and views or feeds");
                return null;
            }
            Yaml first = read(documents.next(), 0);
            if (documents.hasNext()) {
                Yaml second = read(documents.next(), 0);
                mistakes.add(second, "a second document begins. A views.yaml is one, without ---");
            }
            return first;
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            mistakes.add(
                    mark.map(m -> m.getLine() + 1).orElse(1),
                    mark.map(m -> m.getColumn() + 1).orElse(1),
                    "this is no YAML: "
                            + e.getProblem()
                            + ". Look at indents and colons, and for ${…} without quotes in { }");
        } catch (YamlEngineException e) {
            mistakes.add(1, 1, "this is no YAML: " + e.getMessage());
        }
        return null;
    }

    /** Where lists and maps nest deeper than what comes after could bear. */
    private static Optional<Mark> tooDeep(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof CollectionStartEvent && ++depth > DEPTH_MAX) {
                return event.getStartMark();
            }
            depth -= event instanceof CollectionEndEvent ? 1 : 0;
        }
        return Optional.empty();
    }

    private Yaml read(Node node, int depth) {
        int line = node.getStartMark().map(m -> m.getLine() + 1).orElse(1);
        int column = node.getStartMark().map(m -> m.getColumn() + 1).orElse(1);
        if (depth > DEPTH_MAX || node.isRecursive()) {
            mistakes.add(line, column, "this is nested too deep, or in itself by an alias");
            return new Yaml(Kind.NULL, line, column, "");
        }
        if (++nodes > NODES_MAX) {
            if (nodes == NODES_MAX + 1) {
                mistakes.add(line, column, "the file is too long from here, with its aliases");
            }
            return new Yaml(Kind.NULL, line, column, "");
        }
        if (!TAGS.contains(node.getTag())) {
            mistakes.add(line, column, "the tag " + node.getTag() + " is not read. Leave it out");
        }
        if (node instanceof ScalarNode) {
            return scalar((ScalarNode) node, line, column);
        }
        if (node instanceof SequenceNode) {
            Yaml list = new Yaml(Kind.LIST, line, column, null);
            ((SequenceNode) node).getValue().forEach(n -> list.add(read(n, depth + 1)));
            return list;
        }
        return map((MappingNode) node, new Yaml(Kind.MAP, line, column, null), depth);
    }

    private Yaml map(MappingNode node, Yaml map, int depth) {
        for (NodeTuple tuple : node.getValue()) {
            Yaml key = read(tuple.getKeyNode(), depth + 1);
            Yaml value = read(tuple.getValueNode(), depth + 1);
            if (key.text() == null) {
                mistakes.add(key, "a key is text, not " + key.kind());
            } else if (!map.put(key, value)) {
                mistakes.add(
                        key,
                        "the key '"
                                + key.text()
                                + "' is here already, in line "
                                + map.key(key.text()).line()
                                + ". Remove one of the two");
            }
        }
        return map;
    }

    private Yaml scalar(ScalarNode node, int line, int column) {
        String text = replaced(node.getValue(), line, column);
        boolean replaced = !text.equals(node.getValue());
        boolean isText = !node.isPlain() || (!replaced && node.getTag().equals(Tag.STR));
        return new Yaml(isText ? Kind.TEXT : kind(text), line, column, text);
    }

    private static Kind kind(String text) {
        if (NULL.matcher(text).matches()) {
            return Kind.NULL;
        }
        if (BOOL.matcher(text).matches()) {
            return Kind.BOOL;
        }
        return isNumber(text) ? Kind.NUMBER : Kind.TEXT;
    }

    static boolean isNumber(String text) {
        return text.length() <= NUMBER_LENGTH_MAX && NUMBER.matcher(text).matches();
    }

    private String replaced(String text, int line, int column) {
        if (!text.contains("${")) {
            return text;
        }
        Matcher variable = VARIABLE.matcher(text);
        StringBuilder replaced = new StringBuilder();
        while (variable.find()) {
            String value = variable.group();
            String name = variable.group("name");
            if (name == null) {
                mistakes.addUnreadable(line, column, "'${' begins no variable. Write ${NAME}");
            } else if (value.startsWith("$$")) {
                value = value.substring(1);
            } else if (variables.apply(name) == null) {
                mistakes.addUnreadable(
                        line,
                        column,
                        "the variable "
                                + name
                                + " is not set. Set it in the environment or the properties, or"
                                + " write $${"
                                + name
                                + "} for the text itself");
            } else {
                value = variables.apply(name);
            }
            variable.appendReplacement(replaced, Matcher.quoteReplacement(value));
        }
        return variable.appendTail(replaced).toString();
    }
}
