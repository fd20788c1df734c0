package dev.tally.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A CloudFormation template as maps, lists and texts. {@code !Sub x} is the map {@code {!Sub: x}}.
 */
final class TemplateYaml {

    private TemplateYaml() {}

    /**
     * @throws RuntimeException if it is no YAML, or a key stands twice
     */
    @SuppressWarnings("unchecked")
    static Map<String, Object> read(String template) {
        Node root = new Compose(LoadSettings.builder().build()).composeString(template).get();
        return (Map<String, Object>) value(root);
    }

    private static Object value(Node node) {
        String tag = node.getTag().getValue();
        Object plain = plain(node);
        return tag.startsWith("!") ? Map.of(tag, plain) : plain;
    }

    private static Object plain(Node node) {
        if (node instanceof ScalarNode) {
            return ((ScalarNode) node).getValue();
        }
        if (node instanceof SequenceNode) {
            List<Object> list = new ArrayList<>();
            ((SequenceNode) node).getValue().forEach(element -> list.add(value(element)));
            return list;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        for (NodeTuple entry : ((MappingNode) node).getValue()) {
            String key = ((ScalarNode) entry.getKeyNode()).getValue();
            if (map.put(key, value(entry.getValueNode())) != null) {
                throw new IllegalArgumentException(key + " stands twice");
            }
        }
        return map;
    }

    /** What is at a path of keys; a list of one is as good as what is in it. */
    @SuppressWarnings("unchecked")
    static <T> T at(Object from, String... path) {
        Object here = from;
        for (String key : path) {
            here = here instanceof List ? ((List<Object>) here).get(0) : here;
            here = ((Map<String, Object>) here).get(key);
        }
        return (T) here;
    }

    /** Where one or several may stand. */
    @SuppressWarnings("unchecked")
    static List<Object> several(Object value) {
        return value instanceof List ? (List<Object>) value : List.of(value);
    }
}
