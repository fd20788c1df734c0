package dev.tally.view;

import static dev.tally.view.MembershipKit.item;
import static dev.tally.view.MembershipKit.key;
import static dev.tally.view.MembershipKit.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.AttributePath;
import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EachTest {

    private final MembershipKit kit = new MembershipKit();

    private final Membership byTag =
            MembershipKit.membership(null, KeySchema.of(key("Tags", Type.S)), MembershipKit.TAGS);

    static Stream<Arguments> elements() {
        Value a = Value.text("a");
        Value b = Value.text("b");
        return Stream.of(
                Arguments.of("set", Value.textSet("b", "a"), List.of(a, b), ""),
                Arguments.of("list", Value.list(List.of(b, a)), List.of(b, a), ""),
                Arguments.of("repeated", Value.list(List.of(a, b, a)), List.of(a, b), ""),
                Arguments.of(
                        "empty list",
                        Value.list(List.of()),
                        List.of(),
                        "GROUP_MISSING it is missing or NULL"),
                Arguments.of("missing", null, List.of(), "GROUP_MISSING it is missing or NULL"),
                Arguments.of(
                        "an element NULL",
                        Value.list(List.of(a, Value.NULL)),
                        List.of(a),
                        "GROUP_MISSING it is missing or NULL"),
                Arguments.of(
                        "an element unusable",
                        Value.list(List.of(Value.TRUE, a, Value.number(7))),
                        List.of(a),
                        "GROUP_UNUSABLE it is a BOOL, a key is S, N or B;"
                                + " GROUP_UNUSABLE it is a N, the key attribute is Tags (S)"),
                Arguments.of(
                        "no list",
                        a,
                        List.of(),
                        "GROUP_UNUSABLE it is a S, 'each' takes lists and sets"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void elements(String name, Value tags, List<Value> expected, String problem) {
        Item item = tags == null ? Item.EMPTY : item("Tags", tags);

        List<Value> found =
                kit.groups(byTag, item).stream().map(v -> v.get(0)).collect(Collectors.toList());

        assertThat(found).isEqualTo(expected);
        assertThat(kit.shortProblems()).isEqualTo(problem);
    }

    @Test
    void emptyAndMissingListsAreKeptIfAsked() {
        Grouping kept = new Grouping(AttributePath.parse("Tags"), true, "(none)");
        Membership membership =
                MembershipKit.membership(null, KeySchema.of(key("Tags", Type.S)), kept);

        assertThat(kit.groups(membership, Item.EMPTY)).hasSize(1);
        assertThat(kit.groups(membership, item("Tags", Value.list(List.of())))).hasSize(1);
    }

    @Test
    void severalMakeEachPair() {
        KeySchema key = KeySchema.of(key("Tags", Type.S), key("Sizes", Type.N));
        Membership membership =
                MembershipKit.membership(
                        null, key, MembershipKit.TAGS, new Grouping(path("Sizes"), true, null));
        Item item =
                item("Tags", Value.textSet("a", "b"))
                        .with("Sizes", Value.list(List.of(Value.number(1), Value.number(2))));

        assertThat(kit.groups(membership, item))
                .containsExactly(
                        List.of(Value.text("a"), Value.number(1)),
                        List.of(Value.text("a"), Value.number(2)),
                        List.of(Value.text("b"), Value.number(1)),
                        List.of(Value.text("b"), Value.number(2)));
    }

    @Test
    void anItemInTooManyGroupsIsInNone() {
        KeySchema key = KeySchema.of(key("Tags", Type.N), key("Sizes", Type.N));
        Membership membership =
                MembershipKit.membership(
                        null, key, MembershipKit.TAGS, new Grouping(path("Sizes"), true, null));
        Item item = item("Tags", numbers(100)).with("Sizes", numbers(101));

        assertThat(kit.groups(membership, item.with("Sizes", numbers(100)))).hasSize(10_000);
        assertThat(kit.groups(membership, item)).isEmpty();
        assertThat(kit.problems())
                .containsExactly(
                        "GROUP_UNUSABLE cannot group by attribute Sizes in view 'v':"
                                + " the item would be in 10100 groups, the limit is 10000");
    }

    private Value numbers(int count) {
        return Value.list(
                IntStream.range(0, count).mapToObj(Value::number).collect(Collectors.toList()));
    }
}
