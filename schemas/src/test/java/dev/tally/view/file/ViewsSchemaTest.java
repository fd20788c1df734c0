package dev.tally.view.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.tally.view.FeedSpec;
import dev.tally.view.TableSpec;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import dev.tally.view.filter.PatternParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The schema for editors and the parser know the same keys and words. Whatever file the parser's
 * tests find right, the schema must find right too: {@link ViewsFileTest} asks it each time.
 */
class ViewsSchemaTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What the schema says against a file; nothing if it is right. */
    static Set<ValidationMessage> validate(String text, UnaryOperator<String> variables) {
        Object tree = new YamlReader(variables, new Mistakes()).read(text).tree();
        return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(schema())
                .validate(MAPPER.valueToTree(tree));
    }

    private static JsonNode schema() {
        try (InputStream in =
                ViewsSchemaTest.class.getResourceAsStream("/schema/views.schema.json")) {
            return MAPPER.readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the schema of views.yaml", e);
        }
    }

    static Stream<Arguments> sections() {
        return Stream.of(
                Arguments.of("", ViewsFile.KEYS),
                Arguments.of("/$defs/table", TableParser.KEYS),
                Arguments.of("/$defs/table/properties/scan", TableParser.SCAN_KEYS),
                Arguments.of("/$defs/view", ViewParser.KEYS),
                Arguments.of("/$defs/grouping", GroupingParser.KEYS),
                Arguments.of("/$defs/measure", MeasureParser.KEYS),
                Arguments.of("/$defs/target", TargetParser.KEYS),
                Arguments.of("/$defs/feed", FeedParser.KEYS),
                Arguments.of("/$defs/feedTarget", FeedParser.TO_KEYS));
    }

    @ParameterizedTest(name = "at {0}")
    @MethodSource("sections")
    void everySectionHasTheKeysOfTheParser(String place, Collection<String> keys) {
        List<String> inSchema =
                schema().at(place + "/properties").properties().stream()
                        .map(property -> property.getKey())
                        .collect(Collectors.toList());

        assertThat(inSchema).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void everyMatcherIsOneOfTheParser() {
        PatternParser parser =
                new PatternParser(Map.of("A", List.of(Map.of("no-such-matcher", "x"))));

        List<String> inSchema =
                schema().at("/$defs/matcher/properties").properties().stream()
                        .map(property -> property.getKey())
                        .collect(Collectors.toList());

        assertThat(parser.mistakes().get(0).message())
                .isEqualTo(
                        "'no-such-matcher' is no matcher; these are: "
                                + String.join(", ", inSchema)
                                + ".");
    }

    static Stream<Arguments> choices() {
        return Stream.of(
                Arguments.of("table", "start", TableSpec.Start.values()),
                Arguments.of("table", "on-gap", TableSpec.OnGap.values()),
                Arguments.of("table", "reader", TableSpec.Reader.values()),
                Arguments.of("view", "removed-view", ViewSpec.RemovedView.values()),
                Arguments.of("target", "empty-group", Target.EmptyGroup.values()),
                Arguments.of("target", "freshness", Target.Freshness.values()),
                Arguments.of("target", "existing-rows", Target.ExistingRows.values()),
                Arguments.of("feed", "format", FeedSpec.Format.values()));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("choices")
    void everyChoiceHasTheWordsOfTheParser(String section, String key, Enum<?>[] choices) {
        JsonNode words = schema().at("/$defs/" + section + "/properties/" + key + "/enum");

        assertThat(words)
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(
                        Arrays.stream(choices)
                                .map(choice -> choice.name().toLowerCase().replace('_', '-'))
                                .collect(Collectors.toList()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ table: t, group-by: [L], measures: { N: count } }",
                "{ table: t, group-by: L, measures: { N: count }, to: { table: c } }",
                "{ table: t, group-by: [L], measures: { N: cuont }, to: { table: c } }",
                "{ table: t, group-by: [L], measures: { N: { sum: A, avg: B } },"
                        + " to: { table: c } }",
                "{ table: t, group-by: [L], measures: { N: { sum: A, type: S } },"
                        + " to: { table: c } }",
                "{ table: t, group-by: [L], measures: { _tally_n: count }, to: { table: c } }",
                "{ table: t, group-by: [L], measures: { N: count }, to: { table: c, stream: s } }",
                "{ table: t, group-by: [L], measures: { N: count }, to: { stream: s, guard: g } }",
                "{ table: t, group-by: [{ eech: L }], measures: { N: count }, to: { table: c } }",
                "{ table: t, group-by: [], measures: {}, to: { table: c }, where: { A: [1] } }",
                "{ table: t, group-by: [], measures: { N: count }, to: { table: c },"
                        + " where: { A: 1 } }",
                "{ table: t, group-by: [], measures: { N: count }, to: { table: c },"
                        + " where: { A: [{ prefx: x }] } }",
                "{ table: t, group-by: [], measures: { N: count }, to: { table: c },"
                        + " where: { eventName: [INSERT] } }",
            })
    void whatIsWrongByItsShapeIsWrongForBoth(String view) {
        String file = "tables: { t: { name: tasks } }\nviews: { v: " + view + " }";

        assertThat(validate(file, name -> null)).isNotEmpty();
        assertThat(ViewsFileMistakesTest.mistakesOf(file)).isNotNull();
    }

    @Test
    void theSchemaIsOne() {
        assertThat(
                        JsonSchemaFactory.getInstance(VersionFlag.V202012)
                                .getSchema(
                                        URI.create("https://json-schema.org/draft/2020-12/schema"))
                                .validate(schema()))
                .isEmpty();
    }
}
