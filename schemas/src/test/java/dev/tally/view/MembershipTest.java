package dev.tally.view;

import static dev.tally.view.MembershipKit.by;
import static dev.tally.view.MembershipKit.item;
import static dev.tally.view.MembershipKit.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.AttributePath;
import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MembershipTest {

    private final MembershipKit kit = new MembershipKit();

    private final Grouping list = by("ListId");

    @Test
    void noGroupByIsOneGroup() {
        Membership all =
                MembershipKit.membership(Map.of("PK", "ALL"), KeySchema.of(key("PK", Type.S)));

        assertThat(kit.groups(all, Item.EMPTY)).containsExactly(List.of(Value.text("ALL")));
    }

    @Test
    void noItemIsInNoGroup() {
        assertThat(MembershipKit.membership(null, MembershipKit.LIST, list).of(null, kit::note))
                .isEmpty();
        assertThat(kit.problems()).isEmpty();
    }

    static Stream<Arguments> oneAttribute() {
        return Stream.of(
                Arguments.of("text", Value.text("a"), true, ""),
                Arguments.of("missing", null, false, "GROUP_MISSING it is missing or NULL"),
                Arguments.of("NULL", Value.NULL, false, "GROUP_MISSING it is missing or NULL"),
                Arguments.of("empty", Value.text(""), false, "GROUP_UNUSABLE it is an empty S"),
                Arguments.of(
                        "no bytes",
                        Value.binary(new byte[0]),
                        false,
                        "GROUP_UNUSABLE it is an empty B"),
                Arguments.of(
                        "bool",
                        Value.TRUE,
                        false,
                        "GROUP_UNUSABLE it is a BOOL, a key is S, N or B"),
                Arguments.of(
                        "map",
                        Value.map(Map.of()),
                        false,
                        "GROUP_UNUSABLE it is a M, a key is S, N or B"),
                Arguments.of(
                        "set without each",
                        Value.textSet("a"),
                        false,
                        "GROUP_UNUSABLE it is a SS, a key is S, N or B"),
                Arguments.of(
                        "another type than the key",
                        Value.number(1),
                        false,
                        "GROUP_UNUSABLE it is a N, the key attribute is ListId (S)"),
                Arguments.of("as long as a key may be", Value.text(MembershipKit.LONG), true, ""),
                Arguments.of(
                        "too long",
                        Value.text(MembershipKit.LONG + "x"),
                        false,
                        "GROUP_UNUSABLE ListId would have more than 2048 bytes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void oneAttribute(String name, Value value, boolean isGroup, String problem) {
        Item item = value == null ? Item.EMPTY : Item.of(Map.of("ListId", value));

        List<List<Value>> found =
                kit.groups(MembershipKit.membership(null, MembershipKit.LIST, list), item);

        assertThat(found).isEqualTo(isGroup ? List.of(List.of(value)) : List.of());
        assertThat(kit.shortProblems()).isEqualTo(problem);
    }

    @Test
    void equalNumbersAreOneGroup() {
        Membership byPrice =
                MembershipKit.membership(null, KeySchema.of(key("Price", Type.N)), by("Price"));

        assertThat(kit.groups(byPrice, item("Price", Value.number("1.0"))))
                .isEqualTo(kit.groups(byPrice, item("Price", Value.number(1))));
    }

    @Test
    void missingHasItsOwnGroupIfAsked() {
        Grouping kept = new Grouping(AttributePath.parse("ListId"), false, "(none)");
        Membership byList = MembershipKit.membership(null, MembershipKit.LIST, kept);

        assertThat(kit.groups(byList, Item.EMPTY)).containsExactly(List.of(Value.text("(none)")));
        assertThat(kit.groups(byList, item("ListId", Value.NULL)))
                .containsExactly(List.of(Value.text("(none)")));
        assertThat(kit.problems()).isEmpty();
    }

    @Test
    void severalAttributesMakeOneGroupOfTheirValues() {
        KeySchema key = KeySchema.of(key("ListId", Type.S), key("Year", Type.N));
        Membership membership = MembershipKit.membership(null, key, list, by("Due.Year"));
        Item due = item("Due", Value.map(Map.of("Year", Value.number(2026))));

        assertThat(kit.groups(membership, due.with("ListId", Value.text("a"))))
                .containsExactly(List.of(Value.text("a"), Value.number(2026)));
        assertThat(kit.groups(membership, due)).isEmpty();
        assertThat(kit.shortProblems()).isEqualTo("GROUP_MISSING it is missing or NULL");
    }

    @Test
    void sortKeysAreShorter() {
        KeySchema key = KeySchema.of(key("ListId", Type.S), key("Status", Type.S));
        Membership membership = MembershipKit.membership(null, key, list, by("Status"));

        Item item = item("ListId", Value.text(MembershipKit.LONG));
        assertThat(
                        kit.groups(
                                membership,
                                item.with(
                                        "Status", Value.text(MembershipKit.LONG.substring(1024)))))
                .hasSize(1);
        assertThat(kit.groups(membership, item.with("Status", Value.text(MembershipKit.LONG))))
                .isEmpty();
        assertThat(kit.shortProblems())
                .isEqualTo("GROUP_UNUSABLE Status would have more than 1024 bytes");
    }

    @Test
    void rowsOfAStreamAreGroupedByTheirOwnValues() {
        Membership membership =
                MembershipKit.membership(null, null, list, by("Status"), by("Effort"));
        Item item =
                item("ListId", Value.text("a"))
                        .with("Status", Value.text("open"))
                        .with("Effort", Value.number(3));

        assertThat(kit.groups(membership, item))
                .containsExactly(List.of(Value.text("a"), Value.text("open"), Value.number(3)));
    }
}
