package dev.tally.view;

import static dev.tally.view.MembershipKit.by;
import static dev.tally.view.MembershipKit.item;
import static dev.tally.view.MembershipKit.key;
import static dev.tally.view.MembershipKit.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyMappingTest {

    private final MembershipKit kit = new MembershipKit();

    private final KeySchema key = KeySchema.of(key("PK", Type.S), key("SK", Type.S));

    static Stream<Arguments> templates() {
        return Stream.of(
                Arguments.of("LIST#{ListId}", Value.text("a"), Value.text("LIST#a")),
                Arguments.of("LIST#{ListId}", Value.text("a#b%"), Value.text("LIST#a%23b%25")),
                Arguments.of("LIST#{ListId}", Value.number("1.50"), Value.text("LIST#1.5")),
                Arguments.of("LIST#{ListId}", Value.text("1.5"), Value.text("LIST#1.5")),
                Arguments.of("{ListId}", Value.text("a#b%"), Value.text("a#b%")),
                Arguments.of("<{ListId}>", Value.text("<é>"), Value.text("<%3Cé%3E>")),
                Arguments.of("é→{ListId}", Value.text("é→"), Value.text("é→é%E2%86%92")),
                Arguments.of("LIST{ListId}S", Value.text("S#"), Value.text("LISTS#S")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void templates(String template, Value listId, Value expected) {
        Membership membership =
                MembershipKit.membership(Map.of("PK", template, "SK", "COUNT"), key, by("ListId"));

        assertThat(kit.groups(membership, item("ListId", listId)))
                .containsExactly(List.of(expected, Value.text("COUNT")));
    }

    @Test
    void differentGroupsNeverShareAKey() {
        Membership membership =
                MembershipKit.membership(
                        Map.of("PK", "{A}#{B}#", "SK", "0"), key, by("A"), by("B"));
        List<String> pieces = List.of("#", "%", "%23", "2", "3", "25");
        Set<String> texts = new TreeSet<>(pieces);
        for (String first : pieces) {
            for (String second : pieces) {
                texts.add(first + second);
            }
        }
        List<List<Value>> keys = new ArrayList<>();
        for (String a : texts) {
            for (String b : texts) {
                Item item = item("A", Value.text(a)).with("B", Value.text(b));
                keys.addAll(kit.groups(membership, item));
            }
        }

        assertThat(keys).doesNotHaveDuplicates().hasSize(texts.size() * texts.size());
    }

    @Test
    void aPlainPlaceKeepsTheType() {
        KeySchema numbers = KeySchema.of(key("PK", Type.N));
        Membership membership =
                MembershipKit.membership(Map.of("PK", "{ListId}"), numbers, by("ListId"));

        assertThat(kit.groups(membership, item("ListId", Value.number(7))))
                .containsExactly(List.of(Value.number(7)));
        assertThat(kit.groups(membership, item("ListId", Value.text("7")))).isEmpty();
        assertThat(kit.shortProblems())
                .isEqualTo("GROUP_UNUSABLE it is a S, the key attribute is PK (N)");
    }

    @Test
    void bytesCannotBeText() {
        Membership membership =
                MembershipKit.membership(Map.of("PK", "X#{ListId}", "SK", "0"), key, by("ListId"));

        assertThat(kit.groups(membership, item("ListId", Value.binary(new byte[] {1})))).isEmpty();
        assertThat(kit.problems())
                .containsExactly(
                        "GROUP_UNUSABLE cannot make a row's key of [ListId] in view 'v':"
                                + " a B cannot be written into the template 'X#{ListId}'");
    }

    @Test
    void groupsThatGetOneKeyAreOneGroup() {
        Membership membership =
                MembershipKit.membership(
                        Map.of("PK", "TAG#{Tags}", "SK", "0"), key, MembershipKit.TAGS);
        Value tags = Value.list(List.of(Value.text("7"), Value.number(7)));

        assertThat(kit.groups(membership, item("Tags", tags))).hasSize(1);
    }

    static Stream<Arguments> misfits() {
        KeySchema list = KeySchema.of(key("ListId", Type.S));
        KeySchema number = KeySchema.of(key("PK", Type.N));
        KeySchema text = KeySchema.of(key("PK", Type.S));
        return Stream.of(
                Arguments.of(
                        null,
                        KeySchema.of(key("Id", Type.S)),
                        "the table's key is [Id (S)], the view is grouped by [ListId]. Map one"
                                + " to the other with key, like key: { Id: '{ListId}' }"),
                Arguments.of(
                        Map.of("PK", "LIST#{ListId}"),
                        number,
                        "the template 'LIST#{ListId}' makes text, its key attribute is PK (N);"
                                + " the view's key leaves out [ListId]: groups would share rows"),
                Arguments.of(
                        Map.of("PK", "{Status}"),
                        text,
                        "the template '{Status}' names Status, the view is grouped by [ListId];"
                                + " the view's key leaves out [ListId]: groups would share rows"),
                Arguments.of(
                        Map.of("ListId", "{ListId}", "SK", "0"),
                        list,
                        "the view's key names SK, the table's key is [ListId (S)]"));
    }

    @ParameterizedTest
    @MethodSource
    void misfits(Map<String, String> mapping, KeySchema table, String reason) {
        assertThatThrownBy(() -> MembershipKit.membership(mapping, table, by("ListId")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot write view 'v' to table 'target': " + reason);
    }

    @Test
    void whatIsMissingNeedsAKeyOfText() {
        Grouping kept = new Grouping(path("Year"), false, "(none)");
        KeySchema year = KeySchema.of(key("Year", Type.N));

        assertThatThrownBy(() -> MembershipKit.membership(null, year, kept))
                .hasMessage(
                        "cannot write view 'v' to table 'target': 'missing' of Year is text, its"
                                + " key attribute is Year (N). Leave 'missing' out, or write to a"
                                + " key attribute of type S");
        assertThatThrownBy(() -> MembershipKit.membership(Map.of("Year", "{Year}"), year, kept))
                .hasMessageContaining("'missing' of Year is text");
    }

    static Stream<Arguments> unreadable() {
        return Stream.of(
                Arguments.of("", "a key cannot be empty text"),
                Arguments.of("LIST#{ListId", "the { is not closed by a }"),
                Arguments.of(
                        "{A}{B}",
                        "nothing separates two places, so that different groups could get one"
                                + " key. Put a separator such as # between them"),
                Arguments.of(
                        "{A}25{B}",
                        "the text between two places begins with '2'. Begin it with a"
                                + " separator such as #, no letter, digit or %"));
    }

    @ParameterizedTest
    @MethodSource
    void unreadable(String template, String reason) {
        assertThatThrownBy(() -> KeyTemplate.parse(template))
                .hasMessage("cannot read the key template '" + template + "': " + reason);
    }
}
