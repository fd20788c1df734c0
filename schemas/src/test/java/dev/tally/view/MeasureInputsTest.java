package dev.tally.view;

import static dev.tally.view.MembershipKit.by;
import static dev.tally.view.MembershipKit.item;
import static dev.tally.view.MembershipKit.path;
import static dev.tally.view.MembershipKit.view;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import dev.tally.view.MeasureSpec.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MeasureInputsTest {

    private final MembershipKit kit = new MembershipKit();

    static Stream<Arguments> inputs() {
        Value n = Value.number(5);
        Value s = Value.text("x");
        Value b = Value.binary(new byte[] {1});
        String takesN = "VALUE_UNUSABLE it is a S, the measure takes N";
        String declares = "; its 'type' in views.yaml decides";
        return Stream.of(
                Arguments.of(Kind.COUNT, Type.N, s, Value.TRUE, ""),
                Arguments.of(Kind.COUNT, Type.N, null, null, ""),
                Arguments.of(Kind.SUM, Type.N, n, n, ""),
                Arguments.of(Kind.SUM, Type.N, Value.NULL, null, ""),
                Arguments.of(Kind.SUM, Type.N, s, null, takesN),
                Arguments.of(Kind.AVG, Type.N, n, n, ""),
                Arguments.of(Kind.AVG, Type.N, s, null, takesN),
                Arguments.of(Kind.MIN, Type.N, n, n, ""),
                Arguments.of(Kind.MIN, Type.N, s, null, takesN + declares),
                Arguments.of(Kind.MAX, Type.S, s, s, ""),
                Arguments.of(
                        Kind.MAX,
                        Type.S,
                        n,
                        null,
                        "VALUE_UNUSABLE it is a N, the measure takes S" + declares),
                Arguments.of(Kind.MAX, Type.B, b, b, ""),
                Arguments.of(Kind.COUNT_DISTINCT, Type.N, s, s, ""),
                Arguments.of(Kind.COUNT_DISTINCT, Type.N, b, b, ""),
                Arguments.of(Kind.COUNT_DISTINCT, Type.N, Value.TRUE, Value.TRUE, ""),
                Arguments.of(Kind.COUNT_DISTINCT, Type.N, Value.text(""), Value.text(""), ""),
                Arguments.of(
                        Kind.COUNT_DISTINCT,
                        Type.N,
                        Value.textSet("a"),
                        null,
                        "VALUE_UNUSABLE it is a SS, the measure takes S, N, B and BOOL"));
    }

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource
    void inputs(Kind kind, Type type, Value value, Value input, String problem) {
        Item item = item("ListId", Value.text("a"));
        MeasureSpec measure = new MeasureSpec("M", kind, path("Effort"), null, type);

        List<Member> members =
                new Membership(view(null, List.of(measure), by("ListId")), MembershipKit.LIST)
                        .of(value == null ? item : item.with("Effort", value), kit::note);

        assertThat(members).hasSize(1);
        assertThat(members.get(0).inputs()).containsExactly(input);
        assertThat(kit.shortProblems()).isEqualTo(problem);
    }

    @Test
    void unusableValuesOfAnItemInNoGroupAreNoProblem() {
        MeasureSpec sum = new MeasureSpec("M", Kind.SUM, path("Effort"), null);
        Membership membership =
                new Membership(view(null, List.of(sum), by("ListId")), MembershipKit.LIST);

        membership.of(item("Effort", Value.TRUE), kit::note);

        assertThat(kit.shortProblems()).isEqualTo("GROUP_MISSING it is missing or NULL");
    }

    @Test
    void namesTheAttributesThatTheViewReads() {
        MeasureSpec sum = new MeasureSpec("M", Kind.SUM, path("Lines[0].Price"), null);

        assertThat(
                        new Membership(
                                        view(null, List.of(sum, MembershipKit.COUNT), by("ListId")),
                                        MembershipKit.LIST)
                                .attributes())
                .containsExactly("Lines", "ListId");
    }
}
