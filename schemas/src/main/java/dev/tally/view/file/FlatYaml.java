package dev.tally.view.file;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A YAML file of settings: maps in maps are keys with dots, as Flink writes them. */
public final class FlatYaml {

    private final Map<String, String> settings = new TreeMap<>();
    private final Mistakes mistakes = new Mistakes();

    private FlatYaml() {}

    /**
     * @param file what messages call it
     * @param variables gives the value of <code>${NAME}</code>, or null if it is not set
     * @return texts by key; keys without a value are left out
     * @throws ViewsFileException with all mistakes, and without values
     */
    public static Map<String, String> read(
            String file, String text, UnaryOperator<String> variables) throws ViewsFileException {
        FlatYaml reading = new FlatYaml();
        if (!text.isBlank()) {
            Yaml yaml = new YamlReader(variables, reading.mistakes).read(text);
            if (yaml != null) {
                reading.flatten("", yaml);
            }
        }
        if (!reading.mistakes.isEmpty()) {
            throw new ViewsFileException(file, reading.mistakes.inOrder());
        }
        return reading.settings;
    }

    private void flatten(String key, Yaml node) {
        switch (node.kind()) {
            case MAP:
                String before = key.isEmpty() ? "" : key + ".";
                node.fields().forEach((name, value) -> flatten(before + name, value));
                return;
            case NULL:
                return;
            case LIST:
                mistakes.add(node, "a setting is one value, not a list");
                return;
            default:
                set(key, node);
        }
    }

    private void set(String key, Yaml node) {
        if (key.isEmpty()) {
            mistakes.add(node, "the file is no map of settings. Write key: value");
        } else if (settings.put(key, node.text()) != null) {
            mistakes.add(node, "the key '" + key + "' is here already. Remove one of the two");
        }
    }
}
