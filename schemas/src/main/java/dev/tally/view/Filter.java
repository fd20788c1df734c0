package dev.tally.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tally.item.Item;
import dev.tally.view.filter.PatternMistake;
import dev.tally.view.filter.PatternParser;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A {@code where}: an EventBridge pattern over the plain item.
 *
 * <p>Ships as the pattern's text; compiled at the first use on each side. Maps are matched by their
 * fields, lists and sets if one element matches, B as its Base64 text. A name in the pattern is an
 * attribute of exactly that name, dots and all, or a path.
 */
public final class Filter implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private final String text;

    /** Made of the text alone, so that two threads may both make it. */
    private transient volatile PatternParser parsed;

    private Filter(String text) {
        this.text = text;
    }

    /**
     * @param tree maps, lists, strings, numbers, booleans and nulls
     * @throws IllegalArgumentException with all that is wrong with the pattern
     */
    public static Filter of(Map<String, ?> tree) {
        try {
            return parse(JSON.writeValueAsString(tree));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot write a pattern as JSON", e);
        }
    }

    /**
     * @param json the pattern as EventBridge takes it
     * @throws IllegalArgumentException with all that is wrong with the pattern
     */
    public static Filter parse(String json) {
        Filter filter = new Filter(json);
        StringJoiner mistakes = new StringJoiner("; ");
        for (PatternMistake mistake : filter.parsed().mistakes()) {
            mistakes.add("at " + mistake.place() + ": " + mistake.message());
        }
        if (mistakes.length() > 0) {
            throw new IllegalArgumentException("cannot read the pattern " + json + ": " + mistakes);
        }
        return filter;
    }

    private PatternParser parsed() {
        PatternParser result = parsed;
        if (result == null) {
            try {
                result = new PatternParser(JSON.readValue(text, Object.class));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(
                        "cannot read the pattern " + text + ": it is no JSON", e);
            }
            parsed = result;
        }
        return result;
    }

    public boolean matches(Item item) {
        return parsed().pattern().matches(item::get);
    }

    /** Names of the top-level attributes that it may read. */
    public Set<String> attributes() {
        return parsed().attributes();
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Filter && ((Filter) o).text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The pattern as JSON; it comes from a views.yaml, not from an item. */
    @Override
    public String toString() {
        return text;
    }
}
