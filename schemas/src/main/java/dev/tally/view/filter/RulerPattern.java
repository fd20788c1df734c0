package dev.tally.view.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tally.item.Value;
import java.io.IOException;
import java.util.Base64;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;

/** A matcher of text that AWS's own ruler decides: prefix, suffix, wildcard and the like. */
final class RulerPattern implements LeafPattern.Scalar {

    private static final String FIELD = "v";
    private static final String RULE = "matches";

    private final Machine machine = Machine.builder().build();

    /**
     * @param matcher as JSON: <code>{"prefix":"a"}</code>
     */
    RulerPattern(String matcher) {
        try {
            machine.addRule(RULE, rule(matcher));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot compile " + matcher + ": " + mistake(matcher), e);
        }
    }

    private static String rule(String matcher) {
        return "{\"" + FIELD + "\":[" + matcher + "]}";
    }

    /** What the ruler finds wrong with a matcher, or null. */
    static String mistake(String matcher) {
        String mistake = JsonRuleCompiler.check(rule(matcher));
        return mistake == null ? null : mistake.split("\n| at \\[Source")[0].trim();
    }

    @Override
    public boolean matches(Value value) {
        JsonNode event = JsonNodeFactory.instance.objectNode().set(FIELD, json(value));
        return !machine.rulesForJSONEvent(event).isEmpty();
    }

    private static JsonNode json(Value value) {
        switch (value.type()) {
            case S:
                return TextNode.valueOf(value.asText());
            case B:
                return TextNode.valueOf(Base64.getEncoder().encodeToString(value.asBytes()));
            case N:
                /* Matchers of text ask no more of a number than that it is none. */
                return IntNode.valueOf(0);
            case BOOL:
                return BooleanNode.valueOf(value.asBool());
            default:
                return NullNode.instance;
        }
    }
}
