package dev.tally.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AttributePathTest {

    private static final Value CITY = Value.text("Bonn");
    private static final Item ITEM =
            Item.of(
                    Map.of(
                            "City",
                            CITY,
                            "Address",
                            Value.map(Map.of("City", CITY, "a.b", CITY)),
                            "Lines",
                            Value.list(List.of(Value.map(Map.of("City", CITY)), CITY)),
                            "Tags",
                            Value.textSet("Bonn"),
                            "a.b",
                            CITY,
                            "a[0]",
                            CITY));

    static Stream<Arguments> paths() {
        return Stream.of(
                Arguments.of("City", List.of("City"), true),
                Arguments.of("Address.City", List.of("Address", "City"), true),
                Arguments.of("Address[\"City\"]", List.of("Address", "City"), true),
                Arguments.of("[\"a.b\"]", List.of("a.b"), true),
                Arguments.of("[\"a[0]\"]", List.of("a[0]"), true),
                Arguments.of("Address[\"a.b\"]", List.of("Address", "a.b"), true),
                Arguments.of("Lines[1]", List.of("Lines", 1), true),
                Arguments.of("Lines[0].City", List.of("Lines", 0, "City"), true),
                Arguments.of("Lines[2]", List.of("Lines", 2), false),
                Arguments.of("a.b", List.of("a", "b"), false),
                Arguments.of("a[0]", List.of("a", 0), false),
                Arguments.of("City.Name", List.of("City", "Name"), false),
                Arguments.of("City[0]", List.of("City", 0), false),
                Arguments.of("Tags[0]", List.of("Tags", 0), false),
                Arguments.of("Lines.City", List.of("Lines", "City"), false),
                Arguments.of("Street", List.of("Street"), false),
                Arguments.of("Straße mit Zeichen #%", List.of("Straße mit Zeichen #%"), false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("paths")
    void leadsIntoAnItem(String text, List<Object> parts, boolean isThere) {
        AttributePath path = AttributePath.parse(text);

        assertThat(path.parts()).isEqualTo(parts);
        assertThat(path.attribute()).isEqualTo(parts.get(0));
        assertThat(path.in(ITEM)).isEqualTo(isThere ? CITY : null);
        assertThat(AttributePath.parse(path.toString())).isEqualTo(path);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``         | 1 | a name in it is empty",
                ".a         | 1 | a name in it is empty",
                "a..b       | 1 | a name in it is empty",
                "a.         | 3 | it ends with a dot",
                "[0].a      | 1 | it must start with an attribute's name",
                "a[         | 2 | [ needs a list index and ], or [\"name\"]",
                "a[x]       | 2 | [ needs a list index and ], or [\"name\"]",
                "a[-1]      | 2 | [ needs a list index and ], or [\"name\"]",
                "a[1234567] | 2 | [ needs a list index and ], or [\"name\"]",
                "a[\"b]     | 2 | [\" is not closed by \"]",
                "a[\"\"]    | 1 | a name in it is empty",
            })
    void refusesWhatIsNoPath(String text, int character, String why) {
        assertThatThrownBy(() -> AttributePath.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "cannot read the attribute path '"
                                + text
                                + "' at character "
                                + character
                                + ": "
                                + why);
    }

    @Test
    void isNoDeeperThanItems() {
        String deepest = IntStream.range(0, 32).mapToObj(i -> "a").collect(Collectors.joining("."));

        assertThat(AttributePath.parse(deepest).parts()).hasSize(32);
        assertThatThrownBy(() -> AttributePath.parse(deepest + ".a"))
                .hasMessageEndingWith("DynamoDB nests at most 32 deep");
    }

    @Test
    void aNameIsAPathWhateverItHolds() {
        AttributePath path = AttributePath.ofName("a.b");

        assertThat(path).isEqualTo(AttributePath.parse("[\"a.b\"]")).hasToString("[\"a.b\"]");
        assertThat(path.in(ITEM)).isEqualTo(CITY);
    }
}
